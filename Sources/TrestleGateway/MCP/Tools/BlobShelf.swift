internal import Synchronization
internal import Trestle

/// Binary data that is too large for a result, kept for a while to be read as resources by whoever got the result.
final class BlobShelf: Sendable {
  /// What is larger is told as a link.
  static let greatestInline = 256 << 10
  /// The oldest make room.
  private static let greatestSum = 64 << 20

  private struct State {
    var blobs: [(uri: String, owner: String?, bytes: [UInt8])] = []
    var sum = 0
    var next = 1
  }

  private let state = Mutex(State())

  func bytes(at uri: String, of owner: String?) -> [UInt8]? {
    state.withLock { state in
      state.blobs.first { $0.uri == uri && $0.owner == owner }?.bytes
    }
  }

  private func keep(_ bytes: [UInt8], of owner: String?) -> String {
    state.withLock { state in
      let uri = "trestle://blobs/\(state.next)"
      state.next += 1
      state.blobs.append((uri, owner, bytes))
      state.sum += bytes.count
      while state.sum > Self.greatestSum, state.blobs.count > 1 {
        state.sum -= state.blobs.removeFirst().bytes.count
      }
      return uri
    }
  }

  /// Puts the address of what is too large in its place.
  func shelve(
    _ value: Value, of owner: String?, at place: String = "",
    links: inout [(uri: String, name: String, size: Int)]
  ) -> Value {
    switch value {
    case .bytes(let bytes) where bytes.count > Self.greatestInline:
      let uri = keep(bytes, of: owner)
      links.append((uri, place.isEmpty ? "result" : String(place.dropFirst()), bytes.count))
      return .string(uri)
    case .array(let items):
      return .array(
        items.enumerated().map {
          shelve($0.element, of: owner, at: "\(place)/\($0.offset)", links: &links)
        })
    case .object(let record):
      return .object(
        Record(
          record.map {
            Record.Member(
              name: $0.name,
              value: shelve($0.value, of: owner, at: "\(place)/\($0.name)", links: &links))
          }))
    default: return value
    }
  }
}
