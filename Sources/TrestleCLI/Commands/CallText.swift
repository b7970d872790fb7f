internal import Trestle
internal import TrestleCore
internal import TrestleStore

/// How a call of the journal is shown.
struct CallText {
  let entry: JournalEntry
  let palette: Palette

  init(_ entry: JournalEntry, _ palette: Palette) {
    self.entry = entry
    self.palette = palette
  }

  /// Calls a line each.
  static func table(_ entries: [JournalEntry], _ palette: Palette) -> String {
    guard !entries.isEmpty else { return "" }
    return Table(
      header: ["ID", "TIME", "SYSTEM", "OPERATION", "OUTCOME", "MS", "PARAMETERS", "ANSWER"],
      rows: entries.map { CallText($0, palette).cells }, rightAligned: [0, 5]
    ).text(palette)
  }

  /// A call as one line of JSON.
  static func printLine(_ entry: JournalEntry, _ session: Session) {
    session.output.data.write(JSONWriter.text(entry.jsonValue()) + "\n")
  }

  /// A call as it comes by.
  static func printFollowed(_ entry: JournalEntry, _ session: Session) {
    guard session.format == nil || session.format == .table else {
      return printLine(entry, session)
    }
    let cells = CallText(entry, session.palette).cells
    session.output.data.write(cells.filter { !$0.isEmpty }.joined(separator: "  ") + "\n")
  }

  private var cells: [String] {
    let parameters = (entry.parameters.objectValue ?? [:]).members
      .map { "\($0.name)=\(Self.short($0.value))" }.joined(separator: " ")
    return [
      "\(entry.id)", String(entry.time.dropFirst(11).dropLast()), entry.system,
      entry.operation ?? "–", entry.outcome.rawValue, tenths(entry.milliseconds),
      String(parameters.prefix(60)), String((entry.failureText ?? entry.origin ?? "").prefix(80)),
    ]
  }

  private func tenths(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func short(_ value: Value) -> String {
    let text = value.scalarText ?? JSONWriter.text(value)
    let line = text.prefix(30).map { $0.isNewline ? "⏎" : $0 }
    return String(line) + (text.count > 30 ? "…" : "")
  }

  /// Everything about a call, both messages included.
  var full: String {
    var lines = [
      palette.bold("\(entry.system) \(entry.operation ?? "(no call)")")
        + " → \(entry.outcome.rawValue)" + (entry.origin.map { " (\($0))" } ?? ""),
      remark("call \(entry.id), \(entry.time), \(tenths(entry.milliseconds)) ms"),
    ]
    if let peer = entry.peer { lines.append(remark("from \(peer)")) }
    if let scope = entry.scope { lines.append(remark("scope \(scope)")) }
    if let text = entry.error ?? entry.nearMiss { lines.append(palette.yellow("* " + text)) }
    for warning in entry.warnings { lines.append(palette.yellow("* warning: " + warning)) }
    if !entry.parameters.isNull { lines.append(value("call", entry.parameters)) }
    if !entry.callHeaders.isEmpty { lines.append(value("headers", .object(entry.callHeaders))) }
    if let answer = entry.value { lines.append(value("reply", answer)) }
    if let fault = entry.fault { lines.append(value("fault", fault)) }
    if let message = entry.request {
      let start = entry.method.map { "\($0) \(entry.target ?? "/") HTTP/1.1" }
      lines += wire(message, start, "> ") { palette.cyan($0) }
    }
    if let message = entry.response {
      lines += wire(message, entry.status.map { "HTTP/1.1 \($0)" }, "< ") { palette.green($0) }
    } else {
      lines.append(remark("nothing was sent"))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func value(_ name: String, _ value: Value) -> String {
    "\(name): " + palette.json(JSONWriter.text(value))
  }

  private func remark(_ text: String) -> String { palette.faint("* " + text) }

  private func wire(
    _ message: JournalEntry.Message, _ start: String?, _ mark: String, _ paint: (String) -> String
  ) -> [String] {
    var texts: [String] = []
    if let start {
      texts = [start] + message.headers.fields.map { "\($0.name): \($0.value)" } + [""]
    }
    texts += MessageText.lines(message.body)
    var lines = texts.map { paint($0.isEmpty ? String(mark.prefix(1)) : mark + $0) }
    let size = WirePrinter.size(message.size)
    lines.append(
      remark(message.isCut ? "\(size), of which \(message.body.count) bytes are kept" : size))
    return lines
  }
}

/// How an analysis of calls is shown to people.
struct AnalysisText {
  private let analysis: JournalAnalysis
  private let systems: [JournalFile.SystemSummary]
  private let palette: Palette

  init(
    _ analysis: JournalAnalysis, _ systems: [JournalFile.SystemSummary], _ palette: Palette
  ) {
    self.analysis = analysis
    self.systems = systems
    self.palette = palette
  }

  var text: String {
    var text = analysis.insights.map { $0 + "\n" }.joined()
    if let first = analysis.first, let last = analysis.last {
      text += "\n\(analysis.total) calls from \(first) to \(last)\n"
    }
    for known in systems where known.dropped > 0 {
      text += "\(known.name): \(known.dropped) of \(known.seen) calls were not kept\n"
    }
    let rows = analysis.latencies.sorted { $0.key < $1.key }.map { name, latency in
      [name, "\(latency.count)"]
        + [latency.p50, latency.p90, latency.p95, latency.p99, latency.maximum].map(Self.tenths)
    }
    if !rows.isEmpty {
      text += "\n"
      text += Table(
        header: ["OPERATION", "CALLS", "P50 MS", "P90", "P95", "P99", "MAX"], rows: rows,
        rightAligned: [1, 2, 3, 4, 5, 6]
      ).text(palette)
    }
    let failures = analysis.failures.prefix(10).map {
      ["\($0.count)", $0.outcome.rawValue, "\($0.system) \($0.operation ?? "–")", $0.message]
    }
    if !failures.isEmpty {
      text += "\n"
      text += Table(
        header: ["TIMES", "OUTCOME", "OPERATION", "MESSAGE"], rows: Array(failures),
        rightAligned: [0]
      ).text(palette)
    }
    return text
  }

  private static func tenths(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
}
