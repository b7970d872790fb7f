internal import TrestleCore

/// Lays values down in memory, as far as it goes, and counts what all of it takes.
///
/// What is laid down is read again by this process alone, in the same order: it has no versions, and what is eight
/// bytes wide is in the processor's own order. Thousands of exchanges lie there and are written over in turn, so
/// that every byte of them is one that the caches do not have: sizes take seven bits a byte (LEB128), most of them one.
struct PackingWriter {
  private let memory: UnsafeMutableRawBufferPointer
  /// How many bytes were put, whether there was room for them or not.
  private(set) var count = 0

  init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

  /// Whether there was room for all.
  var isComplete: Bool { count <= memory.count }

  mutating func put(byte: UInt8) {
    if count < memory.count { memory[count] = byte }
    count += 1
  }

  /// Puts eight bytes.
  mutating func put(fixed integer: Int64) {
    let end = count + MemoryLayout<Int64>.size
    if end <= memory.count {
      memory.storeBytes(of: integer, toByteOffset: count, as: Int64.self)
    }
    count = end
  }

  /// Puts a number that is small as a rule.
  mutating func put(size: UInt64) {
    var rest = size
    while rest >= 0x80 {
      put(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(byte: UInt8(truncatingIfNeeded: rest))
  }

  mutating func put(size: Int) { put(size: UInt64(size)) }

  mutating func put(raw bytes: UnsafeBufferPointer<UInt8>) {
    put(size: bytes.count)
    let end = count + bytes.count
    if end <= memory.count, let base = bytes.baseAddress {
      memory.baseAddress?.advanced(by: count).copyMemory(from: base, byteCount: bytes.count)
    }
    count = end
  }
}

/// The kinds of values, as they stand before them.
enum PackedKind {
  static let null: UInt8 = 0
  static let no: UInt8 = 1
  static let yes: UInt8 = 2
  static let integer: UInt8 = 3
  static let number: UInt8 = 4
  static let double: UInt8 = 5
  static let string: UInt8 = 6
  static let bytes: UInt8 = 7
  static let dateTime: UInt8 = 8
  static let array: UInt8 = 9
  static let object: UInt8 = 10
}

extension PackingWriter {
  mutating func put(_ text: String) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { put(raw: $0) }
    if isDone == nil { put(Array(text.utf8)) }
  }

  mutating func put(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { put(raw: $0) } }

  mutating func put(_ texts: [String]) {
    put(size: texts.count)
    for text in texts { put(text) }
  }

  mutating func put(_ headers: Headers) {
    put(size: headers.fields.count)
    for field in headers.fields {
      put(field.name)
      put(field.value)
    }
  }

  mutating func put(_ record: TrestleCore.Record) {
    put(size: record.members.count)
    for member in record.members {
      put(member.name)
      put(member.value)
    }
  }

  mutating func put(_ value: Value) {
    switch value {
    case .null: put(byte: PackedKind.null)
    case .bool(let flag): put(byte: flag ? PackedKind.yes : PackedKind.no)
    case .integer(let number):
      put(byte: PackedKind.integer)
      put(fixed: number)
    case .number(let number):
      put(byte: PackedKind.number)
      put(number.text)
    case .double(let number):
      put(byte: PackedKind.double)
      put(fixed: Int64(bitPattern: number.bitPattern))
    case .string(let text):
      put(byte: PackedKind.string)
      put(text)
    case .bytes(let bytes):
      put(byte: PackedKind.bytes)
      put(bytes)
    case .dateTime(let text):
      put(byte: PackedKind.dateTime)
      put(text)
    case .array(let items):
      put(byte: PackedKind.array)
      put(size: items.count)
      for item in items { put(item) }
    case .object(let record):
      put(byte: PackedKind.object)
      put(record)
    }
  }
}

/// Reads what was laid down, in the same order.
struct PackedReader {
  private let memory: UnsafeRawBufferPointer
  private var place = 0

  init(_ memory: UnsafeRawBufferPointer) { self.memory = memory }

  private mutating func raw() -> UnsafeRawBufferPointer {
    let count = count()
    defer { place += count }
    return UnsafeRawBufferPointer(rebasing: memory[place..<place + count])
  }

  private mutating func byte() -> UInt8 {
    defer { place += 1 }
    return memory[place]
  }

  mutating func fixed() -> Int64 {
    defer { place += MemoryLayout<Int64>.size }
    return memory.loadUnaligned(fromByteOffset: place, as: Int64.self)
  }

  mutating func size() -> UInt64 {
    var size: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = byte()
      size |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return size }
      shift += 7
    }
  }

  private mutating func count() -> Int { Int(size()) }

  mutating func text() -> String { String(decoding: raw(), as: UTF8.self) }

  mutating func bytes() -> [UInt8] { Array(raw()) }

  mutating func texts() -> [String] { (0..<count()).map { _ in text() } }

  mutating func headers() -> Headers {
    Headers((0..<count()).map { _ in Headers.Field(name: text(), value: text()) })
  }

  mutating func record() -> TrestleCore.Record {
    TrestleCore.Record(
      uniqueMembers: (0..<count()).map { _ in
        TrestleCore.Record.Member(name: text(), value: value())
      })
  }

  mutating func value() -> Value {
    switch byte() {
    case PackedKind.no: .bool(false)
    case PackedKind.yes: .bool(true)
    case PackedKind.integer: .integer(fixed())
    case PackedKind.number: .number(NumberText(verified: text()))
    case PackedKind.double: .double(Double(bitPattern: UInt64(bitPattern: fixed())))
    case PackedKind.string: .string(text())
    case PackedKind.bytes: .bytes(bytes())
    case PackedKind.dateTime: .dateTime(text())
    case PackedKind.array: .array((0..<count()).map { _ in value() })
    case PackedKind.object: .object(record())
    default: .null
    }
  }
}
