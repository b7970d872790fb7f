internal import TrestleCore
internal import TrestleTCP

/// Cuts records out of data files.
enum CopybookRecords {
  /// The values of a text that holds one after the other.
  static func values(in bytes: [UInt8]) -> [Value] {
    // What is not UTF-8 is ISO-8859-1.
    let text =
      String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
    var values: [Value] = []
    var object: [UInt8] = []
    var depth = 0
    var isInString = false
    var isEscaped = false
    for byte in text.utf8 {
      if depth > 0 || byte == UInt8(ascii: "{") { object.append(byte) }
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = depth > 0
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        guard depth == 0 else { continue }
        if let value = try? JSONParser.parse(object) { values.append(value) }
        object = []
      default: break
      }
    }
    return values
  }

  static func records(
    in data: [UInt8], by described: CopybookCase, _ layout: CompiledLayout, atMost count: Int
  ) throws(CodecError) -> [Value] {
    let limit = described.sortedBy.isEmpty ? count : .max
    var records: [Value] = []
    for body in try bodies(in: data, described.framing, layout, atMost: limit) {
      records.append(try layout.decode(body).value)
    }
    guard !described.sortedBy.isEmpty else { return records }
    return records.sorted { left, right in
      for key in described.sortedBy {
        let name = key.replacing("_", with: "-")
        let (one, other) = (left[name]?.scalarText ?? "", right[name]?.scalarText ?? "")
        if let first = Double(one), let second = Double(other), first != second {
          return first < second
        }
        if Double(one) == nil || Double(other) == nil, one != other { return one < other }
      }
      return false
    }
  }

  /// How many bytes the first record takes.
  private static func length(
    _ data: [UInt8], _ layout: CompiledLayout
  ) throws(CodecError) -> Int {
    var spans: [FieldSpan] = []
    try layout.list(data, into: &spans)
    guard let last = spans.last else { return data.count }
    return last.path.isEmpty ? last.range.lowerBound : data.count
  }

  private static func bodies(
    in data: [UInt8], _ framing: CopybookCase.Framing, _ layout: CompiledLayout, atMost limit: Int
  ) throws(CodecError) -> [[UInt8]] {
    var bodies: [[UInt8]] = []
    var position = 0
    switch framing {
    case .fixed(let before, let after):
      let length = try length(Array(data.dropFirst(before)), layout)
      while position + before + length <= data.count, bodies.count < limit, length > 0 {
        bodies.append(Array(data[(position + before)..<(position + before + length)]))
        position += before + length + after
      }
    case .header(let size, let at, let isLittleEndian, let countsItself, let mark):
      while position + size <= data.count, bodies.count < limit {
        let first = Int(data[position + at]), second = Int(data[position + at + 1])
        let length =
          (isLittleEndian ? second << 8 | first : first << 8 | second) - (countsItself ? size : 0)
        guard length > 0, position + size + length <= data.count else { break }
        if mark == nil || mark == data[position] {
          bodies.append(Array(data[(position + size)..<(position + size + length)]))
        }
        position += size + length
      }
    case .sequence:
      while position < data.count, bodies.count < limit {
        let rest = Array(data[position...])
        let length = try length(rest, layout)
        guard length > 0 else { break }
        bodies.append(Array(rest[..<length]))
        position += length
      }
    case .unknown:
      let length = try length(data, layout)
      if length > 0, data.count.isMultiple(of: length) {
        return try Self.bodies(in: data, .fixed(), layout, atMost: limit)
      }
      for (at, isLittleEndian) in [(0, false), (2, true)] {
        let found = try Self.bodies(
          in: data, .header(size: 4, at: at, isLittleEndian: isLittleEndian), layout, atMost: limit)
        if found.count > 1 { return found }
      }
      return try Self.bodies(in: data, .sequence, layout, atMost: limit)
    }
    return bodies
  }
}
