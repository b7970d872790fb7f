import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes that a foreign peer made. The first line of each file says which, and is not part of them.
enum Fixture {
  static func bytes(_ name: String, from file: String = #filePath) throws -> [UInt8] {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = folder.joined(separator: "/") + "/Fixtures/" + name
    let handle = try #require(fopen(path, "rb"), "no fixture \(path)")
    defer { fclose(handle) }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, handle), count > 0 {
      all.append(contentsOf: chunk[..<count])
    }
    let end = try #require(all.firstIndex(of: 0x0A))
    return Array(all[(end + 1)...])
  }
}

extension [UInt8] {
  /// The bytes as text, for messages of failed tests.
  var text: String { String(decoding: self, as: UTF8.self) }
}

/// A call of parameters given as the inside of `<value>`.
func callDocument(_ values: String..., method: String = "m") -> String {
  let params = values.map { "<param><value>\($0)</value></param>" }.joined()
  return "<methodCall><methodName>\(method)</methodName><params>\(params)</params></methodCall>"
}

/// A response of a value given as the inside of `<value>`.
func responseDocument(_ value: String) -> String {
  "<methodResponse><params><param><value>\(value)</value></param></params></methodResponse>"
}
