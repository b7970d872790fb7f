internal import TrestleCore
internal import TrestleXMLRPC

/// Runs the XML-RPC documents of a corpus: what others accept has the value they state, what they
/// refuse is refused in strict mode, and everything else is a value or a typed error.
func runXMLRPCPart(directory: String) -> PartResult {
  guard let rows = CorpusFiles.table("\(directory)/INDEX.tsv") else {
    return PartResult(remarks: ["INDEX.tsv cannot be read"])
  }
  let part = XMLRPCPart(directory: directory)
  var result = PartResult()
  var verdicts: [String: (passed: Int, all: Int)] = [:]
  for row in rows {
    guard let file = row["file"], !file.isEmpty else { continue }
    let verdict = row["verdict"] ?? ""
    var outcome = CaseResult.Outcome.passed
    let time = ContinuousClock().measure { outcome = part.outcome(of: row, file: file) }
    if time > .seconds(10) { outcome = .failed("took \(time)") }
    let kind = verdict == "accept" ? "\(verdict) (\(row["oracle"] ?? "-"))" : verdict
    verdicts[kind, default: (0, 0)].all += 1
    if case .passed = outcome { verdicts[kind, default: (0, 0)].passed += 1 }
    result.cases.append(CaseResult(part: "xmlrpc", name: file, outcome: outcome))
  }
  for (kind, count) in verdicts.sorted(by: { $0.key < $1.key }) {
    result.remarks.append("\(kind): \(count.passed) of \(count.all)")
  }
  if let remark = part.driveRequests() { result.remarks.append(remark) }
  return result
}

private struct XMLRPCPart {
  let directory: String
  /// HTTP status by the name of the recorded request.
  let statuses: [String: Int]

  private let lenient = XMLRPCReader(XMLRPCReadingOptions(dialect: .apache))
  private let strict = XMLRPCReader(XMLRPCReadingOptions(isStrict: true, dialect: .apache))

  init(directory: String) {
    self.directory = directory
    let recordings = CorpusFiles.table("\(directory)/HTTP.tsv") ?? []
    statuses = Dictionary(
      recordings.compactMap { row in
        guard let file = row["file"], let status = row["http_status"].flatMap({ Int($0) }) else {
          return nil
        }
        return (file, status)
      }, uniquingKeysWith: { first, _ in first })
  }

  func outcome(of row: [String: String], file: String) -> CaseResult.Outcome {
    guard let bytes = CorpusFiles.bytes("\(directory)/\(file)") else {
      return .failed("the file cannot be read")
    }
    switch row["verdict"] {
    case "accept": return accept(bytes, expected: row["expected_json"] ?? "-")
    case "reject": return reject(bytes)
    case "unclear": return unclear(bytes)
    case "not-xmlrpc": return refuseAsClient(bytes, file: file)
    default: return .skipped("unscored: no verdict")
    }
  }

  // MARK: - Verdicts

  private func accept(_ bytes: [UInt8], expected: String) -> CaseResult.Outcome {
    do throws(CodecError) {
      let document = try lenient.read(bytes)
      if expected != "-" {
        guard let json = CorpusFiles.bytes("\(directory)/\(expected)") else {
          return .failed("\(expected) cannot be read")
        }
        if let difference = difference(document.message, json) { return .failed(difference) }
      }
      // An empty typed element has no value by the spec: null in lenient mode only. Base64 of nothing
      // is no bytes to the letter.
      if document.warnings.contains(where: {
        $0.contains("is read as null") && !$0.contains("<base64>")
      }) {
        if (try? strict.read(bytes)) != nil { return .failed("strict mode takes an empty element") }
      }
      return roundTrip(document.message)
    } catch {
      return .failed("refused: \(error)")
    }
  }

  private func reject(_ bytes: [UInt8]) -> CaseResult.Outcome {
    _ = try? lenient.read(bytes)
    do throws(CodecError) {
      let document = try strict.read(bytes)
      return .failed("strict mode takes it as \(document.message)")
    } catch {
      return error.reason.isEmpty ? .failed("refused without a reason") : .passed
    }
  }

  private func unclear(_ bytes: [UInt8]) -> CaseResult.Outcome {
    _ = try? strict.read(bytes)
    do throws(CodecError) {
      return roundTrip(try lenient.read(bytes).message)
    } catch {
      return error.reason.isEmpty ? .failed("refused without a reason") : .passed
    }
  }

  private func refuseAsClient(_ bytes: [UInt8], file: String) -> CaseResult.Outcome {
    let client = XMLRPCCodec(name: "peer", methods: nil)
    let status = statuses[request(of: file)] ?? 200
    do throws(CodecError) {
      let reply = try client.decode(
        WireResponse(status: status, headers: ["Content-Type": "text/html"], body: bytes),
        answering: Call(operation: "any"))
      return .failed("taken as \(reply.outcome)")
    } catch {
      let start = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
      let shown = start.map(String.init) ?? "empty"
      guard error.description.contains(shown) else {
        return .failed("the error does not show \"\(shown)\": \(error)")
      }
      guard error.description.contains("\(status)") else {
        return .failed("the error does not tell the status \(status): \(error)")
      }
      return .passed
    }
  }

  /// The name of the request that brought a response: `X.req.xml` for `X.res.xml` and `X.res-2.xml`.
  private func request(of response: String) -> String {
    guard let place = response.firstRange(of: ".res") else { return response }
    let rest = response[place.upperBound...]
    return response[..<place.lowerBound] + ".req" + rest
  }

  /// Encoded and decoded again, a message is the same: in the dialect that nearly everyone reads, or
  /// in Apache's, which alone has types for big numbers.
  private func roundTrip(_ message: XMLRPCMessage) -> CaseResult.Outcome {
    var reason = ""
    for dialect in [XMLRPCDialect.i8, .apache] {
      do throws(CodecError) {
        let writer = XMLRPCWriter(XMLRPCWritingOptions(dialect: dialect))
        let again = try lenient.read(try write(message, with: writer)).message
        if again == message { return .passed }
        reason = "written and read again it is \(again)"
      } catch {
        reason = "cannot be written and read again: \(error)"
      }
    }
    return .failed(reason)
  }

  private func write(
    _ message: XMLRPCMessage, with writer: XMLRPCWriter
  ) throws(CodecError) -> [UInt8] {
    switch message {
    case .call(let method, let parameters):
      return try writer.call(
        method: method, parameters: parameters.map { XMLRPCWriter.Parameter($0) })
    case .response(let value): return try writer.response(value)
    case .fault(let fault):
      guard let code = Int32(fault.code), fault.detail.isNull else {
        throw CodecError(reason: "the fault has no number or has other members")
      }
      return writer.fault(code: code, message: fault.message)
    }
  }

  // MARK: - Recorded requests

  /// Reads every recorded request as a service does: a call, or a refusal in XML-RPC's words.
  func driveRequests() -> String? {
    guard !statuses.isEmpty else { return nil }
    let service = XMLRPCCodec(name: "service", methods: nil)
    var calls = 0
    var refusals = 0
    for file in statuses.keys.sorted() {
      guard let bytes = CorpusFiles.bytes("\(directory)/\(file)") else { continue }
      let request = WireRequest(headers: ["Content-Type": "text/xml"], body: bytes)
      do throws(CodecError) {
        _ = try service.decode(request)
        calls += 1
      } catch {
        if service.refuse(request, because: error) != nil { refusals += 1 }
      }
    }
    return "recorded requests: \(calls) read as calls, \(refusals) refused with a fault"
  }

  // MARK: - Comparison

  private func difference(_ message: XMLRPCMessage, _ json: [UInt8]) -> String? {
    let expected: Value
    do throws(JSONError) {
      expected = try JSONParser.parse(json)
    } catch {
      return "the expected JSON cannot be read: \(error)"
    }
    let items = expected["params"]?.arrayValue ?? []
    switch (message, expected["kind"]?.stringValue) {
    case (.call(let method, let parameters), "call"):
      guard expected["method"] == .string(method) else { return "method is \(method)" }
      return same(.array(parameters), .array(items)) ? nil : "parameters are \(parameters)"
    case (.response(let value), "response"):
      // A response without a <param> has nothing to say, which is null.
      return items.count <= 1 && same(value, items.first ?? .null) ? nil : "value is \(value)"
    case (.fault(let fault), "fault"):
      var record = fault.detail.objectValue ?? Record()
      record["faultCode"] = Int64(fault.code).map { .integer($0) } ?? .string(fault.code)
      record["faultString"] = .string(fault.message)
      return same(.object(record), expected["fault"] ?? .null) ? nil : "fault is \(record)"
    default: return "is \(message)"
    }
  }

  /// Numbers compare by value, dates and strings by exact text, struct members as a set.
  private func same(_ value: Value, _ expected: Value) -> Bool {
    switch (value, expected) {
    case (.dateTime(let text), .object(let record)):
      return record["$dateTime"].map { exact($0, text) } ?? false
    case (.bytes, .object(let record)):
      return record["$base64"]?.stringValue == value.scalarText
    case (.number(let number), .object(let record)):
      return record["$bigdecimal"]?.stringValue == number.text
    case (.array(let items), .array(let others)):
      return items.count == others.count && zip(items, others).allSatisfy { same($0, $1) }
    case (.object(let record), .object(let other)):
      return record.count == other.count
        && record.members.allSatisfy { member in
          other[member.name].map { same(member.value, $0) } ?? false
        }
    case (.string(let text), .string): return exact(expected, text)
    case (.bool, .bool), (.null, .null): return value == expected
    default: return numbersAreEqual(value, expected)
    }
  }

  /// By code points: Swift's own comparison takes composed and decomposed letters as one.
  private func exact(_ expected: Value, _ text: String) -> Bool {
    guard case .string(let wanted) = expected else { return false }
    return wanted.unicodeScalars.elementsEqual(text.unicodeScalars)
  }

  private func numbersAreEqual(_ value: Value, _ expected: Value) -> Bool {
    if let left = value.integerValue, let right = expected.integerValue { return left == right }
    guard let left = number(value), let right = number(expected) else { return false }
    if case (.number, .number) = (value, expected) { return left.text == right.text }
    return left.doubleValue == right.doubleValue
  }

  private func number(_ value: Value) -> NumberText? {
    switch value {
    case .integer, .number, .double: value.scalarText.flatMap { NumberText($0) }
    default: nil
    }
  }
}
