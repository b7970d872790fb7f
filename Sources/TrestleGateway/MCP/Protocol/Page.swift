internal import Trestle

/// A list in pages: the cursor of the next one says after which entry it begins, and means nothing to clients.
struct Page<Entry> {
  private static var size: Int { 50 }

  var entries: [Entry]
  /// Nil at the end.
  var next: String?

  /// - Throws: `MCPError` for a cursor that this list has not given, or whose entry is gone.
  init(
    _ all: [Entry], after cursor: Value?, name: (Entry) -> String
  ) throws(MCPError) {
    var start = 0
    if let cursor {
      guard let text = cursor.stringValue, let bytes = Base64.decode(text.utf8, strict: true),
        let last = String(validating: bytes, as: UTF8.self),
        let position = all.firstIndex(where: { name($0) == last })
      else { throw .wrongParameters("the cursor is none of this list, or has expired") }
      start = position + 1
    }
    entries = Array(all[start...].prefix(Self.size))
    let end = start + entries.count
    next = end < all.count ? entries.last.map { Base64.encode(Array(name($0).utf8)) } : nil
  }

  /// The page as a result has it.
  func record(_ key: String, _ value: (Entry) -> Value) -> Record {
    var record: Record = [key: .array(entries.map(value))]
    if let next { record["nextCursor"] = .string(next) }
    return record
  }
}
