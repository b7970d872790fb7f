internal import Synchronization
internal import Trestle
internal import TrestleCore
internal import TrestleStore
internal import TrestleWorkflow

/// Shows a run as it goes: a line for each step that has ended, and on a terminal one for what is being done.
final class RunProgress: Sendable {
  private let session: Session
  private let isLive: Bool
  private let open = Mutex<[String]>([])

  init(session: Session) {
    self.session = session
    isLive = session.output.notes.isTerminal && !session.isQuiet
  }

  private var palette: Palette { session.notesPalette }

  func begin(_ id: String, _ definition: WorkflowDefinition) {
    session.note(palette.faint("run \(id) of \(definition.name)"))
  }

  func showMocks(_ mocks: [MockLoopClient.Mock]) {
    for mock in mocks { write(palette.faint("  \(mock.id) at \(mock.url)")) }
  }

  func show(_ event: RunEvent) {
    switch event {
    case .began(_, let name, _):
      open.withLock { $0.append(name) }
      showOpen()
    case .ended(let step):
      open.withLock { open in
        if let place = open.firstIndex(of: step.name) { open.remove(at: place) }
      }
      write(line(step))
      showOpen()
    case .warning(let text): write(palette.yellow("warning: ") + text)
    }
  }

  /// Clears what only a terminal shows.
  func end() {
    if isLive { session.output.notes.write("\u{1B}[2K\r") }
  }

  private func line(_ step: RunStep) -> String {
    let milliseconds = Double(step.duration) / 1000
    let time = palette.faint(milliseconds < 1 ? "" : "  \(Int(milliseconds.rounded())) ms")
    switch (step.kind, step.status) {
    case ("transition", _): return palette.blue("→ ") + palette.bold(step.target ?? step.name)
    case ("event", _):
      let data = JSONWriter.text(step.call["data"] ?? .null)
      return palette.cyan("● ") + step.name + palette.faint("  " + String(data.prefix(80)))
    case (_, .skipped): return palette.faint("  – \(step.name)  left out")
    case (_, .failed):
      return "  " + palette.red("✗ ") + step.name + Self.what(step) + time
        + "\n      " + palette.red(Self.reason(step))
    default: return "  " + palette.green("✓ ") + step.name + palette.faint(Self.what(step)) + time
    }
  }

  /// What a step called, in a few words.
  private static func what(_ step: RunStep) -> String {
    if let url = step.call["url"]?.stringValue {
      let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
      let path = rest.drop { $0 != "/" }
      let status = step.reply["status_code"]?.scalarText.map { " → \($0)" } ?? ""
      let service = step.call["service"]?.stringValue.map { "\($0) " } ?? ""
      return "  \(service)\(step.call["method"]?.stringValue ?? "") \(path)\(status)"
    }
    if let system = step.call["system"]?.stringValue {
      return "  \(system) \(step.call["operation"]?.stringValue ?? "")"
    }
    if step.kind == "emit" { return "  \(step.call["type"]?.stringValue ?? "")" }
    return step.kind == "set" || step.name.hasPrefix(step.kind) ? "" : "  \(step.kind)"
  }

  private static func reason(_ step: RunStep) -> String {
    if let error = step.error { return error }
    let output = step.reply["output"] ?? .null
    return String((output.stringValue ?? JSONWriter.text(output)).prefix(200))
  }

  private func write(_ text: String) {
    guard !session.isQuiet else { return }
    session.output.notes.write((isLive ? "\u{1B}[2K\r" : "") + text + "\n")
  }

  private func showOpen() {
    guard isLive else { return }
    let names = open.withLock { $0 }
    guard !names.isEmpty else { return }
    let width = max(20, (session.output.notes.width ?? 80) - 6)
    let text = names.joined(separator: ", ")
    session.output.notes.write("\u{1B}[2K\r  " + palette.faint("… " + text.prefix(width)))
  }
}
