internal import TrestleCore
internal import TrestleXML

extension XMLRPCMachine {
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
    warn(note, at: name, once: once)
  }

  /// Adds a warning of what strict mode takes too.
  mutating func warn(_ note: String, at name: String? = nil, once: Bool = false) {
    if once {
      // Written only when it is the first of its kind.
      let place = self.place(of: name)
      warnings.addOnce(note) { place + note }
    } else {
      warnings.add(place(of: name) + note)
    }
  }

  /// `params[1].size, line 5: `, as far as it is known.
  private func place(of name: String?) -> String {
    let line = reader.map { "line \($0.position.line)" } ?? ""
    let path = path(to: name)
    let place = path.isEmpty ? line : line.isEmpty ? path : "\(path), \(line)"
    return place.isEmpty ? "" : place + ": "
  }

  /// All warnings, with a last word on those that were only counted.
  var allWarnings: [String] { warnings.all(ofDeparturesFrom: "the spec") }

  /// A comment stands here.
  mutating func comment() { warn("comments are passed over", once: true) }

  /// A CDATA section stands here.
  mutating func characterData() { warn("a CDATA section is read as text", once: true) }

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
    for (index, frame) in frames.enumerated() {
      switch frame.element {
      case .params where frames.first?.element == .methodCall:
        if frame.count > 0 { path += "params[\(frame.count - 1)]" }
      case .fault: path += "fault"
      case .data:
        if frame.count > 0 { path += "[\(frame.count - 1)]" }
      case .array where index + 1 < frames.count && frames[index + 1].element == .value:
        path += "[\(frame.count - 1)]"
      case .member:
        guard frame.hasName, let name = nextName.next() else { continue }
        path = path.appendingStep(name)
      default: break
      }
    }
    return name.map { path.appendingStep($0) } ?? path
  }
}

extension String {
  /// The path of a member of what is at this path: `order.size`, and `order[""]` for the empty name.
  func appendingStep(_ name: String) -> String {
    if name.isEmpty { return self + "[\"\"]" }
    return isEmpty || name.hasPrefix("[") ? self + name : "\(self).\(name)"
  }
}
