internal import TrestleCore

/// The type of a parameter or result, as definitions write it: `decimal`, `boolean(Y,N)`, `list of int`.
struct DeclaredType: Sendable {
  private enum Kind: Sendable {
    case any
    case scalar(Scalar)
    /// The texts for true and false.
    case boolean(String, String)
    indirect case list(DeclaredType)
  }

  private enum Scalar: String, CaseIterable {
    case string
    /// 32 bits, a number in JSON.
    case int
    /// Of any length, a text in JSON.
    case integer
    /// With its exact digits, a text in JSON.
    case decimal
    /// A number in JSON, whatever it is.
    case number
    case date, time
    case dateTime = "datetime"
  }

  /// As it was written, for messages.
  let text: String
  private let kind: Kind

  static let string = DeclaredType(text: "string", kind: .scalar(.string))
  static let any = DeclaredType(text: "any", kind: .any)
  static let boolean = DeclaredType(text: "boolean", kind: .boolean("true", "false"))

  private init(text: String, kind: Kind) {
    self.text = text
    self.kind = kind
  }

  /// The words that begin a type.
  static let words = Scalar.allCases.map(\.rawValue) + ["boolean", "list", "list of …", "any"]

  /// Reads a type; nil for what is none.
  init?(_ written: String) {
    text = written
    let word = written.trimmed
    switch word {
    case "any", "object": kind = .any
    case "boolean", "bool": kind = .boolean("true", "false")
    case "list": kind = .list(.string)
    case "text": kind = .scalar(.string)
    case "long": kind = .scalar(.integer)
    case _ where word.hasPrefix("list of "):
      guard let item = DeclaredType(String(word.dropFirst(8))) else { return nil }
      kind = .list(item)
    case _ where (word.hasPrefix("boolean(") || word.hasPrefix("bool(")) && word.hasSuffix(")"):
      let inner = word.dropLast().drop { $0 != "(" }.dropFirst()
      let words = inner.split(separator: ",", omittingEmptySubsequences: false)
        .map { String($0).trimmed.withoutQuotes }
      guard words.count == 2, words[0] != words[1] else { return nil }
      kind = .boolean(words[0], words[1])
    default:
      guard let scalar = Scalar(rawValue: word.lowercased()) else { return nil }
      kind = .scalar(scalar)
    }
  }

  /// Whether it is any text.
  var isText: Bool {
    if case .scalar(.string) = kind { return true }
    return false
  }

  var isList: Bool {
    if case .list = kind { return true }
    return false
  }

  // MARK: Schema

  var schema: Schema {
    switch kind {
    case .any: .any
    case .boolean: Schema(.scalar(scalarSchema(.boolean, .boolean)))
    case .list(let item): Schema(.array(ArraySchema(item: item.schema)))
    case .scalar(.string): Schema(.scalar(scalarSchema(.string, .string)))
    case .scalar(.int): Schema(.scalar(intSchema))
    case .scalar(.integer): Schema(.scalar(scalarSchema(.integer, .string)))
    case .scalar(.decimal): Schema(.scalar(scalarSchema(.decimal, .string)))
    case .scalar(.number): Schema(.scalar(scalarSchema(.double, .number)))
    case .scalar(.date): Schema(.scalar(scalarSchema(.date, .string)))
    case .scalar(.time): Schema(.scalar(scalarSchema(.time, .string)))
    case .scalar(.dateTime): Schema(.scalar(scalarSchema(.dateTime, .string)))
    }
  }

  private var intSchema: ScalarSchema {
    var schema = scalarSchema(.integer, .number)
    schema.facets.minimum = String(Int32.min)
    schema.facets.maximum = String(Int32.max)
    return schema
  }

  private func scalarSchema(
    _ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm
  ) -> ScalarSchema {
    ScalarSchema(kind: kind, form: form, typeName: text)
  }

  // MARK: Conversion

  /// What callers see of a value in a message.
  ///
  /// - Throws: `CodecError` without a path.
  func fromMessage(_ value: Value) throws(CodecError) -> Value {
    // Nearly always: a text that is written as the type wants.
    if case .scalar(let scalar) = kind, case .string(let text) = value,
      let form = Self.jsonForm(text, scalar)
    {
      return form
    }
    if case .any = kind { return value }
    if case .list(let item) = kind {
      var items: [Value] = []
      for (position, element) in (value.arrayValue ?? [value]).enumerated() {
        do throws(CodecError) {
          items.append(try item.fromMessage(element))
        } catch {
          throw error.inside("[\(position)]")
        }
      }
      return .array(items)
    }
    if value.isNull { return .null }
    let content = value.content
    guard let text = content.scalarText else { throw mismatch(value) }
    switch kind {
    case .boolean(let yes, let no):
      switch content {
      case .bool, .string(yes), .string(no): return .bool(content.boolValue ?? (text == yes))
      case .string("true"), .string("1"), .integer(1): return .bool(true)
      case .string("false"), .string("0"), .integer(0): return .bool(false)
      default: throw mismatch(value)
      }
    case .scalar(.string), .any, .list: return .string(text)
    case .scalar(let scalar):
      guard let form = Self.jsonForm(text, scalar) else { throw mismatch(value) }
      return form
    }
  }

  /// What stands in a message for a value that a caller gave.
  ///
  /// - Throws: `CodecError` without a path.
  func toMessage(_ value: Value) throws(CodecError) -> Value {
    switch kind {
    case .any: return value
    case .list(let item):
      guard case .array(let elements) = value else { throw mismatch(value) }
      var items: [Value] = []
      for (position, element) in elements.enumerated() {
        do throws(CodecError) {
          items.append(try item.toMessage(element))
        } catch {
          throw error.inside("[\(position)]")
        }
      }
      return .array(items)
    case .boolean(let yes, let no):
      if value.isNull { return .null }
      let flag: Bool
      switch value {
      case .bool(let given): flag = given
      case .string("true"), .string(yes): flag = true
      case .string("false"), .string(no): flag = false
      default: throw mismatch(value)
      }
      return text.contains("(") ? .string(flag ? yes : no) : .bool(flag)
    case .scalar(let scalar):
      if value.isNull { return .null }
      guard let text = value.scalarText else { throw mismatch(value) }
      guard let form = Self.jsonForm(text, scalar) else { throw mismatch(value) }
      switch scalar {
      case .integer, .decimal:
        // A number in a JSON message; other layouts write its exact text.
        if let number = Int64(text), String(number) == text { return .integer(number) }
        return NumberText(text).map { .number($0) } ?? .string(text)
      default: return form
      }
    }
  }

  /// A text in the JSON form of a scalar type; nil for a text that is not of the type.
  private static func jsonForm(_ text: String, _ scalar: Scalar) -> Value? {
    switch scalar {
    case .string: .string(text)
    case .int: Int32(text).map { .integer(Int64($0)) }
    case .integer: isInteger(text) ? .string(text) : nil
    case .decimal: isDecimal(text) ? .string(text) : nil
    case .number:
      Int64(text).map { .integer($0) } ?? NumberText(text).map { .number($0) }
        ?? (isDecimal(text) ? Double(text).map { .double($0) } : nil)
    case .date, .time, .dateTime: text.isEmpty ? nil : .string(text)
    }
  }

  private static func isInteger(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return !digits.isEmpty && text.utf8.count - digits.count <= 1
      && digits.allSatisfy { $0 &- 48 < 10 }
  }

  /// A decimal in the sense of XSD 1.0 part 2 §3.2.3: no exponent.
  private static func isDecimal(_ text: String) -> Bool {
    DecimalText(text) != nil && !text.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
  }

  private func mismatch(_ value: Value) -> CodecError {
    let found = value.scalarText.map { "\"\($0)\"" } ?? value.kindName
    return CodecError(reason: "expects \(text), found \(found)")
  }
}

extension String {
  /// The text without spaces at its ends.
  var trimmed: String {
    let start = drop { $0 == " " }
    let end = start.lastIndex { $0 != " " }
    return end.map { String(start[...$0]) } ?? ""
  }

  /// The text without a pair of quotes around it.
  var withoutQuotes: String {
    guard count >= 2, let quote = first, quote == "\"" || quote == "'", last == quote else {
      return self
    }
    return String(dropFirst().dropLast())
  }
}
