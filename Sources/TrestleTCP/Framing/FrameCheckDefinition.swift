internal import TrestleCore

/// The `check` key of a frame: `{xor: 1, over: body+end}`, `{crc16-modbus: le}`, `{xor: hex, prefix: "*"}`.
///
/// Without `over` the check is the message's own end; with it, the check follows the frame's delimiter.
struct FrameCheckDefinition {
  private(set) var inner: FrameCheck?
  private(set) var trailing: TrailingCheck?

  init?(_ outer: inout KeyReader, problems: inout [ValueProblem]) {
    guard let value = outer.value("check") else { return nil }
    let path = outer.place("check")
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let checksum = ChecksumDefinition.read(&keys, problems: &problems)
    let coverage = keys.word("over", as: TrailingCheck.Coverage.self, problems: &problems)
    let prefix = keys.bytes("prefix", problems: &problems)
    keys.finish("check", problems: &problems)
    guard let checksum else { return nil }
    if let coverage {
      trailing = TrailingCheck(checksum: checksum, coverage: coverage)
      if prefix != nil {
        problems.error("prefix does not go with over", at: path.member("prefix"))
      }
    } else {
      inner = FrameCheck(checksum: checksum, prefix: prefix ?? [])
    }
  }
}

/// The algorithm of a check and how its result is written: a key that is the algorithm's name, with
/// the form as its value. A number stands for that many bytes.
enum ChecksumDefinition {
  static func read(_ keys: inout KeyReader, problems: inout [ValueProblem]) -> Checksum? {
    var found: [(Checksum.Algorithm, Value)] = []
    for algorithm in Checksum.Algorithm.allCases {
      if let value = keys.value(algorithm.rawValue) { found.append((algorithm, value)) }
    }
    guard found.count == 1, let (algorithm, value) = found.first else {
      let names = Checksum.Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
      problems.error(
        found.isEmpty ? "check does not name an algorithm" : "check names several algorithms",
        at: keys.path, hint: "one of \(names), like {xor: hex}")
      return nil
    }
    if let width = WrittenNumber.integer(value) {
      guard width == algorithm.width else {
        problems.error(
          "\(algorithm.rawValue) has \(algorithm.width) byte\(algorithm.width == 1 ? "" : "s"), not \(width)",
          at: keys.place(algorithm.rawValue))
        return nil
      }
      return Checksum(algorithm, as: .binary)
    }
    guard let form = keys.word(algorithm.rawValue, as: Checksum.Form.self, problems: &problems)
    else { return nil }
    return Checksum(algorithm, as: form)
  }
}
