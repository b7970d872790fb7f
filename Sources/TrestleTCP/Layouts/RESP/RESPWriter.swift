internal import TrestleCore

/// Writes RESP values.
struct RESPWriter {
  /// Whether types that only RESP3 has are written.
  let isThird: Bool
  private(set) var output: [UInt8] = []

  /// Members that say of an object what type it is of.
  static let marks: Set<String> = ["status", "error", "set", "push", "map", "verbatim"]

  /// Values nested deeper are refused.
  private static let deepest = 64

  init(isThird: Bool) { self.isThird = isThird }

  /// A request: an array of bulk strings.
  mutating func writeCommand(_ value: Value) throws(CodecError) {
    guard case .array(let items) = value, !items.isEmpty else {
      throw CodecError(path: "command", reason: "expects a list of words, found \(value)")
    }
    line("*\(items.count)")
    for (position, item) in items.enumerated() {
      if case .bytes(let bytes) = item {
        bulk("$", bytes)
      } else if let text = item.scalarText, !item.isNull {
        bulk("$", Array(text.utf8))
      } else {
        throw CodecError(
          path: "command[\(position)]", reason: "expects a text or number, found \(item.kindName)")
      }
    }
  }

  mutating func write(_ value: Value, depth: Int = 0) throws(CodecError) {
    guard depth <= Self.deepest else {
      throw CodecError(reason: "is nested deeper than \(Self.deepest)")
    }
    switch value {
    case .null: line(isThird ? "_" : "$-1")
    case .bool(let flag): line(isThird ? (flag ? "#t" : "#f") : (flag ? ":1" : ":0"))
    case .integer(let number): line(":\(number)")
    case .number(let number):
      let isWhole = !number.text.contains { ".eE".contains($0) }
      if isThird {
        line((isWhole ? "(" : ",") + number.text)
      } else {
        bulk("$", Array(number.text.utf8))
      }
    case .double(let number):
      let text = number.lexicalText.lowercased()
      if isThird { line("," + text) } else { bulk("$", Array(text.utf8)) }
    case .string(let text), .dateTime(let text): bulk("$", Array(text.utf8))
    case .bytes(let bytes): bulk("$", bytes)
    case .array(let items): try list("*", items, depth)
    case .object(let record): try object(record, depth)
    }
  }

  private mutating func object(_ record: Record, _ depth: Int) throws(CodecError) {
    if let error = record["error"] {
      try self.error(error)
    } else if let status = record["status"] {
      try simple("+", status.scalarText ?? "", "status")
    } else if let items = record["set"]?.arrayValue {
      try list(isThird ? "~" : "*", items, depth)
    } else if let items = record["push"]?.arrayValue {
      try list(isThird ? ">" : "*", items, depth)
    } else if let text = record["verbatim"]?.scalarText {
      let format = record["format"]?.scalarText ?? "txt"
      guard format.utf8.count == 3 else {
        throw CodecError(path: "format", reason: "expects three letters, found \"\(format)\"")
      }
      bulk(isThird ? "=" : "$", Array((isThird ? "\(format):\(text)" : text).utf8))
    } else if let pairs = record["map"]?.arrayValue {
      line(isThird ? "%\(pairs.count)" : "*\(2 * pairs.count)")
      for (position, pair) in pairs.enumerated() {
        guard let parts = pair.arrayValue, parts.count == 2 else {
          throw CodecError(path: "map[\(position)]", reason: "expects [key, value], found \(pair)")
        }
        for part in parts { try write(part, depth: depth + 1) }
      }
    } else {
      line(isThird ? "%\(record.count)" : "*\(2 * record.count)")
      for member in record {
        bulk("$", Array(member.name.utf8))
        do throws(CodecError) {
          try write(member.value, depth: depth + 1)
        } catch {
          throw error.inside(member.name)
        }
      }
    }
  }

  private mutating func list(
    _ sign: String, _ items: [Value], _ depth: Int
  ) throws(CodecError) {
    line("\(sign)\(items.count)")
    for (position, item) in items.enumerated() {
      do throws(CodecError) {
        try write(item, depth: depth + 1)
      } catch {
        throw error.inside("[\(position)]")
      }
    }
  }

  private mutating func error(_ value: Value) throws(CodecError) {
    let parts = [value["code"], value["message"]].compactMap { $0?.scalarText }
    let text = value.scalarText ?? parts.filter { !$0.isEmpty }.joined(separator: " ")
    if isThird, text.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) {
      bulk("!", Array(text.utf8))
    } else {
      try simple("-", text, "error")
    }
  }

  private mutating func simple(
    _ sign: String, _ text: String, _ path: String
  ) throws(CodecError) {
    guard !text.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A }) else {
      throw CodecError(path: path, reason: "holds a line's end, which a simple string cannot")
    }
    line(sign + text)
  }

  private mutating func bulk(_ sign: String, _ bytes: [UInt8]) {
    line("\(sign)\(bytes.count)")
    output += bytes
    output += [0x0D, 0x0A]
  }

  private mutating func line(_ text: String) {
    output += text.utf8
    output += [0x0D, 0x0A]
  }
}
