internal import Synchronization

/// The OpenAPI documents that clients may see, by the systems that their tokens are for. Each is made once, when it is
/// first asked for: it holds the shapes of all operations.
final class DocumentShelf: Sendable {
  private let make: @Sendable (Grant) -> [UInt8]
  private let made = Mutex<[Set<String>?: [UInt8]]>([:])
  /// How many are kept. Tokens for the same systems see the same one.
  private static let most = 16

  init(_ make: @escaping @Sendable (Grant) -> [UInt8]) { self.make = make }

  func bytes(for grant: Grant) -> [UInt8] {
    if let bytes = made.withLock({ $0[grant.systems] }) { return bytes }
    let bytes = make(grant)
    made.withLock { made in
      if made.count >= Self.most { made = made.filter { $0.key == nil } }
      made[grant.systems] = bytes
    }
    return bytes
  }
}
