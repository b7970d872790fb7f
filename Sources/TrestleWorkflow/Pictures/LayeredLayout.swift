/// Where boxes, links and their labels stand in a picture of layers.
///
/// Each box is in a layer behind all that lead to it. Links that lead back, or over many layers, go round at the side;
/// the others go through the layers in between, where room is kept for them, as it is for their labels. So nothing
/// lies over anything else but lines over lines.
///
/// Places are told as `across` the layers' way and `along` it, whichever way that is on paper.
struct LayeredLayout {
  struct Point: Hashable {
    var across: Double
    var along: Double
  }

  struct Size: Hashable {
    var across: Double
    var along: Double
  }

  struct Frame: Hashable {
    var across: Double
    var along: Double
    var size: Size

    var end: Point { Point(across: across + size.across, along: along + size.along) }
    var center: Point { Point(across: across + size.across / 2, along: along + size.along / 2) }

    func overlaps(_ other: Frame) -> Bool {
      across < other.end.across && other.across < end.across && along < other.end.along
        && other.along < end.along
    }
  }

  /// A link to be drawn: the numbers of its boxes, and how large its label is.
  struct Link {
    var from: Int
    var to: Int
    var label: Size?
  }

  /// A part of a line.
  enum Stroke: Hashable {
    case line(Point)
    case curve(Point, Point, to: Point)
    /// Round a corner.
    case bend(Point, to: Point)
  }

  struct Route: Hashable {
    var start: Point
    var strokes: [Stroke] = []
    var label: Frame?
    /// Where the head of its arrow is, which points along the layers' way, or for loops against the way across.
    var head: Point
    var isLoop = false
  }

  private(set) var boxes: [Frame]
  private(set) var routes: [Route]
  private(set) var size = Size(across: 0, along: 0)

  init(boxes sizes: [Size], links: [Link]) {
    let layers = DiagramLayers(count: sizes.count, links: links.map { ($0.from, $0.to) })
    var grid = LayerGrid(sizes: sizes, links: links, layers: layers)
    grid.order()
    grid.place()
    var routing = LinkRouting(sizes: sizes, links: links, layers: layers, grid: grid)
    routing.route()
    boxes = routing.boxes
    routes = routing.routes
    let frames = boxes + routes.compactMap(\.label)
    size.across = max(frames.map(\.end.across).max() ?? 0, routing.end.across, grid.breadth)
    size.along = max(frames.map(\.end.along).max() ?? 0, routing.end.along)
  }
}
