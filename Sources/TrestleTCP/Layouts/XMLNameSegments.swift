internal import TrestleCore
internal import TrestleXML

/// The tags of the names that a definition speaks of, built by libxml2 at load; other names are built
/// when they come.
struct XMLNameSegments: Sendable {
  private let tags: [String: XMLTagSegments]
  private let attributes: [String: [UInt8]]

  init(_ names: Set<String>) {
    var tags: [String: XMLTagSegments] = [:]
    var attributes: [String: [UInt8]] = [:]
    for name in names {
      if name.hasPrefix("_") {
        let name = String(name.dropFirst())
        attributes[name] = Self.attribute(name)
      } else if XMLNameRules.isLocalName(name) {
        tags[name] = XMLTagSegments(name)
      }
    }
    self.tags = tags
    self.attributes = attributes
  }

  /// The tags of an element; nil for what cannot be a name in the encoding.
  func tags(of name: String, encoding: XMLLayout.Encoding) -> XMLTagSegments? {
    guard Self.isWritable(name, encoding) else { return nil }
    if let known = tags[name] { return known }
    return XMLNameRules.isLocalName(name) ? XMLTagSegments(name) : nil
  }

  /// An attribute up to its value's first quote; nil for what cannot be a name in the encoding.
  func attribute(_ name: String, encoding: XMLLayout.Encoding) -> [UInt8]? {
    guard Self.isWritable(name, encoding) else { return nil }
    return attributes[name] ?? Self.attribute(name)
  }

  private static func attribute(_ name: String) -> [UInt8]? {
    XMLNameRules.isLocalName(name) ? Array(" \(name)=\"".utf8) : nil
  }

  /// A character that the encoding lacks can be referred to in text, but not in a name.
  private static func isWritable(_ name: String, _ encoding: XMLLayout.Encoding) -> Bool {
    encoding == .utf8 || name.utf8.allSatisfy { $0 < 0x80 }
      || name.unicodeScalars.allSatisfy { $0.value < 0x100 }
  }
}
