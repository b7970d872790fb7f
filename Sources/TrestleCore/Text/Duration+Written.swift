extension Duration {
  /// Reads a duration as files and command lines spell it: `500ms`, `5s`, `1.5s`, `2m`, `1h`; a bare
  /// number is seconds. Nil for anything else, and for none or a negative one.
  public init?(written text: String) {
    let units: [(name: String, milliseconds: Double)] = [
      ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("", 1000),
    ]
    let number = text.prefix { ($0.isASCII && $0.isNumber) || $0 == "." }
    guard let unit = units.first(where: { $0.name == text.dropFirst(number.count) }),
      let count = Double(number), count > 0, count * unit.milliseconds < 1e12
    else { return nil }
    self = .milliseconds(Int64((count * unit.milliseconds).rounded(.up)))
  }

  /// As files spell it, to the millisecond: `250ms`, `2s`, `1500ms`.
  package var written: String {
    let (seconds, attoseconds) = components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }
}
