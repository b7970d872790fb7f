internal import TrestleCore
internal import TrestleXML

extension XMLRPCMachine {
  /// More warnings than this are counted, not told: a long document can break one rule very often.
  private static let maximumWarnings = 20

  /// Stops the reading: the document means nothing that can be told.
  mutating func refuse(_ reason: String, at name: String? = nil) {
    let place = reader?.position
    outcome.fail(
      CodecError(
        path: path(to: name), reason: reason, line: place?.line, column: place?.column,
        code: XMLRPCFaultCode.notConforming))
  }

  /// Lets pass what the spec does not allow, with a warning; in strict mode refuses it.
  mutating func tolerate(_ note: String, at name: String? = nil, once: Bool = false) {
    guard !options.isStrict else { return refuse(note, at: name) }
    if once, !toldOnce.insert(note).inserted { return }
    guard warnings.count < Self.maximumWarnings else {
      untoldWarnings += 1
      return
    }
    let line = reader.map { "line \($0.position.line)" } ?? ""
    let path = path(to: name)
    let place = path.isEmpty ? line : line.isEmpty ? path : "\(path), \(line)"
    warnings.append(place.isEmpty ? note : "\(place): \(note)")
  }

  /// All warnings, with a last word on those that were only counted.
  var allWarnings: [String] {
    guard untoldWarnings > 0 else { return warnings }
    return warnings + ["and \(untoldWarnings) more departures from the spec"]
  }

  mutating func strayText(_ text: some Collection<UInt8>) {
    tolerate("the text \(XMLRPCLexical.excerpt(text)) stands where no text belongs; it is left out")
  }

  /// Attributes, namespaces and prefixes: XML-RPC has none, but for Apache's extension types.
  mutating func checkMarkup(_ tag: borrowing XMLStartElement, _ element: XMLRPCElement) {
    let name = tag.localName
    if tag.attributeCount > 0 {
      tolerate("the attributes of <\(name)> are passed over: XML-RPC has none", once: true)
    }
    let isExtension = element.origin == .apache || element.origin == .common
    if tag.namespace.isEmpty {
      guard !tag.prefix.isEmpty else { return }
      tolerate("the prefix of <\(tag.prefix):\(name)> is declared nowhere", once: true)
    } else if !(isExtension && tag.namespace == XMLRPCDialect.apacheNamespace) {
      let shown = XMLRPCLexical.excerpt(tag.namespace.utf8)
      tolerate("the namespace \(shown) is passed over: XML-RPC has none", once: true)
    }
  }

  /// Where the reader is in the data: `params[2].size`, or within a response `orders[0].price`.
  private func path(to name: String?) -> String {
    var path = ""
    var nextName = names.makeIterator()
    for frame in frames {
      switch frame.element {
      case .params where frames.first?.element == .methodCall:
        if frame.count > 0 { path += "params[\(frame.count - 1)]" }
      case .fault: path += "fault"
      case .data, .array:
        if frame.element == .data, frame.count > 0 { path += "[\(frame.count - 1)]" }
      case .member:
        guard frame.hasName, let name = nextName.next() else { continue }
        path += path.isEmpty ? name : "." + name
      default: break
      }
    }
    guard let name else { return path }
    return path.isEmpty ? name : "\(path).\(name)"
  }
}
