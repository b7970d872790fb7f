internal import TrestleCore

/// How far a field of text or bytes goes.
enum FieldExtent: Sendable {
  case fixed(Int)
  /// A length before it.
  case prefixed(NumberCoding, width: Int)
  /// Up to bytes that end it, which are passed.
  case delimited([UInt8])
  /// All that is left.
  case rest

  /// Reads `30`, `rest`, `ll`, `lll:bcd`, `u16`, `u16le`, `to ";"`; nil for anything else.
  ///
  /// Delimiters and digits are those of the encoding, where nothing else is said.
  init?(_ text: String, in encoding: TextEncoding) {
    if let count = Int(text) {
      guard (0...1 << 24).contains(count) else { return nil }
      self = .fixed(count)
      return
    }
    switch text {
    case "rest": self = .rest
    case _ where text.hasPrefix("u"):
      let isLittleEndian = text.hasSuffix("le")
      guard let bits = Int(text.dropFirst().dropLast(isLittleEndian ? 2 : 0)),
        (8...64).contains(bits), bits.isMultiple(of: 8)
      else { return nil }
      self = .prefixed(isLittleEndian ? .littleEndian : .bigEndian, width: bits / 8)
    case _ where text.hasPrefix("to "):
      guard
        let end = WrittenBytes.bytes(
          of: String(text.dropFirst(3)).trimmed.withoutQuotes, in: encoding),
        !end.isEmpty
      else { return nil }
      self = .delimited(end)
    default:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      let digits = parts[0].utf8.count
      guard parts.count <= 2, (1...6).contains(digits), parts[0].allSatisfy({ $0 == "l" }) else {
        return nil
      }
      switch parts.count == 2 ? parts[1] : encoding.isEBCDIC ? "ebcdic" : "ascii" {
      case "ascii": self = .prefixed(.ascii, width: digits)
      case "ebcdic": self = .prefixed(.ebcdic, width: digits)
      case "bcd": self = .prefixed(.bcd, width: (digits + 1) / 2)
      default: return nil
      }
    }
  }

  /// How many bytes stand before the content and after it.
  var margins: (before: Int, after: Int) {
    switch self {
    case .fixed, .rest: (0, 0)
    case .prefixed(_, let width): (width, 0)
    case .delimited(let end): (0, end.count)
    }
  }

  /// How many bytes the field has; nil where that differs.
  var fixedSize: Int? {
    if case .fixed(let count) = self { return count }
    return nil
  }

  /// Whether it is all that is left.
  var isRest: Bool {
    if case .rest = self { return true }
    return false
  }

  /// Passes the field's bytes, and what says where they end.
  func read(_ reader: inout FieldReader) throws(CodecError) -> ArraySlice<UInt8> {
    switch self {
    case .fixed(let count): return try reader.take(count)
    case .rest: return try reader.take(reader.remaining)
    case .prefixed(let coding, let width):
      let prefix = try reader.take(width)
      guard let count = coding.number(in: prefix).flatMap({ Int(exactly: $0) }) else {
        throw reader.wrong(prefix, "expects a length of \(coding.description(width: width))")
      }
      guard count <= reader.remaining else {
        throw reader.wrong(
          prefix, "says \(count) bytes follow, the message has \(reader.remaining) left")
      }
      return try reader.take(count)
    case .delimited(let end):
      let start = reader.position
      if let place = Self.place(of: end, in: reader.bytes[start..<reader.end]) {
        let found = try reader.take(place - start)
        _ = try reader.take(end.count)
        return found
      }
      throw CodecError(
        path: "", reason: "is not ended by \(FrameCheck.text(end))", in: reader.bytes[...],
        wrong: start..<reader.end)
    }
  }

  /// Writes the field's bytes with what says where they end; a fixed field has its size already.
  func write(_ bytes: [UInt8], to output: inout [UInt8]) throws(CodecError) {
    open(in: &output)
    let start = output.count
    output += bytes
    try close(from: start, in: &output, pad: nil)
  }

  /// Makes room for what stands before content that is written in place.
  func open(in output: inout [UInt8]) {
    if case .prefixed(_, let width) = self { output += [UInt8](repeating: 0, count: width) }
  }

  /// Says where content that was written from a place on ends; a fixed extent is filled with the pad.
  func close(from start: Int, in output: inout [UInt8], pad: UInt8?) throws(CodecError) {
    let count = output.count - start
    switch self {
    case .rest: break
    case .fixed(let size):
      guard count == size || count < size && pad != nil else {
        throw CodecError(
          reason: "has \(count) byte\(count == 1 ? "" : "s"), its field has \(size)",
          hint: count < size ? "a pad would fill it" : nil)
      }
      output += [UInt8](repeating: pad ?? 0, count: size - count)
    case .prefixed(let coding, let width):
      guard let prefix = coding.bytes(of: UInt64(count), width: width) else {
        throw CodecError(
          reason: "has \(count) bytes, more than \(coding.description(width: width)) can say")
      }
      output.replaceSubrange((start - width)..<start, with: prefix)
    case .delimited(let end):
      output += end
      guard Self.place(of: end, in: output[start...]) == output.count - end.count else {
        throw CodecError(reason: "holds \(FrameCheck.text(end)), which ends it")
      }
    }
  }

  /// Where bytes first stand in others.
  private static func place(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    while index + part.count <= bytes.endIndex {
      if bytes[index] == part[0], bytes[index...].starts(with: part) { return index }
      index += 1
    }
    return nil
  }
}
