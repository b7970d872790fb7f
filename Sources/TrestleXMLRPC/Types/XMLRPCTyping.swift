internal import TrestleCore

/// Holds values that were read against their declared types.
///
/// What is already as declared passes untouched. What is not, but means the same (`<int>7</int>` for
/// a double, PHP's empty array for an empty struct), is converted with a warning, or refused in strict
/// mode. Integers that Trestle JSON shows as text arrive as numbers and leave as text.
struct XMLRPCTyping {
  let isStrict: Bool
  /// Whether a reply is read: a service that leaves out a declared member is warned of, a caller that
  /// does is refused.
  let isReply: Bool
  private(set) var warnings = WarningList()
  private var path: [String] = []

  init(isStrict: Bool, isReply: Bool) {
    self.isStrict = isStrict
    self.isReply = isReply
  }

  /// The value in its declared form; `place` names it in errors and warnings.
  mutating func typed(
    _ value: Value, as type: XMLRPCType, at place: String = ""
  ) throws(CodecError) -> Value {
    if Self.isExact(value, type) { return value }
    path = place.isEmpty ? [] : [place]
    return try converted(value, type)
  }

  // MARK: - Without conversion

  private static func isExact(_ value: Value, _ type: XMLRPCType) -> Bool {
    switch (type, value) {
    case (.int, .integer(let number)), (.i4, .integer(let number)): Int32(exactly: number) != nil
    case (.boolean, .bool), (.string, .string), (.double, .double), (.dateTime, .dateTime),
      (.base64, .bytes), (.nil, .null):
      true
    case (.any, .array(let items)): items.allSatisfy { isExact($0, .any) }
    case (.any, .object(let record)): record.members.allSatisfy { isExact($0.value, .any) }
    case (.any, .number): false
    case (.any, _): true
    case (.array(let item), .array(let items)): items.allSatisfy { isExact($0, item) }
    case (.record, .object(let record)): record.members.allSatisfy { isExact($0.value, .any) }
    case (.structure(let structure), .object(let record)): isExact(record, structure)
    default: false
    }
  }

  private static func isExact(_ record: Record, _ structure: XMLRPCStructure) -> Bool {
    var used = 0
    for member in structure.members {
      guard let value = record[member.name] else {
        if member.isOptional { continue }
        return false
      }
      used += 1
      if value.isNull, member.isOptional { continue }
      guard isExact(value, member.type) else { return false }
    }
    return used == record.count
  }

  // MARK: - With conversion

  private mutating func converted(_ value: Value, _ type: XMLRPCType) throws(CodecError) -> Value {
    if case .null = value {
      if type != .nil, type != .any { try tolerate("is nil where \(type.notation) is declared") }
      return .null
    }
    switch type {
    case .any: return Self.shown(value)
    case .array(let item): return try array(value, of: item)
    case .int, .i4, .i8:
      if case .number(let number) = value, number.isInteger, Int64(number.text) == nil {
        try tolerate("is \(number), which does not fit the declared \(type.notation)")
        return .string(number.text)
      }
      return try integerShown(value, type)
    case .record: return Self.shown(.object(try record(value, type)))
    case .structure(let structure): return try object(value, as: structure)
    case .nil:
      try tolerate("is \(value.kindName) where nil is declared")
      return Self.shown(value)
    default: return try scalar(value, type)
    }
  }

  private mutating func integerShown(
    _ value: Value, _ type: XMLRPCType
  ) throws(CodecError) -> Value {
    let number = try integer(value, type)
    if type == .i8 { return .string(String(number)) }
    if Int32(exactly: number) == nil {
      try tolerate("is \(number), which does not fit the declared \(type.notation)")
    }
    return .integer(number)
  }

  /// A value of no declared type as Trestle JSON shows it: wide integers and big numbers are text.
  static func shown(_ value: Value) -> Value {
    switch value {
    case .number(let number): .string(number.text)
    case .array(let items): .array(items.map(shown))
    case .object(let record):
      .object(
        Record(
          uniqueMembers: record.members.map {
            Record.Member(name: $0.name, value: shown($0.value))
          }))
    default: value
    }
  }

  private mutating func integer(_ value: Value, _ type: XMLRPCType) throws(CodecError) -> Int64 {
    switch value {
    case .integer(let number): return number
    // An i8, or a number wider than that.
    case .number(let number):
      guard let integer = Int64(number.text) else { throw mismatch(value, type) }
      if type != .i8 { try tolerate("is an i8 where \(type.notation) is declared") }
      return integer
    case .string(let text):
      guard case .exact(.integer(let integer)) = XMLRPCLexical.read(.i8, text) else { break }
      try tolerate("is the string \"\(text)\" where \(type.notation) is declared")
      return integer
    case .double(let number):
      guard let integer = Int64(exactly: number) else { break }
      try tolerate("is a double where \(type.notation) is declared")
      return integer
    default: break
    }
    throw mismatch(value, type)
  }

  private mutating func scalar(_ value: Value, _ type: XMLRPCType) throws(CodecError) -> Value {
    if Self.isExact(value, type) { return value }
    guard let result = Self.sameMeaning(value, type) else { throw mismatch(value, type) }
    var note = "is \(value.kindName) where \(type.notation) is declared"
    if case .double(let number) = result, !Self.isSame(number, as: value) {
      note += "; \(value.scalarText ?? "") has more digits than a double, and becomes \(number)"
    }
    try tolerate(note)
    return result
  }

  /// Whether a double is the integer or the exact number that it was made of.
  private static func isSame(_ double: Double, as value: Value) -> Bool {
    switch value {
    case .integer(let number): Int64(exactly: double) == number
    case .number(let number): PlainDecimal.isExact(number)
    default: true
    }
  }

  /// The value of another type that means the same; nil where there is none.
  private static func sameMeaning(_ value: Value, _ type: XMLRPCType) -> Value? {
    switch (type, value) {
    case (.boolean, .integer(0)), (.boolean, .string("0")), (.boolean, .string("false")):
      .bool(false)
    case (.boolean, .integer(1)), (.boolean, .string("1")), (.boolean, .string("true")):
      .bool(true)
    case (.string, _): value.scalarText.map(Value.string)
    case (.double, .integer(let number)): .double(Double(number))
    case (.double, .number(let number)):
      number.doubleValue.isFinite ? .some(.double(number.doubleValue)) : .none
    case (.double, .string(let text)): reading(.double, text)
    case (.dateTime, .string(let text)): DateTimeForm.isPlausible(text) ? .dateTime(text) : .none
    case (.base64, .string(let text)) where !text.isEmpty:
      Base64.bytes(ofText: text).map(Value.bytes)
    default: nil
    }
  }

  private static func reading(_ element: XMLRPCElement, _ text: String) -> Value? {
    switch XMLRPCLexical.read(element, text) {
    case .exact(let value): value
    // Not `nil`, which would be the value null.
    case .lenient(let value, _): value.isNull ? Optional.none : value
    case .invalid: nil
    }
  }

  private mutating func array(_ value: Value, of item: XMLRPCType) throws(CodecError) -> Value {
    switch value {
    case .array(let items):
      var result: [Value] = []
      result.reserveCapacity(items.count)
      for (index, value) in items.enumerated() {
        path.append("[\(index)]")
        result.append(try converted(value, item))
        path.removeLast()
      }
      return .array(result)
    case .object(let record) where record.isEmpty:
      // PHP has one type for both, and an empty one may go out as either.
      try tolerate("is an empty struct where an array is declared")
      return .array([])
    default: throw mismatch(value, .array(item))
    }
  }

  private mutating func record(_ value: Value, _ type: XMLRPCType) throws(CodecError) -> Record {
    switch value {
    case .object(let record): return record
    case .array(let items) where items.isEmpty:
      try tolerate("is an empty array where a struct is declared")
      return [:]
    default: throw mismatch(value, type)
    }
  }

  private mutating func object(
    _ value: Value, as structure: XMLRPCStructure
  ) throws(CodecError) -> Value {
    let record = try record(value, .structure(structure))
    var result: [Record.Member] = []
    result.reserveCapacity(record.count)
    for member in record.members {
      path.append(member.name)
      defer { path.removeLast() }
      guard let declared = structure.member(named: member.name) else {
        let known = structure.members.map(\.name)
        try tolerate("is not declared" + Suggestion.clause(for: member.name, among: known))
        result.append(Record.Member(name: member.name, value: Self.shown(member.value)))
        continue
      }
      let isLeftOut = member.value.isNull && declared.isOptional
      let value = isLeftOut ? Value.null : try converted(member.value, declared.type)
      result.append(Record.Member(name: member.name, value: value))
    }
    for member in structure.members where !member.isOptional && record[member.name] == nil {
      path.append(member.name)
      defer { path.removeLast() }
      let reason = "is missing; it is declared as \(member.type.notation)"
      guard isReply else { throw failure(reason) }
      try tolerate(reason)
    }
    return .object(Record(uniqueMembers: result))
  }

  // MARK: - Words

  private mutating func tolerate(_ note: String) throws(CodecError) {
    guard !isStrict else { throw failure(note) }
    warnings.add(place.isEmpty ? "the reply \(note)" : "\(place) \(note)")
  }

  /// The warnings in words.
  var allWarnings: [String] { warnings.all(ofDeparturesFrom: "the declared types") }

  private func mismatch(_ value: Value, _ type: XMLRPCType) -> CodecError {
    let found = value.scalarText.map { ": " + XMLRPCLexical.excerpt($0.utf8) } ?? ""
    return failure("expects \(type.notation), found \(value.kindName)\(found)")
  }

  private func failure(_ reason: String) -> CodecError {
    CodecError(path: place, reason: reason, code: XMLRPCFaultCode.invalidParameters)
  }

  private var place: String { path.reduce("") { $0.appendingStep($1) } }
}
