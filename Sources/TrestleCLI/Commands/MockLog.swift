internal import Trestle
internal import TrestleCore
internal import TrestleGateway

/// What `trestle mock` shows: where mocks listen, and a line for each call.
struct MockLog: Sendable {
  let session: Session
  private let pace = LogPace(linesPerSecond: 50)
  /// What tells of calls goes through here: whoever does not read it holds up no call.
  private let calls: LogWriter
  private let noticePace = LogPace(linesPerSecond: 2)

  init(session: Session) {
    self.session = session
    let isForPrograms = session.format == .json
    calls = LogWriter(isForPrograms ? session.output.data : session.output.notes) { count in
      isForPrograms
        ? JSONWriter.text(.object(["event": "dropped", "count": .integer(Int64(count))])) + "\n"
        : "… and \(count) more lines, which nobody read in time\n"
    }
  }

  /// Waits a moment for what is not written yet.
  func finish() async { await calls.finish() }

  private var isForPrograms: Bool { session.format == .json }

  /// Says where mocks listen.
  func announce(_ mocks: [RunningMocks.Mock]) {
    let width = mocks.map(\.system.name.count).max() ?? 0
    for mock in mocks {
      let contract = mock.system.contract
      if isForPrograms {
        write([
          "event": "listening", "system": .string(mock.system.name),
          "protocol": .string(mock.system.protocolName), "endpoint": .string(mock.endpoint),
        ])
        continue
      }
      let name = mock.system.name
      let padding = String(repeating: " ", count: width - name.count)
      let count = contract.operations.count
      let offer =
        contract.isOpen
        ? "any operation" : count == 1 ? "1 operation" : "\(count) operations"
      // Where a mock listens is what it is started for: said also with -q.
      session.output.notes.write(
        session.notesPalette.bold(name) + padding + "  \(mock.endpoint)  "
          + session.notesPalette.faint(
            "\(mock.system.protocolName), \(offer)"
              + (mock.system.protocolName == "soap" && !contract.isOpen ? ", ?wsdl" : "")) + "\n")
    }
  }

  /// Says where mocks are steered, and in which file others are told so.
  func announce(_ admin: RunningAdminServer, toldIn runFile: String?) {
    if isForPrograms {
      write(["event": "admin", "url": .string(admin.url), "token": .bool(admin.token != nil)])
      return
    }
    session.note(
      session.notesPalette.faint(
        "steered at \(admin.url)/v1/mocks"
          + (admin.token == nil ? "" : ", with a token (\(runFile ?? ".trestle/run.json"))")))
    if let runFile, runFile != ".trestle/run.json" {
      session.note("another process runs mocks here too; these are told of in \(runFile)")
    }
  }

  /// Tells what a mock had to forget for want of room.
  func add(notice: String, of system: String) {
    if isForPrograms {
      return write(["event": "notice", "system": .string(system), "message": .string(notice)])
    }
    switch noticePace.next() {
    case .skip: return
    case .show(let skipped):
      let rest = skipped > 0 ? " (and \(skipped) more such)" : ""
      session.warn("\(system): \(notice)\(rest)")
    }
  }

  /// Shows one call.
  func add(_ event: MockEvent) {
    if isForPrograms { return calls.write(JSONWriter.text(.object(Self.record(event))) + "\n") }
    guard !session.isQuiet else { return }
    switch pace.next() {
    case .skip: return
    case .show(let skipped):
      if skipped > 0 { calls.write("… and \(skipped) more calls\n") }
    }
    let palette = session.notesPalette
    var text = palette.faint(timeOfDay()) + " " + palette.bold(event.system) + " "
    if let call = event.call {
      text += call.operation
      // A list that was not sent reads as an empty one.
      let parameters = call.parameters.members.filter { $0.value != [] }
      for member in parameters.prefix(6) {
        text += " \(member.name)=\(Self.short(member.value))"
      }
      if parameters.count > 6 { text += " …" }
    } else if let peer = event.peer {
      let isTheirs = event.error?.isCallerAtFault ?? true
      text += isTheirs ? "what \(peer) sent" : "a message to \(peer)"
    } else {
      text += "a request"
    }
    text += " → " + Self.outcome(event, palette)
    if let wrong = event.misbehaviour { text += palette.yellow(" \(wrong)") }
    text += palette.faint(" \(event.duration.milliseconds)") + "\n"
    if let miss = event.nearMiss { text += "  " + palette.faint(miss) + "\n" }
    for warning in event.call?.warnings ?? [] {
      text += "  " + palette.yellow("warning: ") + warning + "\n"
    }
    calls.write(text)
  }

  private static func outcome(_ event: MockEvent, _ palette: Palette) -> String {
    if let error = event.error { return palette.red("refused: \(error)") }
    let origin = event.origin.map { " (\($0))" } ?? ""
    if let fault = event.reply?.fault {
      return palette.yellow("fault \(fault.code): \(fault.message)") + origin
    }
    return event.origin ?? "answered"
  }

  private static func record(_ event: MockEvent) -> Record {
    var record: Record = ["event": "call", "system": .string(event.system)]
    if let call = event.call {
      record["operation"] = .string(call.operation)
      record["parameters"] = .object(call.parameters)
    }
    if let origin = event.origin { record["origin"] = .string(origin) }
    if let value = event.reply?.value { record["value"] = value }
    if let fault = event.reply?.fault { record["fault"] = fault.jsonValue }
    if let wrong = event.misbehaviour { record["misbehaviour"] = .string(wrong) }
    if let miss = event.nearMiss { record["nearMiss"] = .string(miss) }
    if let error = event.error { record["error"] = .string(error.description) }
    if let peer = event.peer { record["peer"] = .string(peer) }
    record["milliseconds"] = NumberText(event.duration.millisecondsText).map { .number($0) }
    return record
  }

  private func write(_ record: Record) {
    session.output.data.write(JSONWriter.text(.object(record)) + "\n")
  }

  /// A parameter as far as it fits a line.
  private static func short(_ value: Value) -> String {
    let text = value.scalarText ?? JSONWriter.text(value)
    let line = text.prefix(40).map { $0.isNewline ? "⏎" : $0 }
    return String(line) + (text.count > 40 ? "…" : "")
  }
}
