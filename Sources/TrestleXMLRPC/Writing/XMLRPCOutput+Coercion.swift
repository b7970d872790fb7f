internal import TrestleCore

/// What a value is on the wire where its type is declared. People and programs give numbers, dates and
/// bytes as text; the declaration says what is meant.
extension XMLRPCOutput {
  func mismatch(_ type: XMLRPCType, _ value: Value) -> CodecError {
    let found = value.scalarText.map { ": " + XMLRPCLexical.excerpt($0.utf8) } ?? ""
    return CodecError(reason: "expects \(type.notation), found \(value.kindName)\(found)")
  }

  /// A number of an `int` or `i4`.
  func wireInteger(_ value: Value, _ type: XMLRPCType) throws(CodecError) -> Int64 {
    let number = try integer(value, type)
    guard Int32(exactly: number) != nil else {
      throw CodecError(
        reason: "is \(number), which does not fit the 32 bits of an int",
        hint: "declare it as i8, or as string")
    }
    return number
  }

  /// A number of an `i8`, where the dialect has one.
  func wireLong(_ value: Value) throws(CodecError) -> Int64 {
    let number = try integer(value, .i8)
    guard options.dialect != .strict else { throw tooWide("\(number)", "64 bits") }
    return number
  }

  func tooWide(_ number: String, _ width: String) -> CodecError {
    CodecError(
      reason:
        "is \(number), an integer of \(width), which the dialect \(options.dialect) does not have",
      hint: options.dialect == .strict
        ? "set dialect: i8, or declare it as string" : "declare it as string")
  }

  private func integer(_ value: Value, _ type: XMLRPCType) throws(CodecError) -> Int64 {
    switch value {
    case .integer(let number): return number
    case .number(let number):
      if let integer = Int64(number.text) { return integer }
      if let integer = Int64(exactly: number.doubleValue), PlainDecimal.isExact(number) {
        return integer
      }
    case .double(let number):
      if let integer = Int64(exactly: number) { return integer }
    case .string(let text):
      if case .exact(.integer(let integer)) = XMLRPCLexical.read(.i8, text) { return integer }
    default: break
    }
    throw mismatch(type, value)
  }

  func wireBoolean(_ value: Value) throws(CodecError) -> Bool {
    switch value {
    case .bool(let flag): return flag
    case .integer(0), .string("0"), .string("false"): return false
    case .integer(1), .string("1"), .string("true"): return true
    default: throw mismatch(.boolean, value)
    }
  }

  /// The text of a double.
  func wireDouble(_ value: Value) throws(CodecError) -> String {
    switch value {
    case .integer(let number): return "\(number).0"
    case .double(let number): return try text(of: number)
    case .number(let number): return try text(of: number)
    case .string(let written):
      if let number = NumberText(written) { return try text(of: number) }
      switch XMLRPCLexical.read(.double, written) {
      case .exact(.double(let number)), .lenient(.double(let number), _):
        return try text(of: number)
      default: throw mismatch(.double, value)
      }
    default: throw mismatch(.double, value)
    }
  }

  private func text(of number: Double) throws(CodecError) -> String {
    if let text = PlainDecimal.text(of: number) { return text }
    // Java's own words (Double.valueOf); the other dialects have none.
    guard options.dialect == .apache else {
      throw CodecError(
        reason: "is \(number.lexicalText), which XML-RPC has no number for",
        hint: "leave it out, or declare it as string")
    }
    return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
  }

  private func text(of number: NumberText) throws(CodecError) -> String {
    guard number.doubleValue.isFinite, let text = PlainDecimal.text(of: number) else {
      throw CodecError(reason: "is \(number), which is out of a double's range")
    }
    return text
  }

  func wireBytes(_ value: Value) throws(CodecError) -> [UInt8] {
    switch value {
    case .bytes(let bytes): return bytes
    case .string(let text):
      if let bytes = Base64.bytes(ofText: text) { return bytes }
      throw CodecError(
        reason: "expects base64, found \(XMLRPCLexical.excerpt(text.utf8))",
        hint: "encode the bytes as base64")
    default: throw mismatch(.base64, value)
    }
  }

  /// The text of a date: the spec's form, made from the extended one where that loses nothing. Other
  /// forms, with zones and fractions, go out as they are in every dialect but the strict one.
  func wireDateTime(_ value: Value) throws(CodecError) -> String {
    guard case .string(var text) = value.stringValue.map(Value.string) ?? value else {
      throw mismatch(.dateTime, value)
    }
    if text.withUTF8({ DateTimeForm.isSpecForm($0) }) { return text }
    let isKept = if case .dateTime = value { options.dialect != .strict } else { false }
    if !isKept, let compact = DateTimeForm.specForm(ofExtended: text) { return compact }
    // What was read as a date goes out as it came; of a text it must be plain that it is one.
    let isRead = if case .dateTime = value { true } else { false }
    let isTaken = text.withUTF8 {
      isRead ? DateTimeForm.isTold($0) : DateTimeForm.isPlausible($0)
    }
    guard isTaken else { throw mismatch(.dateTime, value) }
    guard options.dialect != .strict else {
      throw CodecError(
        reason: "is the date \"\(text)\", whose form the dialect strict does not have",
        hint: "write it as 19980717T14:08:55, without a zone or fraction, or set dialect: i8")
    }
    return text
  }
}
