internal import TrestleCore
internal import TrestleSOAP
internal import TrestleXML

/// Runs the contracts of a corpus: every operation's sample request, reply and faults are written,
/// validated against the contract's own schemas, read back in the other role, and written again.
func runWSDLPart(directory: String) -> PartResult {
  guard let rows = CorpusFiles.table("\(directory)/INDEX.tsv") else {
    return PartResult(remarks: ["INDEX.tsv cannot be read"])
  }
  let loadable = ContractRun.loadableElsewhere(directory)
  var result = PartResult()
  var totals = ContractRun.Totals()
  var kinds: [String: (passed: Int, all: Int)] = [:]
  var slowest: (time: Duration, name: String) = (.zero, "none")
  for row in rows {
    guard let folder = row["folder"], let main = row["main_wsdl"], !folder.isEmpty else { continue }
    var run = ContractRun(
      row: row, path: "\(directory)/\(folder)/\(main)", root: "\(directory)/\(folder)",
      othersLoad: loadable.contains(folder))
    var outcome = CaseResult.Outcome.passed
    let time = ContinuousClock().measure { outcome = run.outcome() }
    if time > .seconds(10) { outcome = .failed("took \(time)") }
    totals.add(run.totals)
    if let slow = run.slowest, slow.time > slowest.time {
      slowest = (slow.time, "\(folder) \(slow.operation)")
    }
    let kind = row["kind"] ?? "-"
    kinds[kind, default: (0, 0)].all += 1
    if case .passed = outcome { kinds[kind, default: (0, 0)].passed += 1 }
    result.cases.append(CaseResult(part: "wsdl", name: folder, outcome: outcome))
  }
  for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) {
    result.remarks.append("\(kind): \(count.passed) of \(count.all)")
  }
  result.remarks += totals.unvalidatable.map { "libxml2 refuses the schemas of \($0)" }
  result.remarks.append(
    "\(totals.operations) operations, \(totals.messages) messages, \(totals.validated) validated, "
      + "\(totals.unvalidatable.count) contracts whose schemas libxml2 refuses")
  result.remarks.append(
    "slowest operation to sample, encode and decode: \(slowest.name), \(slowest.time)")
  return result
}

/// One contract's run.
private struct ContractRun {
  struct Totals {
    var operations = 0
    var messages = 0
    var validated = 0
    /// Contracts whose schemas libxml2 does not compile.
    var unvalidatable: [String] = []

    mutating func add(_ other: Totals) {
      operations += other.operations
      messages += other.messages
      validated += other.validated
      unvalidatable += other.unvalidatable
    }
  }

  let row: [String: String]
  let path: String
  /// The case's folder: nothing outside it is read.
  let root: String
  /// Whether another toolkit loads the contract: then no mistake in it excuses us.
  let othersLoad: Bool
  var totals = Totals()
  /// The operation whose samples took longest to make, write and read; validation not counted.
  var slowest: (operation: String, time: Duration)?

  /// What validating the operation at hand took.
  private var validating = Duration.zero

  init(row: [String: String], path: String, root: String, othersLoad: Bool) {
    self.row = row
    self.path = path
    self.root = root
    self.othersLoad = othersLoad
  }

  /// The folders whose contract another toolkit loads, as the corpus's baseline says.
  static func loadableElsewhere(_ directory: String) -> Set<String> {
    let rows = CorpusFiles.table("\(directory)/BASELINE.tsv") ?? []
    return Set(
      rows.filter { $0.values.contains("OK") }.compactMap { $0["folder"] ?? $0["file"] })
  }

  mutating func outcome() -> CaseResult.Outcome {
    if row["wsdl_version"] == "2.0" { return .skipped("explained: WSDL 2.0") }
    let definitions = WSDLLoader.load(file: path, root: root)
    let codec = SOAPCodec(definitions)
    let errors = codec.contract.diagnostics.filter { $0.severity == .error }
    let mayBeBroken =
      row["missing_imports"] != "-" || row["remote_imports"] != "-" || row["has_binding"] == "no"
    // libxml2 refuses some schemas that toolkits take; the rest of the run then stands alone.
    var validator: ContractValidator?
    do throws(XMLSchemaError) {
      validator = try ContractValidator(definitions)
    } catch {
      if !codec.contract.operations.isEmpty {
        totals.unvalidatable.append("\(row["folder"] ?? ""): \(error)")
      }
    }
    for operation in codec.contract.operations {
      totals.operations += 1
      validating = .zero
      var problem: String?
      let time = ContinuousClock().measure { problem = run(operation, codec, validator) }
      if slowest.map({ $0.time < time - validating }) ?? true {
        slowest = (operation.name, time - validating)
      }
      if let problem { return .failed("\(operation.name): \(problem)") }
    }
    let unsupported = codec.contract.diagnostics.filter {
      $0.severity == .warning && $0.message.contains("is not available: ")
    }
    if let first = unsupported.first { return .skipped("not built yet: \(first.message)") }
    if let error = errors.first, !mayBeBroken {
      // A contract that is broken itself passes when what is broken is told with its place, unless
      // others make sense of it.
      let isTold = error.line != nil && !error.file.isEmpty
      if othersLoad || !isTold { return .failed("loading: \(error)") }
    }
    if mayBeBroken, row["missing_imports"] != "-", codec.contract.diagnostics.isEmpty {
      return .failed("an import is missing, and no diagnostic says so")
    }
    return .passed
  }

  /// What is wrong with an operation's messages, or nil.
  private mutating func run(
    _ operation: TrestleCore.Operation, _ codec: SOAPCodec, _ validator: ContractValidator?
  ) -> String? {
    do throws(CodecError) {
      let input = SampleMaker.sample(for: operation.input, named: operation.name)
      var call = Call(operation: operation.name)
      if case .object(let record) = input { call.parameters = record }
      // What the service sends by itself is described, and nothing more can be done with it.
      if case .nothing = operation.input.shape { return nil }
      var request = try codec.encode(call)
      request.target = request.target(at: "/service")
      totals.messages += 1
      if let problem = validate(request.body, validator) { return "request invalid: \(problem)" }
      var decoded = try codec.decode(request)
      // Two operations may take the same element with the same action; the wire cannot tell them apart.
      decoded.operation = operation.name
      if let problem = difference(.object(decoded.parameters), .object(call.parameters)) {
        return "request changed: \(problem)"
      }
      var again = try codec.encode(decoded)
      again.target = again.target(at: "/service")
      if again.target != request.target { return "request rewritten differs: \(again.target)" }
      if let problem = Self.difference(request.body, again.body) {
        return "request rewritten differs: \(problem)"
      }
      guard !operation.isOneWay else { return nil }
      let output = SampleMaker.sample(for: operation.output, named: operation.name)
      if let problem = try check(.value(output), call: decoded, codec, validator) {
        return "reply \(problem)"
      }
      for fault in operation.faults {
        let detail = SampleMaker.sample(for: fault.detail, named: fault.name)
        let reply = Reply.fault(Fault(code: "Server", message: "sample", detail: detail))
        if let problem = try check(reply, call: decoded, codec, validator) {
          return "fault \(fault.name) \(problem)"
        }
      }
      return nil
    } catch {
      return error.description
    }
  }

  private mutating func check(
    _ reply: Reply, call: Call, _ codec: SOAPCodec, _ validator: ContractValidator?
  ) throws(CodecError) -> String? {
    let response = try codec.encode(reply, answering: call)
    totals.messages += 1
    if let problem = validate(response.body, validator) { return "invalid: \(problem)" }
    let decoded = try codec.decode(response, answering: call)
    let before = reply.value ?? reply.fault?.detail ?? .null
    let after = decoded.value ?? decoded.fault?.detail ?? .null
    if let problem = difference(after, before) { return "changed: \(problem)" }
    let again = try codec.encode(decoded, answering: call)
    return Self.difference(response.body, again.body).map { "rewritten differs: \($0)" }
  }

  /// How two messages differ: as XML where they are XML, else byte by byte.
  private static func difference(_ first: [UInt8], _ second: [UInt8]) -> String? {
    if first.first == UInt8(ascii: "<") { return XMLComparison.difference(first, second) }
    return first == second ? nil : "the bytes differ"
  }

  private mutating func validate(_ bytes: [UInt8], _ validator: ContractValidator?) -> String? {
    guard let validator else { return nil }
    totals.validated += 1
    let start = ContinuousClock.now
    defer { validating += start.duration(to: .now) }
    do throws(CodecError) {
      return try validator.problems(inMessage: bytes).first?.description
    } catch {
      return error.description
    }
  }

  /// The innermost place where two values differ.
  private static func firstDifference(
    _ found: Value, _ expected: Value, at path: String
  ) -> (path: String, found: Value, expected: Value) {
    switch (found, expected) {
    case (.object(let left), .object(let right)):
      for member in right {
        guard let other = left[member.name] else {
          return (path + "." + member.name, .null, member.value)
        }
        if !other.isSame(as: member.value) {
          return firstDifference(other, member.value, at: path + "." + member.name)
        }
      }
      for member in left where right[member.name] == nil {
        return (path + "." + member.name, member.value, .null)
      }
    case (.array(let left), .array(let right)) where left.count == right.count:
      for index in left.indices where !left[index].isSame(as: right[index]) {
        return firstDifference(left[index], right[index], at: "\(path)[\(index)]")
      }
    default: break
    }
    return (path, found, expected)
  }

  private func difference(_ found: Value, _ expected: Value) -> String? {
    let found = found.withoutEmptyArrays
    let expected = expected.withoutEmptyArrays
    if found.isSame(as: expected) { return nil }
    let (path, left, right) = Self.firstDifference(found, expected, at: "")
    return
      "at \(path) found \(left.description.prefix(200)), expected \(right.description.prefix(200))"
  }
}

extension Value {
  /// Equality, where texts that are XML are compared as such: prefixes are a matter of spelling.
  fileprivate func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.allSatisfy { member in
          right[member.name].map { member.value.isSame(as: $0) } ?? false
        }
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    case (.string(let left), .string(let right)) where left.hasPrefix("<") && right.hasPrefix("<"):
      return left == right
        || XMLComparison.difference(Array(left.utf8), Array(right.utf8)) == nil
    default: return self == other
    }
  }

  /// The value without empty lists: a list of which nothing came is `[]` whether or not it was given.
  fileprivate var withoutEmptyArrays: Value {
    switch self {
    case .array(let items): .array(items.map(\.withoutEmptyArrays))
    case .object(let record):
      .object(
        Record(
          record.members.compactMap { member in
            if case .array(let items) = member.value, items.isEmpty { return nil }
            return Record.Member(name: member.name, value: member.value.withoutEmptyArrays)
          }))
    default: self
    }
  }
}
