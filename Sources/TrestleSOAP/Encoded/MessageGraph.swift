internal import TrestleCore
internal import TrestleXML

/// The encoded parts of one envelope while it is read. What they refer to may stand anywhere in it,
/// so they become values when it has ended.
final class MessageGraph {
  /// What a node is for.
  private enum Place {
    case body(Int)
    case header(Int)
    case detail(String)
    /// Only what others refer to.
    case referred
  }

  private var builder = EncodedTreeBuilder()
  private var place = Place.referred
  private var nodes: [(node: EncodedNode, place: Place, element: ElementPlan?)] = []
  private var element: ElementPlan?

  // MARK: - Events

  /// Begins a child of the Body; `position` is its place among those that are roots, nil for one that
  /// is there to be referred to.
  func beginBody(_ position: Int?, by element: ElementPlan?) {
    begin(position.map { .body($0) } ?? .referred, element)
  }

  func beginHeader(_ position: Int, by element: ElementPlan?) { begin(.header(position), element) }

  func beginDetail(_ key: String, by element: ElementPlan?) { begin(.detail(key), element) }

  private func begin(_ place: Place, _ element: ElementPlan?) {
    builder = EncodedTreeBuilder()
    self.place = place
    self.element = element
  }

  func startElement(
    _ element: borrowing XMLStartElement, reader: XMLEventReader
  ) throws(CodecError) {
    try builder.startElement(element, reader: reader)
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { builder.text(bytes) }

  /// Ends the innermost element; returns whether it was the one begun with.
  func endElement() -> Bool {
    builder.endElement()
    guard builder.isComplete, let root = builder.root else { return false }
    nodes.append((root, place, element))
    return true
  }

  // MARK: - Values

  /// Puts the values of all nodes into the envelope.
  ///
  /// - Throws: `CodecError` for references that lead nowhere or in a ring, and for what is outside its
  ///   type.
  func resolve(
    into envelope: inout DecodedEnvelope, context: PlanContext, isStrict: Bool, budget: Int
  ) throws(CodecError) {
    var decoder = GraphDecoder(
      context: context.encoded, isStrict: isStrict, roots: nodes.map(\.node), budget: budget)
    var detail = MemberCollector()
    for (node, place, element) in nodes {
      decoder.defaultNamespace = element == nil ? node.memberNamespace : ""
      switch place {
      case .referred: continue
      case .body(let position):
        envelope.membersAreQualified = element == nil && !node.memberNamespace.isEmpty
        do throws(CodecError) {
          envelope.body[position].value = try decoder.value(of: node, by: element)
        } catch {
          var error = error
          error.code = error.code ?? SOAPCodec.badArguments
          throw error
        }
      case .header(let position):
        envelope.headers[position].value = try decoder.value(of: node, by: element)
      case .detail(let key): detail.collect(key, try decoder.value(of: node, by: element))
      }
    }
    if !detail.isEmpty {
      var record = envelope.fault?.detail.objectValue ?? [:]
      for member in detail.record { record[member.name] = member.value }
      envelope.fault?.detail = .object(record)
    }
    envelope.warnings += decoder.warnings
    envelope.isTyped = nodes.contains { node, place, _ in
      if case .body = place { return node.saysTypes }
      return false
    }
  }
}

extension EncodedNode {
  /// The namespace of most of an unknown element's members: its own where the first one is in it.
  fileprivate var memberNamespace: String {
    let first = children.first { !EncodingNamespaces.isResult($0.name) }
    return first?.name.namespace == name.namespace ? name.namespace : ""
  }

  /// Whether it or one of its children says a type, or that it is encoded.
  fileprivate var saysTypes: Bool {
    isEncoded || type != nil || array != nil
      || children.contains { $0.type != nil || $0.array != nil || $0.reference != nil }
  }
}
