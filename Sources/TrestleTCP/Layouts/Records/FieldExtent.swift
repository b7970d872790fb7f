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
  init?(_ text: String) {
    if let count = Int(text) {
      guard (0...1 << 24).contains(count) else { return nil }
      self = .fixed(count)
      return
    }
    switch text {
    case "rest": self = .rest
    case "u8": self = .prefixed(.bigEndian, width: 1)
    case "u16": self = .prefixed(.bigEndian, width: 2)
    case "u32": self = .prefixed(.bigEndian, width: 4)
    case "u16le": self = .prefixed(.littleEndian, width: 2)
    case "u32le": self = .prefixed(.littleEndian, width: 4)
    case _ where text.hasPrefix("to "):
      guard let end = WrittenBytes.bytes(of: String(text.dropFirst(3)).trimmed.withoutQuotes),
        !end.isEmpty
      else { return nil }
      self = .delimited(end)
    default:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      let digits = parts[0].utf8.count
      guard parts.count <= 2, (1...6).contains(digits), parts[0].allSatisfy({ $0 == "l" }) else {
        return nil
      }
      switch parts.count == 2 ? parts[1] : "ascii" {
      case "ascii": self = .prefixed(.ascii, width: digits)
      case "ebcdic": self = .prefixed(.ebcdic, width: digits)
      case "bcd": self = .prefixed(.bcd, width: (digits + 1) / 2)
      default: return nil
      }
    }
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
      var index = start
      while index + end.count <= reader.bytes.count {
        if reader.bytes[index] == end[0], reader.bytes[index...].starts(with: end) {
          let found = try reader.take(index - start)
          _ = try reader.take(end.count)
          return found
        }
        index += 1
      }
      throw CodecError(
        path: "", reason: "is not ended by \(FrameCheck.text(end))", in: reader.bytes[...],
        wrong: start..<reader.bytes.count)
    }
  }

  /// Writes the field's bytes with what says where they end; a fixed field has its size already.
  func write(_ bytes: [UInt8], to output: inout [UInt8]) throws(CodecError) {
    switch self {
    case .fixed, .rest: output += bytes
    case .prefixed(let coding, let width):
      guard let prefix = coding.bytes(of: UInt64(bytes.count), width: width) else {
        throw CodecError(
          reason: "has \(bytes.count) bytes, more than \(coding.description(width: width)) can say")
      }
      output += prefix + bytes
    case .delimited(let end):
      guard !bytes.indices.contains(where: { (bytes[$0...] + end).starts(with: end) }) else {
        throw CodecError(reason: "holds \(FrameCheck.text(end)), which ends it")
      }
      output += bytes + end
    }
  }
}
