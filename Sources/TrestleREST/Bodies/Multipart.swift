internal import TrestleCore

/// The parts of a multipart body (RFC 2046 §5.1, RFC 7578).
struct Multipart {
  struct Part: Sendable, Hashable {
    var name: String
    var filename: String?
    var contentType: String?
    var body: [UInt8]
  }

  /// More parts than this is no form.
  private static let maximumParts = 1_000

  /// Cuts a body into its parts.
  static func parts(_ body: [UInt8], boundary: String) throws(CodecError) -> [Part] {
    // RFC 2046 §5.1.1: one to seventy characters.
    guard !boundary.isEmpty, boundary.utf8.count <= 70 else {
      throw CodecError(
        path: "body", reason: "the boundary of the multipart body is not 1 to 70 long")
    }
    let delimiter = Array("--\(boundary)".utf8)
    guard var position = find(delimiter, in: body, from: 0, atLineStart: true) else {
      throw CodecError(path: "body", reason: "the multipart body has no boundary --\(boundary)")
    }
    var parts: [Part] = []
    while true {
      position += delimiter.count
      if body[position...].starts(with: "--".utf8) { return parts }
      guard let lineEnd = body[position...].firstIndex(of: 10) else { break }
      let start = lineEnd + 1
      guard let next = find(delimiter, in: body, from: start, atLineStart: true) else { break }
      var end = next
      if end > start, body[end - 1] == 10 { end -= 1 }
      if end > start, body[end - 1] == 13 { end -= 1 }
      guard parts.count < maximumParts else {
        throw CodecError(path: "body", reason: "the multipart body has over \(maximumParts) parts")
      }
      parts.append(part(body[start..<end]))
      position = next
    }
    throw CodecError(
      path: "body", reason: "the multipart body ends without --\(boundary)--", offset: body.count)
  }

  private static func find(
    _ pattern: [UInt8], in body: [UInt8], from start: Int, atLineStart: Bool
  ) -> Int? {
    guard start <= body.count - pattern.count else { return nil }
    var position = start
    while position <= body.count - pattern.count {
      if body[position] == pattern[0], position == 0 || body[position - 1] == 10,
        body[position..<position + pattern.count].elementsEqual(pattern)
      {
        return position
      }
      guard let line = body[position...].firstIndex(of: 10) else { return nil }
      position = line + 1
    }
    return nil
  }

  private static func part(_ bytes: ArraySlice<UInt8>) -> Part {
    var part = Part(name: "", body: [])
    var rest = bytes
    while let end = rest.firstIndex(of: 10) {
      var line = rest[..<end]
      if line.last == 13 { line.removeLast() }
      rest = rest[(end + 1)...]
      if line.isEmpty { break }
      note(String(decoding: line, as: UTF8.self), of: &part)
    }
    part.body = Array(rest)
    return part
  }

  private static func note(_ line: String, of part: inout Part) {
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].trimmingBlanks
    switch line[..<colon].lowercased() {
    case "content-type": part.contentType = String(value)
    case "content-disposition":
      // Read like a media type: a word, and parameters behind it.
      let parameters = MediaType("form/\(value)")?.parameters ?? []
      for parameter in parameters {
        switch parameter.name {
        case "name": part.name = parameter.value
        case "filename": part.filename = part.filename ?? parameter.value
        // RFC 7578 §4.2 forbids it, and some clients send it.
        case "filename*":
          let pieces = parameter.value.split(separator: "'", omittingEmptySubsequences: false)
          if let text = pieces.last { part.filename = PercentEncoding.decoded(text) }
        default: break
        }
      }
    default: break
    }
  }

  /// The body of parts, with a boundary that none of them holds.
  static func body(_ parts: [Part]) -> (bytes: [UInt8], boundary: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in parts {
      for byte in part.body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    var boundary = "trestle-\(String(hash, radix: 36))"
    while parts.contains(where: {
      find(Array("--\(boundary)".utf8), in: $0.body, from: 0, atLineStart: true) != nil
    }) {
      boundary += "0"
    }
    var bytes: [UInt8] = []
    for part in parts {
      bytes += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(quoted(part.name))\"".utf8
      if let filename = part.filename { bytes += "; filename=\"\(quoted(filename))\"".utf8 }
      bytes += "\r\n".utf8
      if let type = part.contentType, type.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
        bytes += "Content-Type: \(type)\r\n".utf8
      }
      bytes += "\r\n".utf8
      bytes += part.body
      bytes += "\r\n".utf8
    }
    bytes += "--\(boundary)--\r\n".utf8
    return (bytes, boundary)
  }

  /// A name as browsers write it (HTML §4.10.22.8): nothing in it ends the line or the quotes.
  private static func quoted(_ text: String) -> String {
    text.replacing("\"", with: "%22").replacing("\r\n", with: "%0D%0A")
      .replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }
}
