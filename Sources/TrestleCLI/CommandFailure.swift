internal import Trestle
internal import TrestleCore

/// Why a command ends with something else than 0: what to say, and the exit code.
struct CommandFailure: Error, Sendable {
  /// What a command ends with.
  enum Code: Int32, Sendable {
    /// A fault, or a check that failed.
    case fault = 1
    /// Wrong arguments, also parameters that break the contract.
    case usage = 2
    /// A workspace, adapter file or contract that cannot be used.
    case configuration = 3
    /// No connection, or no answer in time.
    case connection = 4
    /// A reply that breaks its protocol or contract.
    case reply = 5
    /// No stub matched.
    case unmatched = 6
    case interrupted = 130
  }

  var code: Code
  /// What happened, as one sentence; empty when everything has been said.
  var message: String
  /// What to do about it, a line each.
  var hints: [String]
  /// What programs are told beside that (`-o json`).
  var facts: Record
  /// The mistakes in files that lie under it, which say more than the message.
  var diagnostics: [Diagnostic] = []

  init(_ code: Code, _ message: String, hint: String? = nil, facts: Record = [:]) {
    self.code = code
    self.message = message
    hints = hint.map { [$0] } ?? []
    self.facts = facts
  }

  static func usage(_ message: String, hint: String? = nil) -> CommandFailure {
    CommandFailure(.usage, message, hint: hint)
  }

  /// Mistakes in files, which are all there is to say: the first of them is the message.
  static func mistakes(_ diagnostics: [Diagnostic], else message: String) -> CommandFailure {
    let first = diagnostics.first { $0.severity == .error } ?? diagnostics.first
    var failure = CommandFailure(.configuration, first?.message ?? message, hint: first?.hint)
    failure.diagnostics = diagnostics
    if let first, !first.file.isEmpty {
      failure.facts["file"] = .string(first.file)
      if let line = first.line { failure.facts["line"] = .integer(Int64(line)) }
      if let column = first.column { failure.facts["column"] = .integer(Int64(column)) }
    }
    return failure
  }

  /// An end with a code, when everything has been said.
  static func silent(_ code: Code) -> CommandFailure { CommandFailure(code, "") }

  init(_ error: BridgeError) {
    var bare = error
    bare.hint = nil
    self.init(
      Code(rawValue: error.exitCode) ?? .fault, bare.description,
      facts: ["kind": .string(error.stage.rawValue), "system": .string(error.system)])
    hints = (error.hint ?? "").split(separator: "\n").map { String($0.drop { $0 == " " }) }
    if !error.operation.isEmpty { facts["operation"] = .string(error.operation) }
    if let path = error.path { facts["path"] = .string(path) }
    if let callID = error.callID { facts["call_id"] = .string(callID) }
  }

  /// A fault that a system answered with.
  init(_ fault: Fault, of system: LegacySystem, operation: String) {
    let fault = fault.recognizingUnmatched
    // The mission's words for it, by the protocol.
    let protocolName =
      switch system.protocolName {
      case "soap": "SOAP"
      case "xml_rpc": "XML-RPC"
      case "rest": "REST"
      case "custom_tcp": "TCP"
      default: system.protocolName
      }
    self.init(
      fault.isUnmatched ? .unmatched : .fault,
      "\(protocolName) call failed: \(fault.message) (\(fault.code))",
      hint: fault.isUnmatched
        ? "give the mock an answer under mock.responses or mock.stubs, or set fallback: sample"
        : "a fault of \(system.name) \(operation)" + Self.meaning(of: fault),
      facts: [
        "kind": .string(fault.isUnmatched ? "unmatched" : "fault"),
        "system": .string(system.name), "operation": .string(operation),
      ])
    for member in fault.jsonValue.objectValue ?? [:] { facts[member.name] = member.value }
    if fault.isUnmatched, let miss = fault.detail["nearMiss"] {
      hints += Self.lines(ofNearMiss: miss)
    }
    if !fault.detail.isNull, !fault.isUnmatched {
      hints[0] += ", with detail:"
      hints.append(JSONWriter.text(fault.detail, style: .pretty))
    }
  }

  /// The stubs nearest to a call that none matched, and one that would, as lines.
  private static func lines(ofNearMiss miss: Value) -> [String] {
    func items(_ value: Value?) -> [Value] { value?.arrayValue ?? value.map { [$0] } ?? [] }
    var lines: [String] = []
    for candidate in items(miss["nearest"]) {
      lines.append("nearest is \(candidate["stub"]?.scalarText ?? "a stub"):")
      for difference in items(candidate["differences"]).prefix(8) {
        let parts = ["path", "expected", "found"].map { difference[$0]?.scalarText }
        lines.append(
          "  \(parts[0] ?? "") expects \(parts[1] ?? ""), found \(parts[2] ?? "nothing")")
      }
    }
    guard let stub = miss["suggestion"]?.scalarText else { return lines }
    lines.append("an entry of mock.stubs that this call would match:")
    return lines + stub.split(separator: "\n").map { "  \($0)" }
  }

  /// What the system's file says of a fault, as a clause.
  private static func meaning(of fault: Fault) -> String {
    let words = [
      fault.name, fault.category.map { $0.rawValue.map { $0 == "_" ? " " : String($0) }.joined() },
      fault.isRetryable == true ? "the same call may succeed later" : nil,
    ]
    let known = words.compactMap(\.self)
    return known.isEmpty ? "" : ": " + known.joined(separator: ", ")
  }

  init(_ error: LoadError) { self.init(.configuration, error.message, hint: error.hint) }

  /// A contract that could not be fetched.
  init(_ error: ContractFetch.Failure) {
    let code: Code =
      switch error.cause?.kind {
      case nil, .configuration: .configuration
      case .protocolViolation: .reply
      default: .connection
      }
    self.init(code, error.message, hint: error.hint)
  }

  init(_ error: MockError) {
    var bare = error
    bare.hint = nil
    self.init(
      error.isConfiguration ? .configuration : .connection, bare.description, hint: error.hint,
      facts: ["system": .string(error.system)])
    if let port = error.port { facts["port"] = .integer(Int64(port)) }
  }

  /// A message that cannot be written or read.
  init(_ error: CodecError, _ code: Code, system: LegacySystem, operation: String = "") {
    var bare = error
    bare.hint = nil
    let place = operation.isEmpty ? system.name : "\(system.name) \(operation)"
    self.init(
      code, "\(place): \(bare.description)", hint: error.hint,
      facts: ["system": .string(system.name)])
    if !operation.isEmpty { facts["operation"] = .string(operation) }
    if !error.path.isEmpty { facts["path"] = .string(error.path) }
  }

  /// The error as a program reads it.
  var jsonValue: Value {
    var record: Record = ["kind": facts["kind"] ?? .string("\(code)")]
    for member in facts { record[member.name] = member.value }
    record[facts["message"] == nil ? "message" : "text"] = .string(message)
    if !hints.isEmpty, facts["code"] == nil {
      record["hint"] = .string(hints.joined(separator: " "))
    }
    if !diagnostics.isEmpty {
      record["diagnostics"] = .array(Session.distinct(diagnostics).map { .string($0.description) })
    }
    record["exit_code"] = .integer(Int64(code.rawValue))
    return ["error": .object(record)]
  }
}
