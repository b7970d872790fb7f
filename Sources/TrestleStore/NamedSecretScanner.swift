/// Masks what stands under certain names in XML and JSON messages, whether or not they are well-formed.
///
/// It looks at names alone and parses nothing: what it is given may be broken or cut off. An element
/// of such a name loses its whole content; so does the value behind an XML-RPC member's name.
struct NamedSecretScanner {
  private let bytes: [UInt8]
  private let names: Set<String>
  private var output: [UInt8] = []
  private var index = 0
  private var count = 0

  /// How many secrets were masked; nil where the bytes are neither XML nor JSON in an ASCII-like encoding.
  static func mask(_ bytes: inout [UInt8], names: Set<String>) -> Int? {
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start]) { start += 1 }
    guard start < bytes.count else { return 0 }
    let first = bytes[start]
    // Two bytes a character look like XML at every other byte only.
    guard start + 1 >= bytes.count || bytes[start + 1] != 0 else { return nil }
    guard [UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "[")].contains(first) else {
      return nil
    }
    guard !names.isEmpty else { return 0 }
    var scanner = NamedSecretScanner(bytes: bytes, names: names)
    if first == UInt8(ascii: "<") { scanner.scanXML() } else { scanner.scanJSON() }
    if scanner.count > 0 { bytes = scanner.output }
    return scanner.count
  }

  private init(bytes: [UInt8], names: Set<String>) {
    self.bytes = bytes
    self.names = names
    output.reserveCapacity(bytes.count)
  }

  // MARK: XML

  private mutating func scanXML() {
    // An XML-RPC member whose name is a secret's: its value follows.
    var awaitsValue = false
    while let tag = bytes.find([UInt8(ascii: "<")], from: index) {
      if bytes[tag...].starts(with: "<!--".utf8) {
        copy(to: bytes.find(Array("-->".utf8), from: tag).map { $0 + 3 } ?? bytes.count)
        continue
      }
      guard let end = endOfTag(from: tag) else { break }
      let qualified = name(from: tag + 1)
      let local = qualified.split(separator: ":").last.map(String.init) ?? ""
      let isEmpty = end >= 2 && bytes[end - 2] == UInt8(ascii: "/")
      copy(to: end)
      guard !isEmpty, !local.isEmpty else { continue }
      if names.contains(local) || awaitsValue && local == "value" {
        awaitsValue = false
        skipContent(of: qualified)
      } else if local == "name" {
        let close = bytes.find([UInt8(ascii: "<")], from: end) ?? bytes.count
        awaitsValue = names.contains(String(decoding: bytes[end..<close], as: UTF8.self))
      }
    }
    copy(to: bytes.count)
  }

  private mutating func copy(to end: Int) {
    output += bytes[index..<end]
    index = end
  }

  /// Leaves out everything up to the end tag that belongs to the start tag just copied.
  private mutating func skipContent(of name: String) {
    output += Array(SecretMask.stars.utf8)
    count += 1
    var depth = 1
    var place = index
    while let tag = bytes.find([UInt8(ascii: "<")], from: place) {
      if bytes[tag...].starts(with: "<![CDATA[".utf8) {
        place = bytes.find(Array("]]>".utf8), from: tag).map { $0 + 3 } ?? bytes.count
        continue
      }
      guard let end = endOfTag(from: tag) else { break }
      if bytes[tag + 1] == UInt8(ascii: "/") {
        if self.name(from: tag + 2) == name { depth -= 1 }
      } else if self.name(from: tag + 1) == name, bytes[end - 2] != UInt8(ascii: "/") {
        depth += 1
      }
      if depth == 0 {
        index = tag
        return
      }
      place = end
    }
    // Cut off inside of the secret.
    index = bytes.count
  }

  private func name(from start: Int) -> String {
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      if byte <= 0x20 || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { break }
      end += 1
    }
    return start < end ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
  }

  /// Behind the `>` of a tag; one inside a quoted attribute does not end it.
  private func endOfTag(from start: Int) -> Int? {
    var quote: UInt8?
    var place = start + 1
    while place < bytes.count {
      let byte = bytes[place]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return place + 1
      }
      place += 1
    }
    return nil
  }

  // MARK: JSON

  private mutating func scanJSON() {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\"") else {
        copy(to: index + 1)
        continue
      }
      let start = index
      let end = endOfString(from: start)
      let word = String(decoding: bytes[(start + 1)..<max(start + 1, end - 1)], as: UTF8.self)
      copy(to: end)
      guard names.contains(word) else { continue }
      var place = end
      while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
      guard place < bytes.count, bytes[place] == UInt8(ascii: ":") else { continue }
      place += 1
      while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
      copy(to: place)
      output += Array("\"\(SecretMask.stars)\"".utf8)
      count += 1
      index = endOfJSONValue(from: place)
    }
  }

  private func endOfString(from start: Int) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(place + 1, bytes.count)
  }

  private func endOfJSONValue(from start: Int) -> Int {
    var place = start
    var depth = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        place = endOfString(from: place)
        if depth == 0 { return place }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return place }
        depth -= 1
        if depth == 0 { return place + 1 }
      case UInt8(ascii: ","): if depth == 0 { return place }
      default: break
      }
      place += 1
    }
    return bytes.count
  }
}
