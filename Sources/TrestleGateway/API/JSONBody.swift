internal import Trestle

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// JSON as it goes out.
enum JSONBody {
  static let type = "application/json"

  static func bytes(of value: Value) -> [UInt8] { JSONWriter.bytes(value) + [0x0A] }

  /// The header fields of a JSON response.
  static func fields(length: Int) -> [HeaderField] {
    fields(type: type) + [HeaderField("Content-Length", "\(length)")]
  }

  /// The header fields of every response: what is answered is about this moment, and is no page.
  static func fields(type: String?) -> [HeaderField] {
    (type.map { [HeaderField("Content-Type", $0)] } ?? [])
      + [
        HeaderField("Cache-Control", "no-store"), HeaderField("X-Content-Type-Options", "nosniff"),
        HeaderField("Date", date()),
      ]
  }

  /// Now, as RFC 9110 §5.6.7 writes it.
  private static func date() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var bytes = [CChar](repeating: 0, count: 40)
    let count = strftime(&bytes, bytes.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
