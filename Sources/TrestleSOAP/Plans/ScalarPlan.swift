package import TrestleCore
internal import TrestleXML

/// How a simple type's text becomes a value in Trestle JSON, and back.
package final class ScalarPlan: Sendable {
  package indirect enum Variety: Sendable {
    case atomic
    /// White-space separated items: an array.
    case list(ScalarPlan)
    /// The first member that takes the text.
    case union([ScalarPlan])
  }

  package let variety: Variety
  package let schema: ScalarSchema
  /// Whether the text is, or may hold, qualified names, whose prefixes mean something only in their
  /// message: in Trestle JSON they are `{namespace}local`.
  package let holdsNames: Bool
  private let whiteSpace: XSDSimpleType.WhiteSpace
  /// The bounds of a number-form integer.
  private let range: ClosedRange<Int64>
  private let reading: Reading
  /// The lexical space alone: facets are the validator's business, so that a reply which breaks one
  /// can still be read.
  private let rules: ScalarRules
  /// The forms that are known at a glance.
  private let plainForm: PlainForm?

  /// What reading does, decided once: the hot path switches on this alone.
  private enum Reading {
    case string, token, boolean, integer, double, base64, checked, list, union
  }

  package init(_ type: XSDSimpleType) {
    switch type.variety {
    case .atomic: variety = .atomic
    case .list(let item): variety = .list(ScalarPlan(item))
    case .union(let members): variety = .union(members.map { ScalarPlan($0) })
    }
    schema = ScalarSchema(
      kind: type.kind, form: Self.form(of: type),
      typeName: type.name.map { Self.typeName($0) } ?? "xs:" + type.builtIn, facets: type.facets)
    whiteSpace = type.whiteSpace
    range = Self.range(ofBuiltIn: type.builtIn)
    plainForm = PlainForm(schema.kind)
    rules = ScalarRules(
      ScalarSchema(kind: schema.kind, form: schema.form, typeName: schema.typeName))
    switch variety {
    case .list(let item): holdsNames = item.holdsNames
    case .union(let members): holdsNames = members.contains(where: \.holdsNames)
    case .atomic: holdsNames = type.kind == .qualifiedName
    }
    switch variety {
    case .list: reading = .list
    case .union: reading = .union
    case .atomic: reading = Self.reading(kind: schema.kind, form: schema.form, type.whiteSpace)
    }
  }

  private static func reading(
    kind: ScalarSchema.Kind, form: ScalarSchema.JSONForm, _ space: XSDSimpleType.WhiteSpace
  ) -> Reading {
    if kind == .string { return space == .collapse ? .token : .string }
    switch form {
    case .boolean: return .boolean
    case .number: return kind == .integer ? .integer : .double
    case .string: return kind == .base64 ? .base64 : .checked
    }
  }

  /// The bounds of the number-form integer types themselves; what a contract narrows is a facet.
  private static func range(ofBuiltIn name: String) -> ClosedRange<Int64> {
    switch name {
    case "byte": Int64(Int8.min)...Int64(Int8.max)
    case "short": Int64(Int16.min)...Int64(Int16.max)
    case "unsignedByte": 0...Int64(UInt8.max)
    case "unsignedShort": 0...Int64(UInt16.max)
    default: Int64(Int32.min)...Int64(Int32.max)
    }
  }

  /// `xs:int` for built-in types, the local name for others.
  private static func typeName(_ name: QualifiedName) -> String {
    name.namespace == XMLNamespaces.schema ? "xs:" + name.local : name.local
  }

  /// Numbers go by the declared type: what every JSON reader holds exactly is a number, wider
  /// integers and decimals are text.
  private static func form(of type: XSDSimpleType) -> ScalarSchema.JSONForm {
    guard case .atomic = type.variety else { return .string }
    switch type.builtIn {
    case "boolean": return .boolean
    case "float", "double", "int", "short", "byte", "unsignedShort", "unsignedByte": return .number
    default: return .string
    }
  }

}

// MARK: - Reading

extension ScalarPlan {
  /// The value of an element's or attribute's text.
  ///
  /// - Throws: `CodecError` when the text is outside the type's lexical space (XSD 1.0 part 2 §3.2).
  @inline(__always)
  package func value(of bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) -> Value {
    if reading == .string { return .string(String(wireText: bytes)) }
    return try otherValue(of: bytes)
  }

  private func otherValue(of bytes: UnsafeBufferPointer<UInt8>) throws(CodecError) -> Value {
    switch reading {
    case .string: return .string(String(wireText: bytes))
    case .token: return .string(Self.collapsed(bytes))
    case .boolean: return .bool(try boolean(bytes.trimmingXMLSpace()))
    case .integer: return .integer(try integer(bytes.trimmingXMLSpace()))
    case .double: return .double(try double(bytes.trimmingXMLSpace()))
    case .base64, .checked:
      let text = bytes.trimmingXMLSpace()
      try check(text)
      if reading == .base64 { return .string(Self.withoutSpace(text)) }
      return .string(String(wireText: text))
    case .list:
      guard case .list(let item) = variety else { return .null }
      return try listValue(of: bytes, item: item)
    case .union:
      guard case .union(let members) = variety else { return .null }
      return unionValue(of: bytes, members: members)
    }
  }

  /// The value of a text that is not in the message (a default).
  ///
  /// - Throws: `CodecError` when the text is outside the type's lexical space.
  package func value(of text: String) throws(CodecError) -> Value {
    let bytes = Array(text.utf8)
    let result: Result<Value, CodecError> = bytes.withUnsafeBufferPointer { buffer in
      do throws(CodecError) { return .success(try value(of: buffer)) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Whether no text at all is a value of the type.
  package var acceptsEmpty: Bool {
    switch reading {
    case .string, .token, .base64, .list, .union: true
    case .checked: schema.kind == .hex || schema.kind == .uri
    case .boolean, .integer, .double: false
    }
  }

  /// Whether an empty text meets the type and its facets, so that it can be left out.
  package var mayBeEmpty: Bool {
    guard schema.kind == .string, case .atomic = variety else { return false }
    return ScalarRules(schema).refusal(of: "") == nil
  }

  /// Whether the type is a list of which only single words are allowed.
  var isEnumeratedByWord: Bool {
    guard case .list = variety, !schema.facets.enumeration.isEmpty else { return false }
    return schema.facets.enumeration.allSatisfy { text in
      !text.isEmpty && !text.utf8.contains(where: \.isXMLSpace)
    }
  }

  private func listValue(
    of bytes: UnsafeBufferPointer<UInt8>, item: ScalarPlan
  ) throws(CodecError) -> Value {
    var items: [Value] = []
    var position = 0
    while position < bytes.count {
      if bytes[position].isXMLSpace {
        position += 1
        continue
      }
      let start = position
      while position < bytes.count, !bytes[position].isXMLSpace { position += 1 }
      let word = UnsafeBufferPointer(rebasing: bytes[start..<position])
      do throws(CodecError) {
        items.append(try item.value(of: word))
      } catch {
        throw error.inside("[\(items.count)]")
      }
    }
    return .array(items)
  }

  private func unionValue(
    of bytes: UnsafeBufferPointer<UInt8>, members: [ScalarPlan]
  ) -> Value {
    for member in members where member.accepts(bytes) {
      if case .list = member.variety, let value = try? member.value(of: bytes) { return value }
      break
    }
    // Union members are told apart by text on the wire, so text is the one form that goes back the same.
    return .string(String(decoding: bytes.trimmingXMLSpace(), as: UTF8.self))
  }

  func accepts(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    (try? value(of: bytes)) != nil
  }

  private func boolean(_ text: UnsafeBufferPointer<UInt8>) throws(CodecError) -> Bool {
    switch text.count {
    case 1 where text[0] == UInt8(ascii: "1"): return true
    case 1 where text[0] == UInt8(ascii: "0"): return false
    case 4 where text.elementsEqual("true".utf8): return true
    case 5 where text.elementsEqual("false".utf8): return false
    default: throw mismatch(text)
    }
  }

  private func integer(_ text: UnsafeBufferPointer<UInt8>) throws(CodecError) -> Int64 {
    var position = 0
    var isNegative = false
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      position = 1
    }
    guard position < text.count else { throw mismatch(text) }
    var result: Int64 = 0
    while position < text.count {
      let digit = text[position] &- 48
      guard digit < 10 else { throw mismatch(text) }
      let (scaled, overflow) = result.multipliedReportingOverflow(by: 10)
      let (next, carry) = scaled.subtractingReportingOverflow(Int64(digit))
      guard !overflow, !carry else { throw mismatch(text) }
      result = next
      position += 1
    }
    guard isNegative || result != .min else { throw mismatch(text) }
    let number = isNegative ? result : -result
    if !range.contains(number) { throw mismatch(text) }
    return number
  }

  private func double(_ text: UnsafeBufferPointer<UInt8>) throws(CodecError) -> Double {
    let string = String(decoding: text, as: UTF8.self)
    switch string {
    case "INF": return .infinity
    case "-INF": return -.infinity
    case "NaN": return .nan
    default: break
    }
    // XSD 1.0 part 2 §3.2.5.1: decimal notation with an optional exponent; no hexadecimal, no "inf".
    let isLexical = text.allSatisfy {
      $0 &- 48 < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: "+") || $0 | 0x20 == UInt8(ascii: "e")
    }
    guard isLexical, let number = Double(string) else { throw mismatch(text) }
    return number
  }

  private func check(_ text: UnsafeBufferPointer<UInt8>) throws(CodecError) {
    if let plainForm, plainForm.matches(text) { return }
    if let refusal = rules.refusal(of: text) {
      throw CodecError(reason: refusal.reason, hint: refusal.hint)
    }
  }

  private func mismatch(_ text: UnsafeBufferPointer<UInt8>) -> CodecError {
    let shown = String(decoding: text.prefix(64), as: UTF8.self)
    return CodecError(reason: "expects \(schema.typeName), found \"\(shown)\"")
  }

  private static func withoutSpace(_ text: UnsafeBufferPointer<UInt8>) -> String {
    guard text.contains(where: \.isXMLSpace) else { return String(decoding: text, as: UTF8.self) }
    return String(decoding: text.filter { !$0.isXMLSpace }, as: UTF8.self)
  }

  private static func collapsed(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let text = bytes.trimmingXMLSpace()
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    for byte in text {
      if !byte.isXMLSpace {
        output.append(byte)
      } else if output.last != 0x20 {
        output.append(0x20)
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}

// MARK: - Writing

extension ScalarPlan {
  /// The text of a value on the wire.
  ///
  /// - Throws: `CodecError` when the value cannot be of the type.
  package func text(of value: Value) throws(CodecError) -> String {
    switch variety {
    case .list(let item):
      guard case .array(let items) = value else {
        // A list's whole text is taken too: "1 2 3".
        if case .string(let text) = value { return text }
        throw CodecError(reason: "expects an array, found \(Self.shown(value))")
      }
      var words: [String] = []
      words.reserveCapacity(items.count)
      for (index, element) in items.enumerated() {
        do throws(CodecError) {
          words.append(try item.text(of: element))
        } catch {
          throw error.inside("[\(index)]")
        }
      }
      return words.joined(separator: " ")
    case .union(let members):
      for member in members {
        if let text = try? member.text(of: value) { return text }
      }
      if let text = value.scalarText, !value.isNull { return text }
      throw CodecError(reason: "expects \(schema.typeName), found \(Self.shown(value))")
    case .atomic: return try atomicText(of: value)
    }
  }

  private func atomicText(of value: Value) throws(CodecError) -> String {
    switch value {
    case .null, .array, .object:
      throw CodecError(reason: "expects \(schema.typeName), found \(Self.shown(value))")
    case .bytes(let bytes):
      switch schema.kind {
      case .hex: return Self.hexadecimal(bytes)
      case .base64, .string: return Base64.encode(bytes)
      default: throw CodecError(reason: "expects \(schema.typeName), found bytes")
      }
    case .string(let text), .dateTime(let text):
      if schema.kind == .string { return text }
      try check(text)
      return text
    case .bool(let flag):
      guard schema.kind == .boolean || schema.kind == .string else {
        throw CodecError(reason: "expects \(schema.typeName), found \(flag)")
      }
      return flag ? "true" : "false"
    case .integer, .number, .double:
      let text = value.scalarText ?? ""
      if schema.kind == .string { return text }
      if schema.kind == .double || schema.kind == .float { return text }
      // XSD 1.0 part 2 §3.2.3: a decimal has no exponent.
      let plain = schema.kind == .decimal ? NumberText(text)?.plainText ?? text : text
      try check(plain)
      return plain
    }
  }

  private func check(_ text: String) throws(CodecError) {
    if schema.kind == .integer, schema.form == .number {
      var text = text
      let isInteger = text.withUTF8 { (try? integer($0.trimmingXMLSpace())) != nil }
      guard isInteger else {
        throw CodecError(reason: "expects \(schema.typeName), found \"\(text.prefix(64))\"")
      }
    } else if let refusal = rules.refusal(of: text) {
      throw CodecError(reason: refusal.reason, hint: refusal.hint)
    }
  }

  static func shown(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .array: "an array"
    case .object: "an object"
    default: value.description
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(unsafeUninitializedCapacity: bytes.count * 2) { output in
      for (index, byte) in bytes.enumerated() {
        output[index * 2] = digits[Int(byte >> 4)]
        output[index * 2 + 1] = digits[Int(byte & 15)]
      }
      return bytes.count * 2
    }
  }
}
