internal import TrestleCore
internal import TrestleXML

/// A document under construction.
struct XMLRPCOutput {
  let options: XMLRPCWritingOptions
  let segments: XMLRPCSegments
  private var output = XMLOutput()
  private var depth = 0

  /// What our own reader takes: the elements around a value and three for each level.
  static let maximumLevels = (XMLRPCReader.maximumDepth - 5) / 3

  /// Begins a piece of a document.
  init(fragment options: XMLRPCWritingOptions) {
    self.options = options
    segments = XMLRPCSegments.of(options.dialect)
  }

  /// Begins a document.
  init(_ options: XMLRPCWritingOptions) {
    self.init(fragment: options)
    append(XMLRPCSegments.declaration(options.encoding))
  }

  var bytes: [UInt8] { output.bytes }

  mutating func append(_ segment: [UInt8]) { output.append(segment) }

  /// Writes a value as its declared type.
  mutating func write(_ value: Value, as type: XMLRPCType) throws(CodecError) {
    if case .null = value { return try writeNull() }
    switch type {
    case .any: try writeUntyped(value)
    case .array(let item):
      guard case .array(let items) = value else { throw mismatch(type, value) }
      try write(items, as: item)
    case .structure(let structure):
      guard case .object(let record) = value else { throw mismatch(type, value) }
      try write(record, as: structure)
    case .string:
      guard let text = value.scalarText else { throw mismatch(type, value) }
      try write(string: text)
    case .int: try write(integer: wireInteger(value, type), segments.int)
    case .i4: try write(integer: wireInteger(value, type), segments.i4)
    case .i8: try write(wide: wireInteger(value, type))
    case .boolean: write(boolean: try wireBoolean(value))
    case .double: try writeDouble(value)
    case .dateTime: try write(dateTime: value)
    case .base64: write(bytes: try wireBytes(value))
    case .nil: throw mismatch(type, value)
    }
  }

  /// Writes a value as what it is.
  private mutating func writeUntyped(_ value: Value) throws(CodecError) {
    switch value {
    case .null: try writeNull()
    case .bool(let flag): write(boolean: flag)
    case .integer(let number): try write(integer: number)
    case .number(let number): try write(number: number)
    case .double: try writeDouble(value)
    case .string(let text): try write(string: text)
    case .bytes(let bytes): write(bytes: bytes)
    case .dateTime: try write(dateTime: value)
    case .array(let items): try write(items, as: .any)
    case .object(let record): try write(record)
    }
  }

  // MARK: - Scalars

  private mutating func write(plain text: String, _ tags: XMLRPCSegments.Scalar) {
    output.append(tags.open)
    output.append(plain: text)
    output.append(tags.close)
  }

  private mutating func write(
    integer number: Int64, _ tags: XMLRPCSegments.Scalar
  ) throws(CodecError) {
    guard Int32(exactly: number) != nil else {
      throw CodecError(
        reason: "is \(number), which does not fit the 32 bits of an int",
        hint: "declare it as i8, or as string")
    }
    write(plain: String(number), tags)
  }

  private mutating func write(wide number: Int64) throws(CodecError) {
    guard options.dialect != .strict else { throw tooWide("\(number)", "64 bits") }
    write(plain: String(number), segments.i8)
  }

  private mutating func write(integer number: Int64) throws(CodecError) {
    if Int32(exactly: number) != nil { return write(plain: String(number), segments.int) }
    guard options.dialect != .strict else { throw tooWide("\(number)", "more than 32 bits") }
    write(plain: String(number), segments.i8)
  }

  private mutating func write(number: NumberText) throws(CodecError) {
    if let integer = Int64(number.text) { return try write(integer: integer) }
    let isInteger = number.text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 &- 48 < 10 }
    if isInteger {
      guard options.dialect == .apache else { throw tooWide(number.text, "more than 64 bits") }
      return write(plain: number.text, segments.biginteger)
    }
    // What a double would round goes out exact where the dialect has a type for it.
    if options.dialect == .apache, !PlainDecimal.isExact(number) {
      return write(plain: number.text, segments.bigdecimal)
    }
    try writeDouble(.number(number))
  }

  private func tooWide(_ number: String, _ width: String) -> CodecError {
    CodecError(
      reason:
        "is \(number), an integer of \(width), which the dialect \(options.dialect) does not have",
      hint: options.dialect == .strict
        ? "set dialect: i8, or declare it as string" : "declare it as string")
  }

  private mutating func write(boolean flag: Bool) {
    write(plain: flag ? "1" : "0", segments.boolean)
  }

  private mutating func writeDouble(_ value: Value) throws(CodecError) {
    guard let text = try wireDouble(value) else {
      throw CodecError(
        reason: "is \(value.scalarText ?? ""), which XML-RPC has no number for",
        hint: "leave it out, or declare it as string")
    }
    write(plain: text, segments.double)
  }

  private mutating func write(string text: String) throws(CodecError) {
    output.append(segments.string.open)
    try write(text: text)
    output.append(segments.string.close)
  }

  /// Writes text content by the rule for characters that XML cannot carry.
  mutating func write(text: String) throws(CodecError) {
    if options.invalidCharacters == .error {
      do throws(CodecError) {
        try output.append(text: text)
      } catch {
        var error = error
        error.hint = "send it as base64, or set on_invalid_char: replace or strip"
        throw error
      }
    } else {
      try output.append(text: InvalidCharacters.mended(text, options.invalidCharacters))
    }
  }

  private mutating func write(bytes: [UInt8]) {
    // A line break stands in empty content: `<base64/>` is read as nothing at all by some.
    write(plain: bytes.isEmpty ? "\n" : Base64.encode(bytes), segments.base64)
  }

  private mutating func write(dateTime value: Value) throws(CodecError) {
    write(plain: try wireDateTime(value), segments.dateTime)
  }

  // MARK: - Null

  private mutating func writeNull() throws(CodecError) {
    switch options.nilForm ?? (options.dialect == .strict ? .omit : .nil) {
    case .nil: output.append(segments.null)
    case .false: write(boolean: false)
    case .empty: write(plain: "", segments.string)
    case .omit:
      let cause =
        options.nilForm == nil
        ? "which the dialect strict does not have" : "which cannot be left out here"
      throw CodecError(
        reason: "is null, \(cause)", hint: "set nil_as: nil, empty or false")
    }
  }

  // MARK: - Arrays and structs

  private mutating func descend() throws(CodecError) {
    depth += 1
    guard depth <= Self.maximumLevels else {
      throw CodecError(reason: "is nested deeper than \(Self.maximumLevels) levels")
    }
  }

  private mutating func write(_ items: [Value], as type: XMLRPCType) throws(CodecError) {
    try descend()
    output.append(segments.arrayOpen)
    for (index, item) in items.enumerated() {
      do throws(CodecError) {
        try write(item, as: type)
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    output.append(segments.arrayClose)
    depth -= 1
  }

  private mutating func write(_ record: Record) throws(CodecError) {
    try descend()
    output.append(segments.structure.open)
    for member in record.members where !isLeftOut(member.value) {
      do throws(CodecError) {
        output.append(XMLRPCSegments.memberOpen)
        try write(text: member.name)
        output.append(XMLRPCSegments.nameClose)
        try write(member.value, as: .any)
      } catch {
        throw error.inside(member.name)
      }
      output.append(segments.memberClose)
    }
    output.append(segments.structure.close)
    depth -= 1
  }

  private func isLeftOut(_ value: Value) -> Bool { value.isNull && options.nilForm == .omit }

  /// Writes a struct in its declared order.
  private mutating func write(
    _ record: Record, as structure: XMLRPCStructure
  ) throws(CodecError) {
    try descend()
    output.append(segments.structure.open)
    var used = 0
    for (index, member) in structure.members.enumerated() {
      guard let value = record.value(of: member.name, near: index) else {
        if member.isOptional { continue }
        throw CodecError(path: member.name, reason: "is missing; it is declared and not optional")
      }
      used += 1
      if value.isNull, member.isOptional || options.nilForm == .omit { continue }
      output.append(member.head)
      do throws(CodecError) {
        try write(value, as: member.type)
      } catch {
        throw error.inside(member.name)
      }
      output.append(segments.memberClose)
    }
    if used < record.count { throw unknownMember(record, structure) }
    output.append(segments.structure.close)
    depth -= 1
  }

  private func unknownMember(_ record: Record, _ structure: XMLRPCStructure) -> CodecError {
    let known = structure.members.map(\.name)
    let name = record.names.first { !known.contains($0) } ?? ""
    return CodecError(
      path: name, reason: "is not declared" + Suggestion.clause(for: name, among: known))
  }

  // MARK: - Faults

  /// The struct of a fault; also what stands in a multicall's reply for a call that failed.
  mutating func writeFault(code: Int32, message: String) {
    output.append(segments.structure.open)
    output.append(XMLRPCSegments.faultCodeHead)
    write(plain: String(code), segments.int)
    output.append(segments.memberClose)
    output.append(XMLRPCSegments.faultStringHead)
    output.append(segments.string.open)
    // Cannot fail: what could not be carried is replaced.
    try? output.append(text: InvalidCharacters.mended(message, .replace))
    output.append(segments.string.close)
    output.append(segments.memberClose)
    output.append(segments.structure.close)
  }
}

extension Record {
  /// The value under a name, looked for first where it stands when the record is in declared order.
  fileprivate func value(of name: String, near index: Int) -> Value? {
    if index < count, members[index].name == name { return members[index].value }
    return self[name]
  }
}
