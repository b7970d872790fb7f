internal import Synchronization
import TrestleCore

/// Samples that were made before: the same schema is shown in many places.
final class SampleShelf: Sendable {
  struct Key: Hashable, Sendable {
    var node: ObjectIdentifier
    var direction: JSONSchema.Direction
    var name: String
  }

  private struct State {
    var samples: [Key: Value?] = [:]
    var size = 0
  }

  /// How many values are kept in all; beyond it the shelf is cleared.
  private static let maximumSize = 200_000

  private let state = Mutex(State())

  /// The sample, which may be none, where it was made.
  func sample(of key: Key) -> Value?? { state.withLock { $0.samples[key] } }

  func keep(_ value: Value?, of key: Key) {
    let size = value?.partCount ?? 1
    state.withLock { state in
      if state.size + size > Self.maximumSize { state = State() }
      state.samples[key] = .some(value)
      state.size += size
    }
  }
}

/// The blends that one sample needs again and again.
final class KnownBlends {
  private var blends: [ObjectIdentifier: SchemaBlend] = [:]

  func blend(of nodes: [SchemaNode], in library: SchemaLibrary) -> SchemaBlend {
    guard nodes.count == 1 else { return SchemaBlend(of: nodes, in: library) }
    let key = ObjectIdentifier(nodes[0])
    if let known = blends[key] { return known }
    let blend = SchemaBlend(of: nodes, in: library)
    blends[key] = blend
    return blend
  }
}
