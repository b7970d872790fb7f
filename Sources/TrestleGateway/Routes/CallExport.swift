internal import Trestle

/// Calls as one long text, a piece at a time, the oldest first.
struct CallExport: Sendable {
  private let mocks: RunningMocks
  private let query: JournalQuery
  private let isHAR: Bool
  /// What goes before the first call and behind the last one.
  private let head: [UInt8]
  private let tail: [UInt8]

  /// How many calls a piece has.
  static let piece = 200
  static let harType = "application/json"
  static let linesType = "application/jsonl"

  /// Exports the calls that a query means, whatever its order.
  init(mocks: RunningMocks, query: JournalQuery, isHAR: Bool, version: String) {
    self.mocks = mocks
    self.isHAR = isHAR
    var query = query
    query.isOldestFirst = true
    query.limit = Self.piece
    self.query = query
    guard isHAR else {
      (head, tail) = ([], [])
      return
    }
    // An archive without entries, cut where they stand.
    let ending = "]}}"
    head = JSONWriter.bytes(HARLog.value(of: [], creator: version)).dropLast(ending.utf8.count)
    tail = Array(ending.utf8) + [0x0A]
  }

  var type: String { isHAR ? Self.harType : Self.linesType }

  /// The calls with higher numbers.
  func piece(after id: Int64) async throws -> APIResponse.Piece {
    var query = query
    query.after = id
    let entries = try await mocks.calls(query)
    let isLast = entries.count < Self.piece
    var bytes = id == 0 ? head : []
    for (index, entry) in entries.enumerated() {
      if isHAR, index > 0 || id > 0 { bytes += [UInt8(ascii: ","), 0x0A] }
      bytes += JSONWriter.bytes(isHAR ? HARLog.entry(entry) : entry.jsonValue())
      if !isHAR { bytes.append(0x0A) }
    }
    if isLast { bytes += tail }
    return APIResponse.Piece(bytes: bytes, cursor: isLast ? nil : entries.last?.id)
  }
}
