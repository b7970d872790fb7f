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
    if let tags = segments.scalar(type) { return try write(value, as: type, tags) }
    switch (type, value) {
    case (.any, _): try writeUntyped(value)
    case (.array(let item), .array(let items)): try write(items, as: item)
    case (.record, .object(let record)): try write(record)
    case (.structure(let structure), .object(let record)): try write(record, as: structure)
    default: throw mismatch(type, value)
    }
  }

  /// Writes a value as what it is.
  private mutating func writeUntyped(_ value: Value) throws(CodecError) {
    switch value {
    case .null: try writeNull()
    case .bool: try write(value, as: .boolean, segments.boolean)
    case .integer(let number):
      guard Int32(exactly: number) == nil else {
        return try write(value, as: .int, segments.int)
      }
      try write(value, as: .i8, segments.i8)
    case .number(let number): try write(number)
    case .double: try write(value, as: .double, segments.double)
    case .string: try write(value, as: .string, segments.string)
    case .bytes: try write(value, as: .base64, segments.base64)
    case .dateTime: try write(value, as: .dateTime, segments.dateTime)
    case .array(let items): try write(items, as: .any)
    case .object(let record): try write(record)
    }
  }

  // MARK: - Scalars

  private mutating func write(
    _ value: Value, as type: XMLRPCType, _ tags: XMLRPCSegments.Scalar
  ) throws(CodecError) {
    output.append(tags.open)
    try writeContent(of: value, as: type)
    output.append(tags.close)
  }

  /// Writes what stands between a scalar's tags.
  private mutating func writeContent(of value: Value, as type: XMLRPCType) throws(CodecError) {
    switch type {
    case .int, .i4: output.append(plain: String(try wireInteger(value, type)))
    case .i8: output.append(plain: String(try wireLong(value)))
    case .boolean: output.append(plain: try wireBoolean(value) ? "1" : "0")
    case .double: output.append(plain: try wireDouble(value))
    case .dateTime: output.append(plain: try wireDateTime(value))
    case .base64:
      let bytes = try wireBytes(value)
      // A line break stands in empty content: `<base64/>` is read as nothing at all by some.
      output.append(plain: bytes.isEmpty ? "\n" : Base64.encode(bytes))
    default:
      guard let text = value.scalarText else { throw mismatch(type, value) }
      try write(text: text)
    }
  }

  private mutating func write(plain text: String, _ tags: XMLRPCSegments.Scalar) {
    output.append(tags.open)
    output.append(plain: text)
    output.append(tags.close)
  }

  /// Writes a number of no declared type: an integer as narrow as it fits, else a double, or one of
  /// Apache's big numbers where a double would round.
  private mutating func write(_ number: NumberText) throws(CodecError) {
    if let integer = Int64(number.text) { return try writeUntyped(.integer(integer)) }
    if number.isInteger {
      guard options.dialect == .apache else { throw tooWide(number.text, "more than 64 bits") }
      return write(plain: number.text, segments.biginteger)
    }
    if options.dialect == .apache, !PlainDecimal.isExact(number) {
      return write(plain: number.text, segments.bigdecimal)
    }
    try write(.number(number), as: .double, segments.double)
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

  // MARK: - Null

  private mutating func writeNull() throws(CodecError) {
    switch options.nilForm ?? (options.dialect == .strict ? .omit : .nil) {
    case .nil: output.append(segments.null)
    case .false: write(plain: "0", segments.boolean)
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
    if options.invalidCharacters != .error { try checkMendedNames(record) }
    output.append(segments.structure.open)
    for member in record.members where !isLeftOut(member.value) {
      do throws(CodecError) {
        output.append(XMLRPCSegments.memberOpen)
        try write(text: member.name)
        output.append(XMLRPCSegments.nameClose)
        try write(member.value, as: .any)
      } catch {
        throw error.inside(String().appendingStep(member.name))
      }
      output.append(segments.memberClose)
    }
    output.append(segments.structure.close)
    depth -= 1
  }

  /// Mending must not make one name of two: the member that came first would be lost.
  private func checkMendedNames(_ record: Record) throws(CodecError) {
    var seen: Set<[UInt8]> = []
    for member in record.members {
      let name = InvalidCharacters.mended(member.name, options.invalidCharacters)
      guard !seen.insert(Array(name.utf8)).inserted else { continue }
      throw CodecError(
        path: String().appendingStep(name),
        reason: "is the name of two members, once the characters that XML cannot carry are mended",
        hint: "give the members other names")
    }
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
      if value.isNull, options.leavesOutNull(isOptional: member.isOptional) { continue }
      do throws(CodecError) {
        try write(value, of: member)
      } catch {
        throw error.inside(String().appendingStep(member.name))
      }
    }
    if used < record.count { throw unknownMember(record, structure) }
    output.append(segments.structure.close)
    depth -= 1
  }

  private mutating func write(
    _ value: Value, of member: XMLRPCStructure.Member
  ) throws(CodecError) {
    // Most members are scalars: their tags go out in two pieces.
    if let head = member.scalarHead, let tags = segments.scalar(member.type), !value.isNull {
      output.append(head)
      try writeContent(of: value, as: member.type)
      return output.append(tags.closeMember)
    }
    output.append(member.head)
    try write(value, as: member.type)
    output.append(segments.memberClose)
  }

  private func unknownMember(_ record: Record, _ structure: XMLRPCStructure) -> CodecError {
    let known = structure.members.map(\.name)
    let name = record.names.first { !known.contains($0) } ?? ""
    return CodecError(
      path: name, reason: "is not declared" + Suggestion.clause(for: name, among: known))
  }

  // MARK: - Shapes

  /// Writes what a service wraps its results in, the value in its place.
  mutating func write(
    _ value: Value, as type: XMLRPCType, in node: ResultShape.Node
  ) throws(CodecError) {
    switch node {
    case .literal(let literal): try write(literal, as: .any)
    case .place(.value): try write(value, as: type)
    case .place: try write("", as: .string)
    case .array(let nodes):
      output.append(segments.arrayOpen)
      for node in nodes { try write(value, as: type, in: node) }
      output.append(segments.arrayClose)
    case .object(let members):
      output.append(segments.structure.open)
      for member in members {
        output.append(member.head)
        try write(value, as: type, in: member.node)
        output.append(segments.memberClose)
      }
      output.append(segments.structure.close)
    }
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
