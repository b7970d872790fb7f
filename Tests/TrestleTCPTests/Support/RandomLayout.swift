import TrestleCore

@testable import TrestleTCP

/// Random layouts with random values that they can hold. The same seed gives the same.
struct RandomLayout {
  var section: Record
  var message: Value

  init(seed: UInt64) {
    var maker = RandomRecord(generator: SeededGenerator(seed: seed))
    var message = Record()
    let fields = maker.fields(&message, depth: 0)
    section = ["encoding": .string(maker.encoding)]
    for (name, record) in maker.records { section[name] = record }
    section["r"] = .object(fields)
    self.message = .object(message)
  }
}

/// A record of random fields, and what they hold.
struct RandomRecord {
  var generator: SeededGenerator
  let encoding: String
  /// Records that others name.
  var records: [(String, Value)] = []
  private var serial = 0

  init(generator: SeededGenerator) {
    self.generator = generator
    encoding =
      ["utf-8", "cp037", "iso-8859-1", "cp500"].randomElement(using: &self.generator) ?? "utf-8"
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &generator)
  }

  mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

  mutating func name(_ prefix: String = "f") -> String {
    serial += 1
    return "\(prefix)\(serial)"
  }

  mutating func fields(_ message: inout Record, depth: Int) -> Record {
    var fields = Record()
    var plain: [String] = []
    for _ in 0..<number(1...(depth == 0 ? 7 : 3)) {
      let name = name()
      switch depth < 3 ? number(0...19) : number(0...11) {
      case 12: group(name, &fields, &message, depth)
      case 13: list(name, &fields, &message, depth)
      case 14: choice(name, &fields, &message, depth)
      case 15: sized(name, &fields, &message, depth)
      case 16: bits(name, &fields, &message)
      case 17: part(name, &fields, &message, depth)
      case 18: condition(name, &fields, &message)
      case 19: embedded(name, &fields, &message)
      default:
        let (text, value) = scalar()
        fields[name] = .string(text)
        message[name] = value
      }
      plain.append(name)
      if chance(15) { measure(&fields, over: plain) }
    }
    if chance(40) { measure(&fields, over: plain) }
    return fields
  }

  /// A field that measures those before it; its value writes itself.
  private mutating func measure(_ fields: inout Record, over names: [String]) {
    guard let first = names.randomElement(using: &generator),
      let start = names.firstIndex(of: first)
    else { return }
    let last = names[number(start...names.count - 1)]
    let span = chance(60) ? "\(first)..\(last)" : first
    let kinds = [
      "uint32 = length(\(span))", "digits(5) = length(\(span))",
      "uint16 le = crc16-modbus(\(span))",
      "hex(4) = crc32(\(first)..\(last))", "text(2) = xor(\(first)..\(last))",
      "digits(3) = sum(\(first)..\(last))", "uint32 = length(\(span)) * 2 + 1",
      "text(u8) = length(\(first)..\(last))",
    ]
    fields[name("m")] = .string(kinds.randomElement(using: &generator) ?? kinds[0])
  }

  private mutating func group(
    _ name: String, _ fields: inout Record, _ message: inout Record, _ depth: Int
  ) {
    var inner = Record()
    fields[name] = .object(self.fields(&inner, depth: depth + 1))
    message[name] = .object(inner)
  }

  /// A list of records, as long as a field before it says, or ended by a byte.
  private mutating func list(
    _ name: String, _ fields: inout Record, _ message: inout Record, _ depth: Int
  ) {
    let count = number(0...4)
    let (text, _) = scalar()
    var items: [Value] = []
    switch number(0...3) {
    case 0:
      let counter = self.name("n")
      fields[counter] = "uint16"
      let item = "list(uint16, count: \(counter))"
      fields[name] = .string(item)
      items = (0..<count).map { _ in .integer(Int64(number(0...65535))) }
    case 1:
      fields[name] = ["list": "text(u8)", "until": "\\xff"]
      items = (0..<count).map { _ in .string(self.text(number(0...9))) }
    case 2:
      fields[name] = [
        "list": ["a": "uint8", "sum": "uint8 = complement(a..b)", "b": "text(u8)"], "size": "u16",
      ]
      items = (0..<count).map { _ in
        ["a": .integer(Int64(number(0...255))), "b": .string(self.text(number(0...9)))]
      }
    default:
      fields[name] = .string("list(\(text), count: \(count))")
      for _ in 0..<count { items.append(Self.value(of: text, &self)) }
    }
    message[name] = .array(items)
  }

  private mutating func choice(
    _ name: String, _ fields: inout Record, _ message: inout Record, _ depth: Int
  ) {
    let on = self.name("k")
    fields[on] = "uint8 {1: one, 2: two}"
    var one = Record(), two = Record()
    let first = self.fields(&one, depth: depth + 1)
    let second = self.fields(&two, depth: depth + 1)
    let isFirst = chance(50)
    fields[name] = [
      "switch": .string(on), "cases": ["one": .object(first), "two": .object(second)],
    ]
    message[on] = isFirst ? "one" : "two"
    message[name] = .object(isFirst ? one : two)
  }

  /// Fields within bytes that a length says, or a field before them.
  private mutating func sized(
    _ name: String, _ fields: inout Record, _ message: inout Record, _ depth: Int
  ) {
    var inner = Record()
    let content = self.fields(&inner, depth: depth + 1)
    var size = ["u16", "u32le", "lllll", "lllll:bcd"].randomElement(using: &generator) ?? "u16"
    if chance(40) {
      size = self.name("s")
      fields[size] = .string(
        ["uint16", "digits(6)", "text(u8)"].randomElement(using: &generator) ?? "uint16")
    }
    fields[name] = ["fields": .object(content), "size": .string(size)]
    message[name] = .object(inner)
  }

  private mutating func bits(_ name: String, _ fields: inout Record, _ message: inout Record) {
    let width = number(1...6)
    fields[name] = [
      "bits": ["a": .integer(Int64(width)), "b": "flag", "c": .integer(Int64(15 - width))]
    ]
    message[name] = [
      "a": .integer(Int64(number(0...(1 << width) - 1))), "b": .bool(chance(50)),
      "c": .integer(Int64(number(0...(1 << (15 - width)) - 1))),
    ]
  }

  /// A record by its name, in an extent.
  private mutating func part(
    _ name: String, _ fields: inout Record, _ message: inout Record, _ depth: Int
  ) {
    let record = self.name("part")
    var inner = Record()
    records.append((record, .object(self.fields(&inner, depth: depth + 1))))
    fields[name] = .string(chance(50) ? record : "\(record)(u16)")
    message[name] = .object(inner)
  }

  private mutating func condition(
    _ name: String, _ fields: inout Record, _ message: inout Record
  ) {
    let on = self.name("c")
    fields[on] = "text(1)"
    fields[name] = .string("uint16 if \(on) == \"A\"")
    let isThere = chance(50)
    message[on] = isThere ? "A" : "B"
    if isThere { message[name] = .integer(Int64(number(0...65535))) }
  }

  private mutating func embedded(
    _ name: String, _ fields: inout Record, _ message: inout Record
  ) {
    let text = self.text(number(1...9))
    switch number(0...2) {
    case 0:
      fields[name] = "json(u16)"
      message[name] = ["a": [1, .string(text), nil], "b": true]
    case 1:
      fields[name] = "xml(u32)"
      message[name] = ["doc": ["x": .string(text)]]
    default:
      fields[name] = ["layout": ["kv": ["separator": ";", "escape": "\\"]], "size": "u16le"]
      message[name] = ["A": .string(text), "B;": [.string("=;" + text), ""]]
    }
  }

  mutating func text(_ count: Int) -> String {
    String((0..<count).map { _ in "abcXYZ019-_/".randomElement(using: &generator) ?? "a" })
  }

  mutating func scalar() -> (String, Value) {
    let texts = [
      "text(\(number(1...20))) trim", "text(u8)", "text(lll)", "text(to \"|\")", "text(9) cstring",
      "digits(\(number(1...12)))", "packed(\(number(10...18)),3)", "zoned(\(number(10...15)),2)",
      "comp(\(number(10...18)),1)", "packed(4)", "bcd(\(number(1...9)))", "int16 le", "uint8",
      "int32",
      "uint64", "int64 le", "float64", "float64 ibm", "float32", "hex(u8)", "hex(3)", "bytes(4)",
      "bool(\"YY\",\"NN\")", "date(\"yyyyMMdd\")", "date(\"yyDDD\")", "date(\"yyMMdd\") packed",
      "date(\"yyyyMMddHHmmss\")", "epoch32", "epoch64 millis", "varint",
      "uint16 {1: one, 2: two}",
    ]
    let text = texts.randomElement(using: &generator) ?? texts[0]
    return (text, Self.value(of: text, &self))
  }

  /// A value that a field can hold.
  static func value(of text: String, _ maker: inout RandomRecord) -> Value {
    let written = FieldText(text)
    let sizes = (written?.arguments ?? []).compactMap { Int($0) }
    let size = sizes.first ?? 9
    func digits(_ count: Int) -> String {
      var text = ""
      for _ in 0..<count { text += String(maker.number(0...9)) }
      return text
    }
    func two(_ range: ClosedRange<Int>) -> String {
      let value = maker.number(range)
      return value < 10 ? "0\(value)" : "\(value)"
    }
    let day = "\(maker.number(1970...2049))-\(two(1...12))-\(two(1...28))"
    let time = "\(two(0...23)):\(two(0...59)):\(two(0...59))"
    switch written?.type {
    case "text": return .string(maker.text(maker.number(0...min(size, 9))))
    case "digits", "bcd": return .string(digits(size))
    case "packed" where sizes.count == 1: return .integer(Int64(maker.number(-9999...9999)))
    case "packed", "zoned", "comp":
      let scale = sizes[1]
      let sign = maker.chance(50) ? "-" : ""
      return .string("\(sign)\(maker.number(1...9))\(digits(size - scale - 1)).\(digits(scale))")
    case "int16": return .integer(Int64(maker.number(-32768...32767)))
    case "uint8": return .integer(Int64(maker.number(0...255)))
    case "int32": return .integer(Int64(maker.number(-2_147_483_648...2_147_483_647)))
    case "uint64": return .string(String(UInt64.random(in: .min ... .max, using: &maker.generator)))
    case "int64": return .string(String(Int64.random(in: .min ... .max, using: &maker.generator)))
    case "float64": return .double(Double.random(in: -1e9...1e9, using: &maker.generator))
    case "float32": return .double(Double(Float.random(in: -1e9...1e9, using: &maker.generator)))
    case "hex", "bytes":
      let count = sizes.first ?? maker.number(0...5)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &maker.generator) }
      return written?.type == "bytes"
        ? .bytes(bytes) : .string(bytes.map(HexWindow.hexadecimal).joined().uppercased())
    case "bool": return .bool(maker.chance(50))
    case "date":
      return .string(written?.arguments[0].contains("H") == true ? "\(day)T\(time)" : day)
    case "epoch32": return .string("\(day)T\(time)Z")
    case "epoch64": return .string("\(day)T\(time).\(maker.number(100...999))Z")
    case "varint": return .integer(Int64(maker.number(0...Int(Int64.max))))
    default: return ["one", "two", 3].randomElement(using: &maker.generator) ?? 3
    }
  }
}
