internal import TrestleCore

/// Takes a message of headers and a body apart.
struct HeadersReader {
  let layout: HeadersLayout
  let bytes: [UInt8]
  private var position = 0
  private(set) var spans: [FieldSpan] = []

  init(layout: HeadersLayout, bytes: [UInt8]) {
    self.layout = layout
    self.bytes = bytes
  }

  mutating func message() throws(CodecError) -> Value {
    var record = Record()
    var isPlain = false
    if let first = layout.first {
      let range = try line(first)
      let text = try text(range, first)
      guard !text.isEmpty else { throw wrong(range, "expects a first line", first) }
      note(first, range, .string(text))
      record.append(unique: first, .string(text))
      isPlain = layout.plain.contains(text)
    }
    var headers = try headers(isPlain)
    let range = try body(headers)
    if let name = layout.lengthHeader { headers[name] = nil }
    if !headers.isEmpty { record["headers"] = .object(headers) }
    if !range.isEmpty {
      let value = try value(ofBody: range)
      note("body", range, value)
      record["body"] = value
    }
    return .object(record)
  }

  private mutating func headers(_ isPlain: Bool) throws(CodecError) -> Record {
    var names: [String] = []
    var values: [String: [Value]] = [:]
    while true {
      let range = try line("headers")
      if range.isEmpty { break }
      let mark = layout.assign
      guard
        let place = range.first(where: { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }),
        place > range.lowerBound, place + mark.count <= range.upperBound
      else {
        throw wrong(
          range, "expects name\(String(decoding: mark, as: UTF8.self))value", "headers")
      }
      let name = try unescaped(range.lowerBound..<place, "headers", isPlain)
      let value = Value.string(
        try unescaped(place + mark.count..<range.upperBound, "headers.\(name)", isPlain))
      note("headers.\(name)", range, value)
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(value)
    }
    var record = Record()
    for name in names {
      let all = values[name] ?? []
      record.append(unique: name, all.count == 1 ? all[0] : .array(all))
    }
    return record
  }

  private func body(_ headers: Record) throws(CodecError) -> Range<Int> {
    var end = bytes.count
    if let name = layout.lengthHeader, let header = headers[name] {
      // STOMP 1.2: of headers with one name the first counts.
      let text = (header.arrayValue?.first ?? header).scalarText ?? ""
      guard
        let count = NumberCoding.ascii.number(in: Array(text.utf8)[...])
          .flatMap({ Int(exactly: $0) }), count <= bytes.count - position
      else {
        throw CodecError(
          path: "headers.\(name)",
          reason: "says \(text) bytes follow, the message has \(bytes.count - position) left")
      }
      end = position + count
      guard bytes[end...].elementsEqual(layout.end) else {
        throw wrong(end..<bytes.count, "does not end where \(name) says", "body")
      }
    } else if !layout.end.isEmpty {
      end = bytes.count - layout.end.count
      guard end >= position, bytes[end...].elementsEqual(layout.end) else {
        throw wrong(
          bytes.count..<bytes.count, "is not ended by \(FrameCheck.text(layout.end))", "body")
      }
      if let early = (position..<end).first(where: { bytes[$0...].starts(with: layout.end) }) {
        throw wrong(early..<early + 1, "holds what ends the message", "body")
      }
    }
    return position..<end
  }

  private func value(ofBody range: Range<Int>) throws(CodecError) -> Value {
    if let layout = layout.bodyLayout { return try layout.decode(Array(bytes[range])).value }
    if let text = try? text(range, "body") { return .string(text) }
    return .bytes(Array(bytes[range]))
  }

  /// The next line, which is passed; CR LF is taken for LF.
  private mutating func line(_ path: String) throws(CodecError) -> Range<Int> {
    let start = position
    var index = start
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    guard index < bytes.count else { throw wrong(start..<index, "the line does not end", path) }
    position = index + 1
    if index > start, bytes[index - 1] == 0x0D { return start..<index - 1 }
    return start..<index
  }

  private func unescaped(
    _ range: Range<Int>, _ path: String, _ isPlain: Bool
  ) throws(CodecError) -> String {
    guard !isPlain, !layout.escapes.isEmpty, bytes[range].contains(UInt8(ascii: "\\")) else {
      return try text(range, path)
    }
    var output: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "\\") else {
        output.append(bytes[index])
        index += 1
        continue
      }
      // STOMP 1.2: an escape that is not defined is an error.
      guard index + 1 < range.upperBound,
        let escape = layout.escapes.first(where: { $0.letter == bytes[index + 1] })
      else { throw wrong(index..<min(index + 2, range.upperBound), "is no escape", path) }
      output.append(escape.byte)
      index += 2
    }
    return try layout.encoding.text(of: output[...], path: path, at: range.lowerBound)
  }

  private func text(_ range: Range<Int>, _ path: String) throws(CodecError) -> String {
    try layout.encoding.text(of: bytes[range], path: path, at: range.lowerBound)
  }

  private mutating func note(_ path: String, _ range: Range<Int>, _ value: Value) {
    spans.append(FieldSpan(path: path, range: range, value: value))
  }

  private func wrong(_ range: Range<Int>, _ reason: String, _ path: String) -> CodecError {
    CodecError(path: path, reason: reason, in: bytes[...], wrong: range)
  }
}
