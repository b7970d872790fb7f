/// Draws a picture of a workflow as SVG.
struct DiagramDrawing {
  private let graph: DiagramGraph
  private let rows: [DiagramRows]
  private let layout: LayeredLayout
  private let paper: Paper

  /// Which way the layers go on paper.
  private struct Paper {
    let isDown: Bool
    let top: Double

    static let margin = 16.0

    func place(_ point: LayeredLayout.Point) -> (x: Double, y: Double) {
      isDown
        ? (point.across + Self.margin, point.along + top)
        : (point.along + Self.margin, point.across + top)
    }

    func frame(
      _ frame: LayeredLayout.Frame
    ) -> (x: Double, y: Double, width: Double, height: Double) {
      let origin = place(LayeredLayout.Point(across: frame.across, along: frame.along))
      let size = frame.size
      return isDown
        ? (origin.x, origin.y, size.across, size.along)
        : (origin.x, origin.y, size.along, size.across)
    }
  }

  init(_ graph: DiagramGraph) {
    self.graph = graph
    rows = graph.boxes.map { DiagramRows($0) }
    let isDown = graph.direction == .down
    func size(_ width: Double, _ height: Double) -> LayeredLayout.Size {
      isDown
        ? LayeredLayout.Size(across: width, along: height)
        : LayeredLayout.Size(across: height, along: width)
    }
    layout = LayeredLayout(
      boxes: rows.map { size($0.width, $0.height) },
      links: graph.links.map { link in
        LayeredLayout.Link(
          from: link.from, to: link.to, label: link.labelSize.map { size($0.width, $0.height) })
      })
    paper = Paper(isDown: isDown, top: graph.summary == nil ? 44 : 62)
  }

  /// Where the boxes and the labels are on paper.
  var frames: [LayeredLayout.Frame] { layout.boxes + layout.routes.compactMap(\.label) }

  var svg: String {
    let size = paper.place(
      LayeredLayout.Point(across: layout.size.across, along: layout.size.along))
    let title = TextColumns.clipped(graph.title, to: 80)
    let summary = graph.summary.map { TextColumns.clipped($0, to: 110) }
    let heading = max(
      Double(TextColumns.count(title)) * 9.1,
      Double(summary.map(TextColumns.count) ?? 0) * DiagramRows.column)
    let width = (max(size.x, heading + Paper.margin) + Paper.margin).rounded(.up)
    let height = (size.y + Paper.margin).rounded(.up)
    let dimensions = "\(written(width)) \(written(height))"
    let name = MarkupText.escaped(graph.title)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" class="workflow" viewBox="0 0 \(dimensions)" \
      width="\(written(width))" height="\(written(height))" role="img" \
      aria-label="The workflow \(name)">
      <title>\(name)</title>
      <style>
      \(DiagramStyle.sheet)
      </style>
      <rect class="paper" width="100%" height="100%"/>
      <text class="heading" x="16" y="26">\(MarkupText.escaped(title))</text>

      """
    if let summary {
      text += "<text class=\"summary\" x=\"16\" y=\"45\">\(MarkupText.escaped(summary))</text>\n"
    }
    // The faint ones lie under the others.
    let order = graph.links.indices.sorted {
      (graph.links[$0].mark == .faint ? 0 : 1, $0) < (graph.links[$1].mark == .faint ? 0 : 1, $1)
    }
    for number in order { text += line(graph.links[number], layout.routes[number]) }
    for number in graph.boxes.indices { text += box(number) }
    for number in order { text += label(graph.links[number], layout.routes[number]) }
    return text + "</svg>\n"
  }

  // MARK: Links

  private func classes(_ link: DiagramGraph.Link) -> String {
    var classes = ["link", link.mark.rawValue]
    if link.isFailure { classes.append("failure") }
    return classes.joined(separator: " ")
  }

  private func line(_ link: DiagramGraph.Link, _ route: LayeredLayout.Route) -> String {
    func written(_ point: LayeredLayout.Point) -> String { self.written(paper.place(point)) }
    var path = "M\(written(route.start))"
    for stroke in route.strokes {
      switch stroke {
      case .line(let point): path += " L\(written(point))"
      case .curve(let one, let two, let end):
        path += " C\(written(one)) \(written(two)) \(written(end))"
      case .bend(let corner, let end): path += " Q\(written(corner)) \(written(end))"
      }
    }
    let names = [graph.boxes[link.from].name, graph.boxes[link.to].name]
    return """
      <g class="\(classes(link))" data-from="\(MarkupText.escaped(names[0]))" \
      data-to="\(MarkupText.escaped(names[1]))"><path class="line" d="\(path)"/>\
      <path class="head" d="\(head(route))"/></g>

      """
  }

  private func head(_ route: LayeredLayout.Route) -> String {
    let tip = route.head
    let corners: [(Double, Double)] =
      route.isLoop ? [(9, -4.5), (9, 4.5)] : [(-4.5, -9), (4.5, -9)]
    let points = corners.map {
      written(
        paper.place(LayeredLayout.Point(across: tip.across + $0.0, along: tip.along + $0.1)))
    }
    return "M\(written(paper.place(tip))) L\(points.joined(separator: " L")) Z"
  }

  private func label(_ link: DiagramGraph.Link, _ route: LayeredLayout.Route) -> String {
    guard let label = route.label else { return "" }
    let frame = paper.frame(label)
    var text = """
      <g class="label \(link.mark.rawValue)"><rect x="\(written(frame.x))" y="\(written(frame.y))" \
      width="\(written(frame.width))" height="\(written(frame.height))" rx="3"/>
      """
    for (place, line) in link.writtenLines.enumerated() {
      let y = frame.y + Double(place) * DiagramGraph.Link.labelLine + 11.5
      text += """
        <text class="\(line.kind?.rawValue ?? "count")" x="\(written(frame.x + frame.width / 2))" \
        y="\(written(y))" text-anchor="middle">\(MarkupText.escaped(line.text))</text>
        """
    }
    // All of it, also what is cut off, for whoever points at it.
    let whole = MarkupText.escaped(link.texts.joined(separator: "\n"))
    return text + "<title>\(whole)</title></g>\n"
  }

  // MARK: Boxes

  private func box(_ number: Int) -> String {
    let box = graph.boxes[number]
    let frame = paper.frame(layout.boxes[number])
    guard box.kind != .start else {
      return """
        <circle class="start \(box.mark.rawValue)" cx="\(written(frame.x + frame.width / 2))" \
        cy="\(written(frame.y + frame.height / 2))" r="6"/>

        """
    }
    var classes = ["box", box.kind.rawValue, box.mark.rawValue]
    if box.isFailure { classes.append("failure") }
    if box.isEnd { classes.append("end") }
    let radius = box.kind == .event ? frame.height / 2 : 7
    var text = """
      <g class="\(classes.joined(separator: " "))" data-name="\(MarkupText.escaped(box.name))">\
      <title>\(MarkupText.escaped(whole(box)))</title>\(rectangle(frame, radius, "frame"))
      """
    if box.isEnd {
      let inner = (frame.x + 3, frame.y + 3, frame.width - 6, frame.height - 6)
      text += rectangle(inner, radius - 2.5, "inner")
    }
    let rows = rows[number]
    if let rule = rows.rule {
      text += """
        <path class="rule" d="M\(written(frame.x + 8)) \(written(frame.y + rule)) \
        h\(written(frame.width - 16))"/>
        """
    }
    let inset = box.kind == .event ? 5.0 : 0
    for row in rows.rows {
      let left = frame.x + DiagramRows.padding + inset
      text += write(row, left, frame.x + frame.width - DiagramRows.padding - inset, frame.y)
    }
    return text + "</g>\n"
  }

  private func write(_ row: DiagramRows.Row, _ left: Double, _ right: Double, _ top: Double)
    -> String
  {
    let y = top + row.baseline
    var text = ""
    var left = left
    if let kind = row.kind {
      if !kind.isEmpty {
        text += """
          <circle class="dot \(MarkupText.escaped(kind))" cx="\(written(left + 3.5))" \
          cy="\(written(y - 3.5))" r="3.5"/>
          """
      }
      left += DiagramRows.indent
    }
    text += """
      <text class="\(row.style.rawValue) \(row.mark.rawValue)" x="\(written(left))" \
      y="\(written(y))">\(MarkupText.escaped(row.text))</text>
      """
    if let aside = row.aside {
      text += """
        <text class="aside" x="\(written(right))" y="\(written(y))" text-anchor="end">\
        \(MarkupText.escaped(aside))</text>
        """
    }
    return text
  }

  /// All that a box says, also what is cut off in the picture.
  private func whole(_ box: DiagramGraph.Box) -> String {
    var lines = [box.name, box.summary, box.tag].compactMap(\.self)
    for line in box.lines { lines.append(line.text + (line.detail.map { ": \($0)" } ?? "")) }
    return lines.joined(separator: "\n")
  }

  private func rectangle(
    _ frame: (x: Double, y: Double, width: Double, height: Double), _ radius: Double,
    _ style: String
  ) -> String {
    """
    <rect class="\(style)" x="\(written(frame.x))" y="\(written(frame.y))" \
    width="\(written(frame.width))" height="\(written(frame.height))" rx="\(written(radius))"/>
    """
  }

  private func written(_ point: (x: Double, y: Double)) -> String {
    "\(written(point.x)) \(written(point.y))"
  }

  /// A number to a tenth, which no one sees more of.
  private func written(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    guard tenths % 10 != 0 else { return "\(tenths / 10)" }
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
