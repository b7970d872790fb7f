internal import TrestleCore

/// A secret value, and how it may look on the wire.
struct Secret: Sendable {
  private let text: [UInt8]
  private let isShort: Bool
  /// The forms that any protocol may have.
  private let forms: [[UInt8]]
  /// The forms that only fields of binary layouts have.
  private let binaryForms: [[UInt8]]

  /// Shorter ones are found in texts only where they stand alone, between tags or quotes.
  private static let shortest = 4

  init(_ value: Value, text: String) {
    let bytes = Array(text.utf8)
    self.text = bytes
    isShort = bytes.count < Self.shortest
    var forms = [bytes]
    var binary: [[UInt8]] = []
    if case .bytes(let raw) = value {
      binary.append(raw)
      binary.append(Array(Self.hexadecimal(raw, capitals: true).utf8))
      forms.append(Array(Self.hexadecimal(raw, capitals: false).utf8))
    }
    let xml = Self.escaped(text)
    if xml != bytes { forms.append(xml) }
    let json = Array(JSONWriter.bytes(.string(text)).dropFirst().dropLast())
    if json != bytes { forms.append(json) }
    let percent = Array(PercentEncoding.encoded(text).utf8)
    if percent != bytes { forms.append(percent) }
    forms.append(text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    forms.append(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    if let latin = Self.latin(text), latin != bytes { forms.append(latin) }
    if let ebcdic = Self.ebcdic(bytes) { binary.append(ebcdic) }
    binary += Self.packed(bytes)
    // The longest first: a shorter form may be part of it.
    self.forms = forms.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    binaryForms = binary.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
  }

  /// Whether a text is nothing but this secret.
  func isWhole(_ text: String) -> Bool { self.text.elementsEqual(text.utf8) }

  /// Puts stars over every form of it; whether there was any. Of what is no text the length stays: the
  /// places of the fields behind it are worth keeping.
  func mask(in bytes: inout [UInt8], isText: Bool) -> Bool {
    var isFound = false
    func replace(_ form: [UInt8], keeping edges: Int = 0) {
      let stars =
        isText
        ? Array(form.prefix(edges)) + Array(SecretMask.stars.utf8) + Array(form.suffix(edges))
        : Array(repeating: UInt8(ascii: "*"), count: form.count)
      if bytes.replaceAll(form, with: stars) { isFound = true }
    }
    guard isText else {
      for form in binaryForms + forms { replace(form) }
      return isFound
    }
    for form in forms {
      guard isShort else {
        replace(form)
        continue
      }
      for (open, close) in [("<", ">"), ("\"", "\""), ("'", "'")] {
        // Between tags: behind the end of one, before the beginning of the next.
        let before = open == "<" ? close : open
        let after = open == "<" ? open : close
        replace(Array(before.utf8) + form + Array(after.utf8), keeping: 1)
      }
    }
    return isFound
  }

  // MARK: Forms

  private static func escaped(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): output += Array("&amp;".utf8)
      case UInt8(ascii: "<"): output += Array("&lt;".utf8)
      case UInt8(ascii: ">"): output += Array("&gt;".utf8)
      default: output.append(byte)
      }
    }
    return output
  }

  private static func latin(_ text: String) -> [UInt8]? {
    var output: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard scalar.value < 256 else { return nil }
      output.append(UInt8(scalar.value))
    }
    return output
  }

  private static func hexadecimal(_ bytes: [UInt8], capitals: Bool) -> String {
    let digits = Array((capitals ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Code page 037, as far as letters, digits and blanks go.
  private static func ebcdic(_ text: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    for byte in text {
      let letter = byte & 0xDF
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): output.append(byte | 0xF0)
      case UInt8(ascii: " "): output.append(0x40)
      case _ where letter >= UInt8(ascii: "A") && letter <= UInt8(ascii: "Z"):
        let position = letter - UInt8(ascii: "A")
        let row: UInt8 =
          switch position {
          case ..<9: 0xC1 + position
          case ..<18: 0xD1 + (position - 9)
          default: 0xE2 + (position - 18)
          }
        output.append(byte == letter ? row : row - 0x40)
      default: return nil
      }
    }
    return output
  }

  /// Two digits a byte, whichever half the first one is in; the half beside an odd digit is anything, so
  /// the whole bytes alone are sought.
  private static func packed(_ text: [UInt8]) -> [[UInt8]] {
    let halves = text.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "?"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    guard halves.count == text.count, halves.count >= 2 else { return [] }
    func pairs(from start: Int) -> [UInt8] {
      stride(from: start, to: halves.count - 1, by: 2).map { halves[$0] << 4 | halves[$0 + 1] }
    }
    return [pairs(from: 0), pairs(from: 1)].filter { $0.count >= 2 || halves.count == 2 }
  }
}

extension [UInt8] {
  /// Where some bytes stand next.
  func find(_ sought: [UInt8], from start: Int = 0) -> Int? {
    guard let first = sought.first, count - start >= sought.count else { return nil }
    return withUnsafeBufferPointer { whole in
      sought.withUnsafeBufferPointer { sought in
        var index = start
        let last = whole.count - sought.count
        while index <= last {
          if whole[index] == first {
            var length = 1
            while length < sought.count, whole[index + length] == sought[length] { length += 1 }
            if length == sought.count { return index }
          }
          index += 1
        }
        return nil
      }
    }
  }

  func contains(_ sought: [UInt8]) -> Bool { find(sought) != nil }

  /// Puts other bytes in place of some wherever they stand; whether they did.
  mutating func replaceAll(_ sought: [UInt8], with other: [UInt8]) -> Bool {
    guard var place = find(sought) else { return false }
    var output: [UInt8] = []
    var done = 0
    while true {
      output += self[done..<place]
      output += other
      done = place + sought.count
      guard let next = find(sought, from: done) else { break }
      place = next
    }
    output += self[done...]
    self = output
    return true
  }
}
