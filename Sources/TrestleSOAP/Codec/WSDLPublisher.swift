internal import TrestleCore
internal import TrestleXML

/// Hands out a contract's own files under `?wsdl`, with two changes only: imports lead back here, and
/// addresses are the service's own.
struct WSDLPublisher {
  let definitions: WSDLDefinitions

  /// The document a request asks for: `?wsdl` the main one, `?wsdl=PATH` or `?xsd=PATH` an imported
  /// one; nil when the query asks for none.
  func document(target: String, address: String) -> WireResponse? {
    guard let mark = target.firstIndex(of: "?"), Self.isAskedFor(by: target) else { return nil }
    let path = String(target[..<mark])
    let query = target[target.index(after: mark)...]
    let base = address + path
    let value = query.drop { $0 != "=" }.dropFirst().prefix { $0 != "&" }
    guard let position = value.isEmpty ? 0 : position(of: PercentEncoding.decoded(value)),
      definitions.documents.indices.contains(position)
    else {
      return WireResponse(
        status: 404, headers: ["Content-Type": "text/plain; charset=utf-8"],
        body: Array("The contract has no document \"\(value)\".\n".utf8))
    }
    return WireResponse(
      headers: ["Content-Type": "text/xml; charset=utf-8"],
      body: rewritten(definitions.documents[position], address: base) { path in
        let kind = path.lowercased().hasSuffix(".xsd") ? "xsd" : "wsdl"
        return base + "?\(kind)="
          + PercentEncoding.encoded(path) {
            PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "/")
          }
      })
  }

  /// A document by its name, the main one without one; nil where there is none.
  func document(named name: String?, place: (String) -> String, address: String?) -> [UInt8]? {
    guard let position = name.map({ self.position(of: $0) }) ?? 0,
      definitions.documents.indices.contains(position)
    else { return nil }
    return rewritten(definitions.documents[position], address: address, place: place)
  }

  /// Whether a request's query asks for a contract's document.
  static func isAskedFor(by target: String) -> Bool {
    let query = target.drop { $0 != "?" }.dropFirst()
    return ["wsdl", "xsd", "singlewsdl"].contains(
      query.prefix { $0 != "=" && $0 != "&" }.lowercased())
  }

  private func position(of path: String) -> Int? {
    definitions.documents.firstIndex { $0.path == path }
  }

  private func rewritten(
    _ document: WSDLDocument, address: String?, place: (String) -> String
  ) -> [UInt8] {
    var source = document.bytes
    // A document in another encoding is handed out as UTF-8; its declaration then no longer holds.
    let converted = source.withUnsafeBufferPointer { try? XMLEncoding.transcoded($0, charset: nil) }
    if let converted { source = Self.withoutDeclaration(converted) }
    var targets: [String: String] = [:]
    for reference in document.references
    where definitions.documents.indices.contains(reference.document) {
      targets[reference.location] = place(definitions.documents[reference.document].path)
    }
    return MarkupRewriter(source, targets: targets, address: address).output()
  }

  private static func withoutDeclaration(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: Array("<?xml".utf8)), let end = bytes.firstIndex(of: UInt8(ascii: ">"))
    else { return bytes }
    return Array(bytes[(end + 1)...])
  }
}

/// Replaces the values of `location` and `schemaLocation` attributes in a document, and nothing else.
struct MarkupRewriter {
  private let source: [UInt8]
  private let targets: [String: String]
  /// Where the service is; nil leaves it as it is said.
  private let address: String?

  init(_ source: [UInt8], targets: [String: String], address: String?) {
    self.source = source
    self.targets = targets
    self.address = address
  }

  func output() -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(source.count + 256)
    var copied = 0
    var position = 0
    while let open = find(UInt8(ascii: "<"), from: position) {
      if starts("<!--", at: open) {
        position = find("-->", from: open).map { $0 + 3 } ?? source.count
        continue
      }
      if starts("<![CDATA[", at: open) {
        position = find("]]>", from: open).map { $0 + 3 } ?? source.count
        continue
      }
      let end = endOfTag(from: open)
      let isAddress = localName(at: open + 1) == "address"
      for attribute in attributes(from: open + 1, to: end) {
        guard let value = replacement(for: attribute, isAddress: isAddress) else { continue }
        result += source[copied..<attribute.value.lowerBound]
        result += Self.escaped(value)
        copied = attribute.value.upperBound
      }
      position = max(end, open + 1)
    }
    result += source[copied...]
    return result
  }

  private struct Attribute {
    let name: String
    let value: Range<Int>
  }

  private func replacement(for attribute: Attribute, isAddress: Bool) -> String? {
    let local = attribute.name.split(separator: ":").last.map(String.init) ?? ""
    guard local == "location" || local == "schemaLocation" else { return nil }
    if isAddress, local == "location" { return address }
    let written = String(decoding: source[attribute.value], as: UTF8.self)
    return targets[Self.unescaped(written)]
  }

  private func attributes(from start: Int, to end: Int) -> [Attribute] {
    var found: [Attribute] = []
    var position = start
    while position < end, !source[position].isXMLSpace { position += 1 }
    while position < end {
      while position < end, source[position].isXMLSpace { position += 1 }
      let nameStart = position
      while position < end, source[position] != UInt8(ascii: "="), !source[position].isXMLSpace {
        position += 1
      }
      let name = String(decoding: source[nameStart..<position], as: UTF8.self)
      while position < end, source[position] != UInt8(ascii: "\""),
        source[position] != UInt8(ascii: "'")
      {
        position += 1
      }
      guard position < end else { break }
      let quote = source[position]
      let valueStart = position + 1
      guard let valueEnd = find(quote, from: valueStart), valueEnd < end else { break }
      found.append(Attribute(name: name, value: valueStart..<valueEnd))
      position = valueEnd + 1
    }
    return found
  }

  private func localName(at start: Int) -> String {
    var position = start
    while position < source.count, !source[position].isXMLSpace,
      source[position] != UInt8(ascii: ">"), source[position] != UInt8(ascii: "/")
    {
      position += 1
    }
    let name = String(decoding: source[start..<position], as: UTF8.self)
    return name.split(separator: ":").last.map(String.init) ?? name
  }

  private func endOfTag(from open: Int) -> Int {
    var quote: UInt8 = 0
    var position = open
    while position < source.count {
      let byte = source[position]
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: ">") {
        return position + 1
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
      position += 1
    }
    return source.count
  }

  private func starts(_ text: String, at position: Int) -> Bool {
    source[position...].starts(with: text.utf8)
  }

  private func find(_ byte: UInt8, from start: Int) -> Int? {
    guard start <= source.count else { return nil }
    return source[start...].firstIndex(of: byte)
  }

  private func find(_ text: String, from start: Int) -> Int? {
    var position = start
    while position < source.count {
      if starts(text, at: position) { return position }
      position += 1
    }
    return nil
  }

  private static func escaped(_ text: String) -> [UInt8] {
    var output = XMLOutput()
    // An address or a location came out of a parsed document or a checked Host header.
    try? output.append(attributeValue: text)
    return output.bytes
  }

  private static func unescaped(_ text: String) -> String {
    guard text.contains("&") else { return text }
    var output = text
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
    ] {
      output = output.split(separator: entity, omittingEmptySubsequences: false)
        .joined(separator: character)
    }
    return output
  }
}
