#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Reads the files of a corpus.
enum CorpusFiles {
  /// A file's bytes, or nil when it cannot be read.
  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return ferror(file) == 0 ? bytes : nil
  }

  /// The rows of a tab-separated file with column names in its first line: no quoting, no escapes.
  static func table(_ path: String) -> [[String: String]]? {
    guard let bytes = bytes(path) else { return nil }
    let lines = bytes.split(separator: 0x0A).map { line in
      String(decoding: line, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
        .map(String.init)
    }
    guard let columns = lines.first else { return [] }
    return lines.dropFirst().map { fields in
      Dictionary(zip(columns, fields), uniquingKeysWith: { first, _ in first })
    }
  }
}
