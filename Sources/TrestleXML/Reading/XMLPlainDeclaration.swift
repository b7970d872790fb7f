#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The XML declaration that nearly all documents begin with (XML 1.0 §2.8): version 1.0, and UTF-8 if it says an encoding.
///
/// It says nothing that is not known, and libxml2 spends a tenth of a small message on it.
enum XMLPlainDeclaration {
  /// How many bytes it takes at a text's start; 0 where there is another or none, or where what follows is not plainly
  /// the rest of a document.
  static func length(in text: UnsafeBufferPointer<UInt8>) -> Int {
    var scanner = Scanner(text)
    guard scanner.take("<?xml version="), scanner.takeQuoted("1.0") else { return 0 }
    if scanner.take(" encoding=") {
      guard scanner.takeQuoted("UTF-8") || scanner.takeQuoted("utf-8") else { return 0 }
    }
    guard scanner.take("?>") else { return 0 }
    let length = scanner.position
    // Not the end; not a byte order mark, nor a declaration again, which are mistakes here that libxml2 would take for
    // the beginning.
    guard let next = scanner.next, next.isXMLSpace || next == UInt8(ascii: "<"),
      !scanner.take("<?xml")
    else { return 0 }
    return length
  }

  private struct Scanner {
    private let text: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var next: UInt8? { position < text.count ? text[position] : nil }

    mutating func take(_ word: StaticString) -> Bool {
      let count = word.utf8CodeUnitCount
      guard let start = text.baseAddress, text.count - position >= count,
        memcmp(start + position, word.utf8Start, count) == 0
      else { return false }
      position += count
      return true
    }

    /// Takes a word in quotes of either kind.
    mutating func takeQuoted(_ word: StaticString) -> Bool {
      let before = position
      guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
        return false
      }
      position += 1
      guard take(word), next == quote else {
        position = before
        return false
      }
      position += 1
      return true
    }
  }
}
