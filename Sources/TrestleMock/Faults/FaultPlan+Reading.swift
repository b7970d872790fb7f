package import TrestleCore

extension FaultPlan {
  /// Reads one `misbehave`, whose keys and types have been checked: a single thing done wrong, or
  /// `sequence: [{…}, none, {…}]` of them. With `abilities`, what the protocol cannot do is told.
  package convenience init(
    _ value: Value, at path: ValuePath, abilities: WireAbilities? = nil,
    problems: inout [ValueProblem]
  ) {
    var reader = FaultReader(abilities: abilities)
    var steps: [Step?] = []
    if let sequence = value["sequence"]?.arrayValue {
      for (position, item) in sequence.enumerated() {
        // `none`: this call is answered as it should.
        let step = item.objectValue.map {
          reader.step($0, at: path.member("sequence").item(position))
        }
        steps.append(step)
      }
      let others = value.objectValue?.names.filter { FaultReader.stepKeys.contains($0) } ?? []
      for name in others {
        reader.refuse(
          name, "stands beside sequence, which says all that is done wrong", at: path.member(name),
          hint: "put \(name) into the sequence's items")
      }
    } else if let record = value.objectValue,
      record.names.contains(where: FaultReader.stepKeys.contains)
    {
      steps = [reader.step(record, at: path)]
    }
    let acceptance = reader.acceptance(value["accept"], at: path.member("accept"))
    if acceptance != nil, !steps.isEmpty {
      reader.refuse(
        "accept", "concerns connections, the other keys replies", at: path.member("accept"),
        hint: "make two of it: misbehave: takes a list of them under mock:")
    }
    if acceptance == .refused {
      for key in ["chance", "first", "times"] where value[key] != nil {
        reader.refuse(
          key, "cannot be said of accept: refused, as nobody is there to count",
          at: path.member(key), hint: "accept: reset lets single connections fail")
      }
    }
    if acceptance != nil, value["operation"] != nil {
      reader.refuse(
        "operation", "is not known when a connection comes", at: path.member("operation"),
        hint: "close: before or reset: before ends the connection when the call is read")
    }
    if steps.isEmpty, acceptance == nil, value["sequence"] == nil {
      reader.refuse(
        nil, "misbehave does not say what is done wrong", at: path,
        hint: "such as late: 2s, close: before, status: 503")
    }
    if value["cycle"] != nil, value["sequence"] == nil {
      reader.refuse(
        "cycle", "needs a sequence: one thing alone is done each time", at: path.member("cycle"))
    }
    let chance = reader.number("chance", of: value, in: 0...1, at: path) ?? 1
    let first = reader.count("first", of: value, in: 1...1_000_000_000, at: path)
    let limit = reader.count("times", of: value, in: 1...1_000_000_000, at: path)
    problems += reader.problems
    self.init(
      steps: steps, cycles: value["cycle"]?.boolValue ?? false, chance: chance, first: first,
      limit: limit, operation: value["operation"]?.scalarText, acceptance: acceptance)
  }
}

/// Reads what is done wrong, and collects what is wrong with that.
struct FaultReader {
  let abilities: WireAbilities?
  private(set) var problems: [ValueProblem] = []

  init(abilities: WireAbilities?) { self.abilities = abilities }

  /// The keys of one thing done wrong.
  static let stepKeys: Set<String> = [
    "late", "drip", "split", "pause", "glued", "wrong_length", "wrong_check", "nak", "close",
    "reset", "damage", "noise", "status", "headers", "body", "charset",
  ]

  mutating func step(_ record: Record, at path: ValuePath) -> FaultPlan.Step {
    let value = Value.object(record)
    for name in record.names {
      guard let objection = abilities?.objection(to: name) else { continue }
      refuse(name, objection.reason, at: path.member(name), hint: objection.hint)
    }
    var step = FaultPlan.Step()
    readDelay(value["late"], into: &step, at: path.member("late"))
    var misbehaviour = Misbehaviour()
    misbehaviour.pause = duration(value["pause"]) ?? Misbehaviour.usualPause
    misbehaviour.pieces = count("split", of: value, in: 2...10_000, at: path) ?? 1
    readDrip(value["drip"], into: &misbehaviour, at: path.member("drip"))
    misbehaviour.glued = count("glued", of: value, in: 2...1000, at: path) ?? 1
    misbehaviour.lengthError =
      count("wrong_length", of: value, in: -1_000_000...1_000_000, at: path) ?? 0
    misbehaviour.refusals = count("nak", of: value, in: 1...1000, at: path) ?? 0
    misbehaviour.breaksCheck = value["wrong_check"]?.boolValue ?? false
    misbehaviour.noise = count("noise", of: value, in: 1...1_000_000, at: path)
    misbehaviour.closing = value["close"]?.stringValue.flatMap { .init(rawValue: $0) }
    if let reset = value["reset"] {
      misbehaviour.resets = reset != .bool(false)
      if misbehaviour.resets {
        misbehaviour.closing = reset.stringValue.flatMap { .init(rawValue: $0) } ?? .before
      }
    }
    misbehaviour.damage = value["damage"]?.stringValue.flatMap { .init(rawValue: $0) }
    misbehaviour.status = count("status", of: value, in: 200...599, at: path)
    misbehaviour.body = value["body"]?.scalarText.map { Array($0.utf8) }
    misbehaviour.charset = value["charset"]?.scalarText
    for member in value["headers"]?.objectValue ?? [:] {
      misbehaviour.headers.append(name: member.name, value: member.value.scalarText ?? "")
    }
    if value["close"] != nil, value["reset"] != nil {
      refuse(
        "reset", "stands beside close; the connection ends once", at: path.member("reset"),
        hint: "reset: inside is close: inside with a reset")
    }
    step.needsSeed = misbehaviour.damage == .garbage || misbehaviour.noise != nil
    step.misbehaviour = misbehaviour
    warnOfNothing(value, misbehaviour, at: path)
    return step
  }

  /// Tells of what does nothing.
  private mutating func warnOfNothing(
    _ value: Value, _ misbehaviour: Misbehaviour, at path: ValuePath
  ) {
    func warn(_ message: String, _ key: String) {
      problems.append(ValueProblem(.warning, message, at: path.member(key)))
    }
    if value["wrong_length"] != nil, misbehaviour.lengthError == 0 {
      warn("wrong_length: 0 is the right length", "wrong_length")
    }
    if value["pause"] != nil, value["split"] == nil {
      warn("pause has no effect: it is between the pieces of split", "pause")
    }
    guard misbehaviour.closing == .before else { return }
    let reason = value["reset"] == nil ? "close: before" : "reset: before"
    for key in [
      "split", "pause", "drip", "glued", "wrong_length", "wrong_check", "damage", "noise",
    ]
    where value[key] != nil {
      warn("\(key) has no effect: with \(reason) nothing is sent", key)
    }
  }

  mutating func acceptance(_ value: Value?, at path: ValuePath) -> Acceptance? {
    switch value?.scalarText {
    case nil: return nil
    case "refused": return .refused
    case "reset": return .reset
    case let text?:
      if let duration = Duration(written: text) { return .late(duration) }
      refuse("accept", "is refused, reset, or how long nothing is read", at: path)
      return nil
    }
  }

  /// Distributions as other mocks have them: uniform (lower, upper), normal, log-normal (median, sigma).
  private mutating func readDelay(
    _ value: Value?, into step: inout FaultPlan.Step, at path: ValuePath
  ) {
    guard let value else { return }
    guard let record = value.objectValue else {
      step.delay = duration(value).map { .fixed($0) }
      return
    }
    step.least = duration(record["least"]) ?? .zero
    step.most = duration(record["most"])
    if let most = step.most, most < step.least {
      refuse("most", "is below least", at: path.member("most"))
    }
    let kinds = ["from", "mean", "median"].filter { record[$0] != nil }
    let others = ["from": "to", "mean": "deviation", "median": "sigma"]
    guard kinds.count == 1, let kind = kinds.first, let other = others[kind] else {
      return refuse(
        "late", "is a duration, { from, to }, { mean, deviation } or { median, sigma }", at: path)
    }
    let strangers = ["to", "deviation", "sigma"].filter { $0 != other && record[$0] != nil }
    guard record[other] != nil, strangers.isEmpty, let start = duration(record[kind]) else {
      return refuse("late", "with \(kind) needs \(other), and no other", at: path)
    }
    switch kind {
    case "from":
      guard let end = duration(record["to"]) else { return }
      if end < start { refuse("to", "is below from", at: path.member("to")) }
      step.delay = .uniform(from: start, to: max(start, end))
    case "mean":
      step.delay = duration(record["deviation"]).map { .normal(mean: start, deviation: $0) }
    default:
      step.delay = number("sigma", of: value, in: 0...5, at: path)
        .map { .logNormal(median: start, sigma: $0) }
    }
  }

  /// `drip: 2s` is ten pieces in that time; `{ pieces, over }` and `{ bytes, every }` say more.
  private mutating func readDrip(
    _ value: Value?, into misbehaviour: inout Misbehaviour, at path: ValuePath
  ) {
    guard let value else { return }
    if let bytes = count("bytes", of: value, in: 1...1_000_000, at: path) {
      misbehaviour.pieceSize = bytes
      misbehaviour.pause = duration(value["every"]) ?? Misbehaviour.usualPause
      if value["over"] != nil || value["pieces"] != nil {
        refuse("drip", "is { pieces, over } or { bytes, every }", at: path)
      }
      return
    }
    guard value["every"] == nil else {
      return refuse("every", "needs bytes: how many each time", at: path.member("every"))
    }
    misbehaviour.pieces = count("pieces", of: value, in: 2...10_000, at: path) ?? Self.usualPieces
    guard let time = duration(value["over"] ?? value) else {
      return refuse("drip", "needs over: how long it takes", at: path)
    }
    misbehaviour.pause = time / (misbehaviour.pieces - 1)
  }

  private static let usualPieces = 10

  // MARK: Values

  private func duration(_ value: Value?) -> Duration? {
    value?.scalarText.flatMap { Duration(written: $0) }
  }

  mutating func count(
    _ key: String, of value: Value, in range: ClosedRange<Int>, at path: ValuePath
  ) -> Int? {
    guard let written = value[key] else { return nil }
    let number = written.integerValue ?? written.scalarText.flatMap { Int64($0) }
    if let number, range.contains(Int(clamping: number)) { return Int(number) }
    refuse(
      key, "expects a whole number from \(range.lowerBound) to \(range.upperBound)",
      at: path.member(key))
    return nil
  }

  mutating func number(
    _ key: String, of value: Value, in range: ClosedRange<Double>, at path: ValuePath
  ) -> Double? {
    guard let written = value[key] else { return nil }
    if let number = written.scalarText.flatMap(Double.init), range.contains(number) {
      return number
    }
    refuse(
      key, "expects a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))",
      at: path.member(key))
    return nil
  }

  mutating func refuse(_ key: String?, _ reason: String, at path: ValuePath, hint: String? = nil) {
    problems.append(
      ValueProblem(.error, key.map { "\($0): \(reason)" } ?? reason, at: path, hint: hint))
  }
}
