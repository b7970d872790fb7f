internal import TrestleXML

/// The test cases of a TDML file (Test Data Markup Language): bytes and what they hold, by a schema of
/// the Data Format Description Language (GFD-P-R.207) beside them.
struct DFDLSuite {
  /// One case: reading bytes, or writing them.
  struct Case {
    let name: String
    let isUnparser: Bool
    /// The element the data is of, without a prefix; nil where the infoset says.
    let root: String?
    let model: String
    /// The bytes; or why they cannot be made here.
    let document: Result<[UInt8], Unsupported>
    /// The element that was, or is, to be found; nil where an error is expected.
    let infoset: XMLElement?
    let errors: [String]
    /// Whether writing what was read gives the same bytes.
    let isRoundTrip: Bool
  }

  /// What a layout has no word for.
  struct Unsupported: Error {
    let word: String
  }

  let cases: [Case]
  let schemas: [String: DFDLSchema]
  // Elements are views of it.
  private let document: XMLDocument

  /// Nil for what is no well-formed TDML.
  init?(_ bytes: [UInt8]) {
    guard let document = try? XMLDocument(bytes, limits: .message),
      document.root.localName == "testSuite"
    else { return nil }
    self.document = document
    let root = document.root
    var schemas: [String: DFDLSchema] = [:]
    for element in root.children where element.localName == "defineSchema" {
      schemas[element.plain("name") ?? ""] = DFDLSchema(element)
    }
    self.schemas = schemas
    let roundTrips = root.plain("defaultRoundTrip") ?? "false"
    cases = root.children.compactMap { element in
      guard ["parserTestCase", "unparserTestCase"].contains(element.localName) else { return nil }
      return Case(element, defaultRoundTrip: roundTrips)
    }
  }
}

extension DFDLSuite.Case {
  fileprivate init(_ element: XMLElement, defaultRoundTrip: String) {
    name = element.plain("name") ?? "?"
    isUnparser = element.localName == "unparserTestCase"
    root = element.plain("root").map { String($0.split(separator: ":").last ?? "") }
    model = element.plain("model") ?? ""
    isRoundTrip = ["true", "onePass"].contains(element.plain("roundTrip") ?? defaultRoundTrip)
    document = Self.bytes(element.first("document"))
    infoset = element.first("infoset")?.first("dfdlInfoset")?.firstChild
    errors = element.first("errors")?.children.map(\.text) ?? []
  }

  private static func bytes(_ document: XMLElement?) -> Result<[UInt8], DFDLSuite.Unsupported> {
    guard let document else { return .failure(.init(word: "no document")) }
    var bytes: [UInt8] = []
    let parts = document.children.filter { $0.localName == "documentPart" }
    guard !parts.isEmpty else { return .success(Array(document.text.utf8)) }
    for part in parts {
      switch part.plain("type") ?? "text" {
      case "byte":
        let digits = part.text.utf8.compactMap(\.hexadecimalDigit)
        guard digits.count.isMultiple(of: 2) else {
          return .failure(.init(word: "half a byte in the document"))
        }
        bytes += stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
      case "text":
        guard part.plain("replaceDFDLEntities") != "true" || !part.text.contains("%") else {
          return .failure(.init(word: "entities in the document"))
        }
        switch (part.plain("encoding") ?? "utf-8").lowercased() {
        case "utf-8", "us-ascii", "ascii": bytes += Array(part.text.utf8)
        case "iso-8859-1":
          bytes += part.text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        case let other: return .failure(.init(word: "a document in \(other)"))
        }
      case let other: return .failure(.init(word: "a document of \(other)"))
      }
    }
    return .success(bytes)
  }
}

extension XMLElement {
  /// An attribute without a namespace.
  func plain(_ name: String) -> String? {
    attributes.first { $0.name.namespace.isEmpty && $0.name.local == name }?.value
  }

  /// The first child element of a local name.
  func first(_ name: String) -> XMLElement? { children.first { $0.localName == name } }
}

extension UInt8 {
  fileprivate var hexadecimalDigit: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x37
    case 0x61...0x66: self - 0x57
    default: nil
    }
  }
}
