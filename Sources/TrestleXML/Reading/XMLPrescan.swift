#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Looks over UTF-8 bytes before the parser sees them, for what its handlers would see too late.
enum XMLPrescan {
  /// Refuses documents over the byte limit, NUL bytes, start tags over the tag limit, and comments that
  /// hold "--".
  ///
  /// Runs over the tags only of documents longer than the tag limit. Comments and CDATA sections hold
  /// no tags, and are bounded by the document.
  static func check(
    _ bytes: UnsafeBufferPointer<UInt8>, limits: XMLLimits
  ) throws(XMLFailure) {
    guard bytes.count <= limits.maximumBytes else {
      throw XMLFailure(
        .forbidden, "the document has \(bytes.count) bytes, more than \(limits.maximumBytes)")
    }
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      throw XMLFailure(.malformed, "the document is empty")
    }
    // libxml2 guesses encodings from the first bytes, EBCDIC among them; ours is known by now.
    let mark = bytes.count >= 3 && start[0] == 0xEF && start[1] == 0xBB && start[2] == 0xBF ? 3 : 0
    guard mark < bytes.count, start[mark] == UInt8(ascii: "<") || start[mark].isXMLSpace else {
      throw XMLFailure(
        .malformed, "not well-formed: the document does not begin with '<'", line: 1, column: 1)
    }
    if memchr(start, 0, bytes.count) != nil {
      throw XMLFailure(.malformed, "the document holds a NUL byte")
    }
    guard bytes.count > limits.maximumTagBytes else {
      // Where markup may stand in declarations too, its author is no peer.
      if !limits.allowsDocumentType { try checkComments(start, count: bytes.count) }
      return
    }
    try checkTags(start, count: bytes.count, limit: limits.maximumTagBytes)
  }

  /// Looks at the comments alone: nothing but markup has `<!`, and few messages have any.
  private static func checkComments(
    _ start: UnsafePointer<UInt8>, count: Int
  ) throws(XMLFailure) {
    var position = 1
    while position < count,
      let found = memchr(start + position, Int32(UInt8(ascii: "!")), count - position)
    {
      let sign = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - start
      position = sign + 1
      guard start[sign - 1] == UInt8(ascii: "<") else { continue }
      position = max(position, try endOfDeclaration(start, from: sign, count: count))
    }
  }

  private static func checkTags(
    _ start: UnsafePointer<UInt8>, count: Int, limit: Int
  ) throws(XMLFailure) {
    var position = 0
    while position < count,
      let found = memchr(start + position, Int32(UInt8(ascii: "<")), count - position)
    {
      let open = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - start
      if open + 1 < count, start[open + 1] == UInt8(ascii: "!") {
        position = try endOfDeclaration(start, from: open + 1, count: count)
        continue
      }
      guard let close = endOfTag(start, from: open + 1, count: count, limit: limit) else {
        throw XMLFailure(.forbidden, "a tag at byte \(open) is longer than \(limit) bytes")
      }
      position = close
    }
  }

  /// Where to look on after a `<!`: past the whole comment or CDATA section that it begins.
  private static func endOfDeclaration(
    _ start: UnsafePointer<UInt8>, from begin: Int, count: Int
  ) throws(XMLFailure) -> Int {
    func begins(_ word: StaticString) -> Bool {
      count - begin >= word.utf8CodeUnitCount
        && memcmp(start + begin, word.utf8Start, word.utf8CodeUnitCount) == 0
    }
    let isComment = begins("!--")
    guard isComment || begins("![CDATA[") else { return begin }
    let sign = isComment ? UInt8(ascii: "-") : UInt8(ascii: "]")
    var position = begin + (isComment ? 3 : 8)
    while position + 2 < count,
      let found = memchr(start + position, Int32(sign), count - position - 2)
    {
      let first = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - start
      position = first + 1
      guard start[first + 1] == sign else { continue }
      if start[first + 2] == UInt8(ascii: ">") { return first + 3 }
      // XML 1.0 §2.5. libxml2 copies all of the comment so far for each of its errors.
      if isComment {
        throw XMLFailure(.malformed, "not well-formed: a comment at byte \(begin - 1) holds \"--\"")
      }
    }
    return count
  }

  /// The position after the tag's `>`, or of the document's end; nil when the limit is passed first.
  private static func endOfTag(
    _ start: UnsafePointer<UInt8>, from begin: Int, count: Int, limit: Int
  ) -> Int? {
    var position = begin
    var quote: UInt8 = 0
    let end = min(count, begin + limit)
    while position < end {
      let byte = start[position]
      position += 1
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: ">") {
        return position
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      }
    }
    return end == count ? count : nil
  }
}
