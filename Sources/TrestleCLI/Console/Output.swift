/// Where a command writes: data to one side, everything else (notes, errors, the wire) to the other.
struct Output: Sendable {
  /// One side.
  struct Sink: Sendable {
    /// Whether a person reads it.
    let isTerminal: Bool
    /// How many characters a line of its terminal has.
    var width: Int? = nil
    let write: @Sendable ([UInt8]) -> Void

    func write(_ text: String) { write(Array(text.utf8)) }
  }

  /// Standard output.
  let data: Sink
  /// Standard error.
  let notes: Sink
}

/// Where a command reads what it is not given as arguments.
struct Input: Sendable {
  /// Whether a person types it.
  let isTerminal: Bool
  /// Everything up to the end; one byte more than the limit at most.
  let read: @Sendable (_ limit: Int) -> [UInt8]
  /// What has come since it was last asked for, waiting for some; nil at the end.
  var next: @Sendable () -> [UInt8]? = { nil }
}
