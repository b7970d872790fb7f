package import TrestleCore
package import TrestleXML

// Qualified names (XSD 1.0 part 2 §3.2.18): their value is a namespace and a local name, whatever
// prefix a message gives it.
extension ScalarPlan {
  /// The value of a text that holds names, by what its prefixes stand for in its place.
  ///
  /// A name whose prefix is not declared stays as it is written.
  ///
  /// - Throws: `CodecError` when the text is outside the type's lexical space.
  package func value(
    of bytes: UnsafeBufferPointer<UInt8>, resolving resolve: (String) -> QualifiedName?
  ) throws(CodecError) -> Value {
    guard holdsNames else { return try value(of: bytes) }
    switch variety {
    case .atomic:
      let value = try value(of: bytes)
      return value.stringValue.flatMap(resolve).map { .string($0.description) } ?? value
    case .list(let item):
      guard case .array(let words) = try value(of: bytes) else { return .array([]) }
      return .array(
        words.map { word in
          guard item.holdsNames, let text = word.stringValue, let name = resolve(text) else {
            return word
          }
          return .string(name.description)
        })
    case .union(let members):
      guard let member = members.first(where: { $0.accepts(bytes) }), member.holdsNames else {
        return try value(of: bytes)
      }
      return try member.value(of: bytes, resolving: resolve)
    }
  }

  /// The text of a value that holds names, each written as `tag` says.
  ///
  /// - Throws: `CodecError` when the value cannot be of the type, or names a prefix.
  package func text(
    of value: Value, tagging tag: (QualifiedName) -> String
  ) throws(CodecError) -> String {
    guard holdsNames else { return try text(of: value) }
    switch variety {
    case .atomic:
      let text = try text(of: value)
      return try Self.name(text).map(tag) ?? text
    case .list(let item):
      guard case .array(let items) = value else {
        throw CodecError(reason: "expects an array, found \(Self.shown(value))")
      }
      var words: [String] = []
      for (index, element) in items.enumerated() {
        do throws(CodecError) {
          words.append(try item.text(of: element, tagging: tag))
        } catch {
          throw error.inside("[\(index)]")
        }
      }
      return words.joined(separator: " ")
    case .union(let members):
      for member in members {
        if let text = try? member.text(of: value, tagging: tag) { return text }
      }
      return try text(of: value)
    }
  }

  /// The name that a caller means: `{namespace}local`, a local name alone, or one of the schema
  /// namespace by its usual prefixes.
  private static func name(_ text: String) throws(CodecError) -> QualifiedName? {
    if text.hasPrefix("{") { return QualifiedName(parsing: text) }
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let local = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "xsd", "xs": return QualifiedName(XMLNamespaces.schema, local)
    default:
      throw CodecError(
        reason: "is a name with the prefix of some message: \"\(text)\"",
        hint: "write {namespace}\(local)")
    }
  }
}
