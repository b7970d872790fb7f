internal import TrestleCore

/// Reads requests of one layout by the places that its operations speak of.
///
/// Gives what reading the whole message gives, or nothing: then the message has to be read whole.
final class RequestPlan: Sendable {
  private final class Candidate: Sendable {
    let operation: TCPOperation
    /// What calls of it must remember: nothing that differs from one to the next.
    let context: TCPCodec.Context
    let pattern: RequestPattern
    /// Where each constant and each binding of the pattern stands among the values.
    let constants: [Int]
    let bindings: [Int]
    /// Where it stands whether the place is there that a request must have.
    let presence: Int?

    init(
      _ operation: TCPOperation, _ pattern: RequestPattern, layout: any MessageLayout,
      constants: [Int], bindings: [Int], presence: Int?
    ) {
      context = TCPCodec.Context(layout: layout, operation: operation)
      self.operation = operation
      self.pattern = pattern
      self.constants = constants
      self.bindings = bindings
      self.presence = presence
    }

    func isMet(by values: UnsafeMutableBufferPointer<Value?>) -> Bool {
      if let presence, values[presence] == nil { return false }
      for position in constants.indices {
        guard let found = values[constants[position]], pattern.constants[position].isMet(by: found)
        else { return false }
      }
      return true
    }
  }

  private let reader: any PlaceReading
  private let candidates: [Candidate]

  /// `operations` are the layout's, in the order they are tried. Nil where one of them needs more than
  /// places, or the layout cannot read by places.
  init?(_ operations: [TCPOperation], layout: any MessageLayout) {
    var texts: [ValuePath] = []
    var present: [ValuePath] = []
    for operation in operations {
      guard let pattern = operation.request, operation.isKnownByPlaces else { return nil }
      for path in pattern.constants.map(\.path) + pattern.boundPlaces where !texts.contains(path) {
        texts.append(path)
      }
      if let place = operation.placeToBePresent, !present.contains(place) { present.append(place) }
    }
    guard !operations.isEmpty, let reader = layout.placeReader(texts: texts, present: present)
    else { return nil }
    self.reader = reader
    let position = { (path: ValuePath) in texts.firstIndex(of: path) ?? 0 }
    candidates = operations.compactMap { operation in
      operation.request.map { pattern in
        Candidate(
          operation, pattern, layout: layout,
          constants: pattern.constants.map { position($0.path) },
          bindings: pattern.boundPlaces.map(position),
          presence: operation.placeToBePresent.flatMap { present.firstIndex(of: $0) }
            .map { texts.count + $0 })
      }
    }
  }

  /// The call that a request is, with the request; nil where only reading it whole can tell.
  func call(of received: ReceivedRequest) -> Call? {
    var candidate: Candidate?
    var parameters = Record()
    var warnings: [String] = []
    _ = reader.read(received.request.body) { values in
      guard let found = candidates.first(where: { $0.isMet(by: values) }) else { return }
      parameters = found.pattern.parameters(
        typed: found.operation.parameters, warnings: &warnings
      ) { values[found.bindings[$0]] }
      candidate = found
    }
    guard let candidate else { return nil }
    return .read(
      candidate.operation.name, parameters, warnings: warnings, context: candidate.context,
      from: received)
  }
}
