internal import Trestle
internal import TrestleCore
internal import TrestleREST

/// Runs the API descriptions of a corpus: each is read, has the paths and operations that the table says, and
/// every operation takes the sample of a request and answers with a status and a body that the description has.
///
/// What its mock answered goes to the file that `TRESTLE_ANSWERS` names, a JSON text a line, for a validator of
/// others' making.
func runOpenAPIPart(directory: String) -> PartResult {
  guard let rows = CorpusFiles.table("\(directory)/INDEX.tsv") else {
    return PartResult(remarks: ["INDEX.tsv cannot be read"])
  }
  var result = PartResult()
  var answers = AnswerFile()
  var slowest: (file: String, time: Duration) = ("", .zero)
  var operations = 0
  for row in rows {
    guard let file = row["file"], !file.isEmpty else { continue }
    let run = OpenAPICase(directory: directory, file: file, row: row)
    var outcome = CaseResult.Outcome.passed
    let time = ContinuousClock().measure { outcome = run.outcome(answers: &answers) }
    if time > .seconds(10) { outcome = .failed("took \(time)") }
    let loading = ContinuousClock().measure { _ = try? run.description() }
    if loading > slowest.time { slowest = (file, loading) }
    operations += Int(row["operations"] ?? "") ?? 0
    result.cases.append(CaseResult(part: "openapi", name: file, outcome: outcome))
  }
  answers.write()
  let milliseconds = Int(slowest.time / .milliseconds(1))
  result.remarks.append(
    "\(operations) operations asked; the slowest to be read: \(slowest.file) in \(milliseconds) ms")
  return result
}

private struct OpenAPICase {
  let directory: String
  let file: String
  let row: [String: String]

  func description() throws -> APIDescription {
    try OpenAPIFile(context: LoadContext(root: directory, directory: directory)).description(file)
  }

  func outcome(answers: inout AnswerFile) -> CaseResult.Outcome {
    let description: APIDescription
    do {
      description = try self.description()
    } catch {
      return .failed("\(error)")
    }
    if let wrong = miscount(description) { return .failed(wrong) }
    if let missing = untold(description) { return .failed(missing) }
    let broken = Set(description.diagnostics.flatMap(\.operations))
    let codec = RESTCodec(description)
    let responder = codec.answering(SampleResponder(contract: codec.contract))
    let service = Service(codec: codec, responder: responder)
    var failures: [String] = []
    for operation in description.operations {
      do {
        let answer = try ask(operation, codec, service)
        answers.add(file: file, operation, answer)
      } catch {
        // One that needs what is not there may fail; all others work.
        if !broken.contains(operation.name) { failures.append("\(operation.name): \(error)") }
      }
    }
    guard let first = failures.first else { return .passed }
    return .failed(
      "\(failures.count) of \(description.operations.count) operations: \(first)")
  }

  /// A count that is not the table's.
  private func miscount(_ description: APIDescription) -> String? {
    let paths =
      description.documents.root["paths"]?.objectValue?.names
      .count { !$0.hasPrefix("x-") } ?? 0
    for (name, found) in [("paths", paths), ("operations", description.operations.count)] {
      guard let wanted = row[name].flatMap({ Int($0) }), wanted != found else { continue }
      return "expects \(wanted) \(name), found \(found)"
    }
    return nil
  }

  /// A part that is missing in the description and that no diagnostic names.
  private func untold(_ description: APIDescription) -> String? {
    let root = description.documents.root
    let told = description.diagnostics.map(\.message)
    if root["info"] == nil, !told.contains(where: { $0.contains("info") }) {
      return "nothing tells that info is missing"
    }
    for reference in Self.references(in: root) where reference.hasPrefix("#/") {
      guard let pointer = JSONPointer(parsing: String(reference.dropFirst())), root[pointer] == nil
      else { continue }
      if !told.contains(where: { $0.contains(reference) }) {
        return "nothing tells that \(reference) leads nowhere"
      }
    }
    return nil
  }

  private static func references(in value: Value) -> Set<String> {
    switch value {
    case .array(let items):
      return items.reduce(into: []) { $0.formUnion(references(in: $1)) }
    case .object(let record):
      var found: Set<String> = []
      for member in record {
        if member.name == "$ref", let reference = member.value.stringValue {
          found.insert(reference)
        } else if member.name != "example", member.name != "examples" {
          found.formUnion(references(in: member.value))
        }
      }
      return found
    default: return []
    }
  }

  /// Calls an operation with the sample of its parameters, over the codec both ways.
  private func ask(
    _ operation: RESTOperation, _ codec: RESTCodec, _ service: Service
  ) throws -> WireResponse {
    guard let input = codec.contract.operation(named: operation.name)?.input else {
      throw CodecError(reason: "the contract does not have it")
    }
    let call = Call(
      operation: operation.name,
      parameters: SampleMaker.sample(for: input).objectValue ?? [:])
    var request = try codec.encode(call)
    request.target = "/" + request.target
    guard case .now(let response) = service.handle(request) else {
      throw CodecError(reason: "does not answer at once")
    }
    let success = operation.details.success
    guard response.status == success.status else {
      throw CodecError(
        reason: "answers \(response.status) where \(success.status) is described: "
          + String(decoding: response.body.prefix(300), as: UTF8.self))
    }
    let reply = try codec.decode(response, answering: call)
    if let warning = reply.warnings.first { throw CodecError(reason: warning) }
    return response
  }
}

/// Answers every call with the sample of its result.
private struct SampleResponder: Responder {
  let contract: Contract

  func respond(to call: Call) -> Answer {
    guard let operation = contract.operation(named: call.operation) else {
      return .now(.fault(Fault(code: "404", message: "no operation \(call.operation)")))
    }
    var reply = Reply.value(SampleMaker.sample(for: operation.output, named: operation.name))
    reply.origin = "sample"
    return .now(reply)
  }
}
