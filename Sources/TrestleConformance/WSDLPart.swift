internal import TrestleCore
internal import TrestleSOAP
internal import TrestleXML

/// Runs the contracts of a corpus: every operation's sample request, reply and faults are written,
/// validated against the contract's own schemas, read back in the other role, and written again.
func runWSDLPart(directory: String) -> PartResult {
  guard let rows = CorpusFiles.table("\(directory)/INDEX.tsv") else {
    return PartResult(remarks: ["INDEX.tsv cannot be read"])
  }
  var result = PartResult()
  var totals = ContractRun.Totals()
  var kinds: [String: (passed: Int, all: Int)] = [:]
  for row in rows {
    guard let folder = row["folder"], let main = row["main_wsdl"], !folder.isEmpty else { continue }
    var run = ContractRun(row: row, path: "\(directory)/\(folder)/\(main)")
    var outcome = CaseResult.Outcome.passed
    let time = ContinuousClock().measure { outcome = run.outcome() }
    if time > .seconds(10) { outcome = .failed("took \(time)") }
    totals.add(run.totals)
    let kind = row["kind"] ?? "-"
    kinds[kind, default: (0, 0)].all += 1
    if case .passed = outcome { kinds[kind, default: (0, 0)].passed += 1 }
    result.cases.append(CaseResult(part: "wsdl", name: folder, outcome: outcome))
  }
  for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) {
    result.remarks.append("\(kind): \(count.passed) of \(count.all)")
  }
  result.remarks.append(
    "\(totals.operations) operations, \(totals.messages) messages, \(totals.validated) validated")
  return result
}

/// One contract's run.
private struct ContractRun {
  struct Totals {
    var operations = 0
    var messages = 0
    var validated = 0

    mutating func add(_ other: Totals) {
      operations += other.operations
      messages += other.messages
      validated += other.validated
    }
  }

  let row: [String: String]
  let path: String
  var totals = Totals()

  init(row: [String: String], path: String) {
    self.row = row
    self.path = path
  }

  mutating func outcome() -> CaseResult.Outcome {
    if row["wsdl_version"] == "2.0" { return .skipped("explained: WSDL 2.0") }
    let definitions = WSDLLoader.load(file: path)
    let codec = SOAPCodec(definitions)
    let errors = codec.contract.diagnostics.filter { $0.severity == .error }
    let mayBeBroken =
      row["missing_imports"] != "-" || row["remote_imports"] != "-" || row["has_binding"] == "no"
    let validator: ContractValidator? = nil
    for operation in codec.contract.operations {
      totals.operations += 1
      if let problem = run(operation, codec, validator) {
        return .failed("\(operation.name): \(problem)")
      }
    }
    let unsupported = codec.contract.diagnostics.filter {
      $0.severity == .warning && $0.message.contains("is not available: ")
    }
    if let first = unsupported.first { return .skipped("not built yet: \(first.message)") }
    if let error = errors.first, !mayBeBroken {
      let isTold = error.line != nil && !error.file.isEmpty
      return isTold && row["kind"] != "real"
        ? .failed("loading: \(error)") : .failed("loading: \(error)")
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
      let request = try codec.encode(call)
      totals.messages += 1
      if let problem = validate(request.body, validator) { return "request invalid: \(problem)" }
      let decoded = try codec.decode(request)
      if let problem = difference(.object(decoded.parameters), .object(call.parameters)) {
        return "request changed: \(problem)"
      }
      if let problem = XMLComparison.difference(request.body, try codec.encode(decoded).body) {
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
    if reply.fault == nil, let problem = validate(response.body, validator) {
      return "invalid: \(problem)"
    }
    let decoded = try codec.decode(response, answering: call)
    let before = reply.value ?? reply.fault?.detail ?? .null
    let after = decoded.value ?? decoded.fault?.detail ?? .null
    if let problem = difference(after, before) { return "changed: \(problem)" }
    let again = try codec.encode(decoded, answering: call)
    return XMLComparison.difference(response.body, again.body).map { "rewritten differs: \($0)" }
  }

  private mutating func validate(_ bytes: [UInt8], _ validator: ContractValidator?) -> String? {
    guard let validator else { return nil }
    totals.validated += 1
    return validator.problem(inEnvelope: bytes)
  }

  private func difference(_ found: Value, _ expected: Value) -> String? {
    let found = found.withoutEmptyArrays
    let expected = expected.withoutEmptyArrays
    if found == expected { return nil }
    return "found \(found.description.prefix(300)), expected \(expected.description.prefix(300))"
  }
}

extension Value {
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

/// Validates messages against their contract's own schemas.
private struct ContractValidator {
  func problem(inEnvelope bytes: [UInt8]) -> String? { nil }
}
