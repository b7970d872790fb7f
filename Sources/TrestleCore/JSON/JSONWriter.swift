/// Writes values as JSON: compact for programs, indented for people.
///
/// Numbers are written by their exact text. Bytes become base64, date-times their text, and the
/// doubles JSON has no number for become `"NaN"`, `"INF"` and `"-INF"`.
public struct JSONWriter {
  /// How the text is laid out.
  public enum Style: Sendable {
    /// One line, no spaces.
    case compact
    /// Two spaces a level; short arrays of scalars stay on one line.
    case pretty
  }

  private var bytes: [UInt8] = []
  private let style: Style

  private init(style: Style) { self.style = style }

  /// The JSON text of a value.
  public static func text(_ value: Value, style: Style = .compact) -> String {
    String(decoding: bytes(value, style: style), as: UTF8.self)
  }

  /// The JSON text of a value as UTF-8.
  public static func bytes(_ value: Value, style: Style = .compact) -> [UInt8] {
    var writer = JSONWriter(style: style)
    writer.write(value, level: 0)
    return writer.bytes
  }

  private mutating func write(_ value: Value, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let number): append(String(number))
    case .number(let number): append(number.text)
    case .double(let number):
      if number.isFinite { append(number.lexicalText) } else { writeString(number.lexicalText) }
    case .string(let text), .dateTime(let text): writeString(text)
    case .bytes(let data): writeString(Base64.encode(data))
    case .array(let items): writeArray(items, level: level)
    case .object(let record): writeObject(record, level: level)
    }
  }

  private mutating func writeArray(_ items: [Value], level: Int) {
    let isShort = items.count <= 8 && items.allSatisfy(\.isShortScalar)
    bytes.append(UInt8(ascii: "["))
    for (index, item) in items.enumerated() {
      if index > 0 { append(isShort && style == .pretty ? ", " : ",") }
      if !isShort { newLine(level + 1) }
      write(item, level: level + 1)
    }
    if !isShort, !items.isEmpty { newLine(level) }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func writeObject(_ record: Record, level: Int) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in record.members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      newLine(level + 1)
      writeString(member.name)
      append(style == .pretty ? ": " : ":")
      write(member.value, level: level + 1)
    }
    if !record.isEmpty { newLine(level) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func writeString(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { units in
      for unit in units {
        switch unit {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0..<0x20, 0x7F:
          append("\\u00")
          bytes.append(Self.hexadecimal[Int(unit >> 4)])
          bytes.append(Self.hexadecimal[Int(unit & 15)])
        default: bytes.append(unit)
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)

  private mutating func newLine(_ level: Int) {
    guard style == .pretty else { return }
    bytes.append(0x0A)
    for _ in 0..<level { append("  ") }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension Value {
  fileprivate var isShortScalar: Bool {
    switch self {
    case .array, .object: false
    case .string(let text): text.utf8.count <= 24
    default: true
    }
  }
}
