internal import TrestleStore

/// Draws what a run did as bars along its time: a row for each step.
struct StepTimeline {
  let steps: [RunStep]
  /// Whether the time is the run's own.
  let isVirtual: Bool

  private enum Row {
    case owner(String)
    case step(RunStep)
  }

  /// A run may have thousands of steps; its picture shows these.
  static let rowLimit = 200
  private static let left = 320.0
  private static let span = 560.0
  private static let width = 980.0
  private static let rowHeight = 20.0
  private static let top = 30.0

  init(_ steps: [RunStep], isVirtual: Bool) {
    self.steps = steps.enumerated().sorted {
      ($0.element.began, $0.offset) < ($1.element.began, $1.offset)
    }.map(\.element)
    self.isVirtual = isVirtual
  }

  /// The picture; empty for a run that did nothing.
  var svg: String {
    guard let start = steps.map(\.began).min() else { return "" }
    let end = steps.map { $0.began + $0.duration }.max() ?? start
    // Where all happened at once there is nothing to measure by.
    let length = max(end - start, 1)
    let rows = self.rows
    let height = Self.top + Double(rows.count) * Self.rowHeight + (isShortened ? 26 : 8)
    var text = """
      <svg class="timeline\(isVirtual ? " virtual" : "")" viewBox="0 0 \
      \(written(Self.width)) \(written(height))" role="img" aria-label="Timeline of the steps">
      <title>Timeline of the steps\(isVirtual ? ", in virtual time" : "")</title>

      """
    text += axis(length, height)
    for (place, row) in rows.enumerated() {
      let y = Self.top + Double(place) * Self.rowHeight
      switch row {
      case .owner(let name):
        text += label("owner", 8, y, TextColumns.clipped(name, to: 44))
      case .step(let step): text += draw(step, y, start, length)
      }
    }
    if isShortened {
      text += label(
        "faint", 8, height - Self.rowHeight, "and \(steps.count - Self.rowLimit) steps more")
    }
    return text + "</svg>\n"
  }

  private var isShortened: Bool { steps.count > Self.rowLimit }

  /// The steps, each run of them that belongs to one state or event under its name.
  private var rows: [Row] {
    var rows: [Row] = []
    var owner = ""
    for step in steps.prefix(Self.rowLimit) {
      if !Self.isMoment(step), step.owner != owner {
        owner = step.owner
        if !owner.isEmpty { rows.append(.owner(owner)) }
      }
      rows.append(.step(step))
    }
    return rows
  }

  /// Transitions and events take no time; they are points.
  private static func isMoment(_ step: RunStep) -> Bool {
    step.kind == "transition" || step.kind == "event"
  }

  private func axis(_ length: Int64, _ height: Double) -> String {
    var text = ""
    let step = Self.tick(length)
    var time: Int64 = 0
    while time <= length {
      let x = place(time, length)
      text += """
        <path class="tick" d="M\(written(x)) \(written(Self.top - 6)) V\(written(height - 4))"/>\
        <text class="faint" x="\(written(x))" y="\(written(Self.top - 12))" \
        text-anchor="middle">\(time == 0 ? "0" : DurationText.short(microseconds: time))</text>

        """
      time += step
    }
    let clock = isVirtual ? "virtual time" : "time"
    return text + label("faint", 8, 2, clock)
  }

  private func draw(_ step: RunStep, _ y: Double, _ start: Int64, _ length: Int64) -> String {
    let x = place(step.began - start, length)
    let breadth = max(3, place(step.duration, length) - Self.left)
    let middle = y + Self.rowHeight / 2
    var text =
      "<g class=\"\(step.status.rawValue)\"><title>\(MarkupText.escaped(tip(step)))</title>"
    text += label("name", 20, y, TextColumns.clipped(step.name, to: 29))
    if step.name != step.kind {
      text += label("faint", 222, y, TextColumns.clipped(step.kind, to: 14))
    }
    if Self.isMoment(step) {
      text += """
        <path class="moment" d="M\(written(x)) \(written(middle - 5)) l5 5 l-5 5 l-5 -5 Z"/>
        """
      return text + "</g>\n"
    }
    text += """
      <rect class="bar" x="\(written(x))" y="\(written(y + 4))" width="\(written(breadth))" \
      height="\(written(Self.rowHeight - 8))" rx="2"/>
      """
    let words =
      switch step.status {
      case .skipped: "skipped"
      case .began: "never ended"
      case .passed, .failed: DurationText.short(microseconds: step.duration)
      }
    return text + label("faint", x + breadth + 6, y, words) + "</g>\n"
  }

  private func tip(_ step: RunStep) -> String {
    let error = step.error.map { "\n\($0)" } ?? ""
    return "\(step.name)\n\(step.kind), \(step.status.rawValue), "
      + "\(DurationText.short(microseconds: step.duration))\(error)"
  }

  private func label(_ style: String, _ x: Double, _ y: Double, _ text: String) -> String {
    "<text class=\"\(style)\" x=\"\(written(x))\" y=\"\(written(y + 14))\">"
      + "\(MarkupText.escaped(text))</text>"
  }

  private func place(_ time: Int64, _ length: Int64) -> Double {
    Self.left + Double(time) / Double(length) * Self.span
  }

  /// A step of 1, 2 or 5 with as many noughts, so that there are five ticks or fewer.
  static func tick(_ length: Int64) -> Int64 {
    var unit: Int64 = 1
    while true {
      for factor: Int64 in [1, 2, 5] where length / (unit * factor) <= 5 { return unit * factor }
      unit *= 10
    }
  }

  private func written(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
  }
}
