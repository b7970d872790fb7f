internal import TrestleCore

/// Puts fields together from values.
struct HL7FieldBuilder {
  var escapes: HL7Escapes
  /// Whether the caller has escaped texts already.
  let keepsEscapes: Bool

  func put(
    _ value: Value, at place: HL7Place, in repetition: inout HL7Node
  ) throws(CodecError) {
    guard let number = place.component else {
      repetition = try single(value)
      return
    }
    var components: [HL7Node]
    if case .components(let nodes) = repetition {
      components = nodes
    } else {
      components = [repetition]
    }
    components.reach(number, with: .empty)
    if let part = place.subcomponent {
      var texts: [String]
      switch components[number - 1] {
      case .subcomponents(let known): texts = known
      case .text(let text): texts = [text]
      default: texts = []
      }
      texts.reach(part, with: "")
      texts[part - 1] = try text(value)
      components[number - 1] = texts.count == 1 ? .text(texts[0]) : .subcomponents(texts)
    } else {
      components[number - 1] = try component(value)
    }
    repetition = components.count == 1 ? components[0] : .components(components)
  }

  /// A whole field.
  func node(_ value: Value) throws(CodecError) -> HL7Node {
    guard case .array(let items) = value else { return try single(value) }
    guard items.count <= HL7Place.most else { throw Self.tooMany }
    var nodes: [HL7Node] = []
    for (position, item) in items.enumerated() {
      do throws(CodecError) {
        nodes.append(try single(item))
      } catch {
        throw error.inside("[\(position)]")
      }
    }
    return nodes.count > 1 ? .repetitions(nodes) : nodes.first ?? .empty
  }

  /// One repetition of a field.
  private func single(_ value: Value) throws(CodecError) -> HL7Node {
    guard case .object(let record) = value else { return .text(try text(value)) }
    var node = HL7Node.empty
    var nodes: [HL7Node] = []
    for member in record where member.name != "_text" {
      do throws(CodecError) {
        // An element of a list has its places under their full names.
        if let place = HL7Place(member.name) {
          try put(member.value, at: place, in: &node)
          continue
        }
        let number = try Self.number(member.name)
        nodes.reach(number, with: .empty)
        nodes[number - 1] = try component(member.value)
      } catch {
        throw error.inside(member.name)
      }
    }
    if nodes.isEmpty { return node }
    return nodes.count > 1 ? .components(nodes) : nodes[0]
  }

  private func component(_ value: Value) throws(CodecError) -> HL7Node {
    guard case .object(let record) = value else { return .text(try text(value)) }
    var texts: [String] = []
    for member in record where member.name != "_text" {
      do throws(CodecError) {
        let number = try Self.number(member.name)
        texts.reach(number, with: "")
        texts[number - 1] = try text(member.value)
      } catch {
        throw error.inside(member.name)
      }
    }
    return texts.count > 1 ? .subcomponents(texts) : .text(texts.first ?? "")
  }

  /// The number, from 1, that a part is called by.
  private static func number(_ name: String) throws(CodecError) -> Int {
    guard let number = Int(name), number > 0 else {
      throw CodecError(reason: "is no number of a part", hint: "parts are numbered from 1")
    }
    guard number <= HL7Place.most else { throw tooMany }
    return number
  }

  private static var tooMany: CodecError {
    CodecError(reason: "is beyond the \(HL7Place.most) parts that a message may have")
  }

  private func text(_ value: Value) throws(CodecError) -> String {
    guard let text = value.scalarText else {
      throw CodecError(reason: "expects a text or number, found \(value.kindName)")
    }
    if !keepsEscapes { return escapes.encoded(text) }
    if let byte = escapes.intruder(in: text) {
      throw CodecError(
        reason: "holds \(FrameCheck.text([byte])), which divides the message",
        hint: "with escapes: raw texts are written as they are: escape it")
    }
    return text
  }
}

extension HL7Node {
  /// The repetitions: a field that does not repeat has one.
  var list: [HL7Node] {
    if case .repetitions(let nodes) = self { return nodes }
    return [self]
  }
}

extension Array {
  /// Makes the array at least so long.
  mutating func reach(_ count: Int, with filler: Element) {
    while self.count < count { append(filler) }
  }
}
