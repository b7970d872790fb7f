internal import TrestleCore
internal import TrestleREST

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What mocks of described APIs answered, a JSON text a line, for a validator of others' making.
struct AnswerFile {
  private let path = getenv("TRESTLE_ANSWERS").map { String(cString: $0) }
  private var lines: [UInt8] = []

  mutating func add(file: String, _ operation: RESTOperation, _ response: WireResponse) {
    guard path != nil else { return }
    let line: Value = [
      "file": .string(file), "path": .string(operation.path.description),
      "method": .string(operation.method), "status": .integer(Int64(response.status)),
      "type": .string(response.headers["Content-Type"] ?? ""),
      "body": .string(Base64.encode(response.body)),
    ]
    lines += JSONWriter.bytes(line) + [10]
  }

  func write() {
    guard let path, let file = fopen(path, "wb") else { return }
    defer { fclose(file) }
    _ = lines.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
  }
}
