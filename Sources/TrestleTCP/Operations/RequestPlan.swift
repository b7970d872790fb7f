internal import TrestleCore

/// Reads requests of one layout by the places that its operations speak of.
///
/// Gives what reading the whole message gives, or nothing: then the message has to be read whole.
struct RequestPlan: Sendable {
  private final class Candidate: Sendable {
    let operation: TCPOperation
    let pattern: RequestPattern
    /// Where each constant and each binding of the pattern stands among the values.
    let constants: [Int]
    let bindings: [Int]
    /// Where it stands whether the place is there that a request must have.
    let presence: Int?

    init(
      _ operation: TCPOperation, _ pattern: RequestPattern, constants: [Int], bindings: [Int],
      presence: Int?
    ) {
      self.operation = operation
      self.pattern = pattern
      self.constants = constants
      self.bindings = bindings
      self.presence = presence
    }

    func isMet(by values: [Value?]) -> Bool {
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
          operation, pattern, constants: pattern.constants.map { position($0.path) },
          bindings: pattern.boundPlaces.map(position),
          presence: operation.placeToBePresent.flatMap { present.firstIndex(of: $0) }
            .map { texts.count + $0 })
      }
    }
  }

  /// The call that a request is; nil where only reading it whole can tell.
  func call(of bytes: [UInt8]) -> (operation: TCPOperation, call: Call)? {
    guard let values = reader.values(of: bytes) else { return nil }
    for candidate in candidates where candidate.isMet(by: values) {
      var call = Call(operation: candidate.operation.name)
      call.parameters = candidate.pattern.parameters(
        typed: candidate.operation.parameters, warnings: &call.warnings
      ) { values[candidate.bindings[$0]] }
      return (candidate.operation, call)
    }
    return nil
  }
}
