/// The ways of links round boxes that have their places across, and all places along.
struct LinkRouting {
  typealias Point = LayeredLayout.Point
  typealias Size = LayeredLayout.Size
  typealias Frame = LayeredLayout.Frame
  typealias Route = LayeredLayout.Route

  let sizes: [Size]
  let links: [LayeredLayout.Link]
  let layers: DiagramLayers
  let grid: LayerGrid
  private(set) var boxes: [Frame] = []
  private(set) var routes: [Route] = []
  /// The farthest that lines come.
  private(set) var end = Point(across: 0, along: 0)
  /// By layer, also those of labels: from where to where it goes.
  private var bands: [(start: Double, end: Double)] = []
  /// By link: where it leaves its box, and where it comes to the other.
  private var doors: [(out: Double, in: Double)] = []
  /// By link that goes round: which track it has beside the layers that it leaves and comes to, the nearest first.
  private var tracks: [Int: (out: Int, in: Int)] = [:]

  static let trackGap = 8.0
  /// How long the head of an arrow is, with some air behind.
  static let head = 12.0

  init(sizes: [Size], links: [LayeredLayout.Link], layers: DiagramLayers, grid: LayerGrid) {
    self.sizes = sizes
    self.links = links
    self.layers = layers
    self.grid = grid
  }

  mutating func route() {
    placeDoors()
    let counts = placeTracks()
    placeBands(counts.out, counts.in)
    boxes = sizes.indices.map { box in
      Frame(
        across: grid.slots[box].center - sizes[box].across / 2,
        along: bands[layers.layer[box] * 2].start, size: sizes[box])
    }
    routes = links.indices.map { number in
      switch layers.ways[number] {
      case .through: through(number)
      case .loop: loop(number)
      // Placed below, all together.
      case .aside: Route(start: Point(across: 0, along: 0), head: Point(across: 0, along: 0))
      }
    }
    let aside = links.indices.filter { layers.ways[$0] == .aside }
    var lanes = SideLanes(edge: max(grid.breadth, boxes.map(\.end.across).max() ?? 0) + 18)
    for number in aside {
      lanes.add(number, from: outTrack(number), to: inTrack(number), label: links[number].label)
    }
    lanes.place()
    for lane in lanes.lanes { routes[lane.link] = round(lane) }
    end = Point(across: lanes.end, along: (bands.last?.end ?? 0) + tail(counts.out))
  }

  private func tail(_ counts: [Int]) -> Double {
    guard let count = counts.last, count > 0 else { return 0 }
    return Double(count) * Self.trackGap + 4
  }

  // MARK: Doors and tracks

  private mutating func placeDoors() {
    doors = [(Double, Double)](repeating: (0, 0), count: links.count)
    var out = [[(Double, Int)]](repeating: [], count: sizes.count)
    var into = out
    for (number, link) in links.enumerated() where layers.ways[number] != .loop {
      // What goes round does so behind all else.
      let isAside = layers.ways[number] == .aside
      let chain = grid.chains[number]
      let next = chain.first.map { grid.slots[$0].center } ?? 0
      let last = chain.last.map { grid.slots[$0].center } ?? 0
      out[link.from].append((isAside ? .infinity : next, number))
      into[link.to].append((isAside ? .infinity : last, number))
    }
    for box in sizes.indices {
      for (place, door) in out[box].sorted(by: <).enumerated() {
        doors[door.1].out = self.door(place, of: out[box].count, box)
      }
      for (place, door) in into[box].sorted(by: <).enumerated() {
        doors[door.1].in = self.door(place, of: into[box].count, box)
      }
    }
  }

  private func door(_ place: Int, of count: Int, _ box: Int) -> Double {
    let breadth = sizes[box].across
    return grid.slots[box].center - breadth / 2
      + breadth * Double(place + 1) / Double(count + 1)
  }

  /// Gives each link that goes round its tracks, and tells how many there are by layer of boxes.
  private mutating func placeTracks() -> (out: [Int], in: [Int]) {
    var out = [Int](repeating: 0, count: layers.count)
    var into = out
    let aside = links.indices.filter { layers.ways[$0] == .aside }
    // The outermost door has the nearest track: so the lines from doors of one layer do not cross.
    for number in aside.sorted(by: { (doors[$0].out, $0) > (doors[$1].out, $1) }) {
      let layer = layers.layer[links[number].from]
      tracks[number, default: (0, 0)].out = out[layer]
      out[layer] += 1
    }
    for number in aside.sorted(by: { (doors[$0].in, $0) > (doors[$1].in, $1) }) {
      let layer = layers.layer[links[number].to]
      tracks[number, default: (0, 0)].in = into[layer]
      into[layer] += 1
    }
    return (out, into)
  }

  private func outTrack(_ number: Int) -> Double {
    bands[layers.layer[links[number].from] * 2].end + Self.trackGap
      * Double((tracks[number]?.out ?? 0) + 1)
  }

  private func inTrack(_ number: Int) -> Double {
    bands[layers.layer[links[number].to] * 2].start - Self.head - Self.trackGap
      * Double((tracks[number]?.in ?? 0) + 1)
  }

  // MARK: Bands

  private mutating func placeBands(_ out: [Int], _ into: [Int]) {
    var depths = [Double](repeating: 0, count: grid.layers.count)
    // How far links go across on their way to a layer: they need as much more room along it.
    var shifts = depths
    for (box, size) in sizes.enumerated() {
      depths[layers.layer[box] * 2] = max(depths[layers.layer[box] * 2], size.along)
    }
    for (number, link) in links.enumerated() where layers.ways[number] == .loop {
      // A loop's label may be higher than its box.
      let layer = layers.layer[link.from] * 2
      depths[layer] = max(depths[layer], link.label?.along ?? 0)
    }
    for (number, link) in links.enumerated() where layers.ways[number] == .through {
      let first = layers.layer[link.from] * 2 + 1
      depths[first] = max(depths[first], link.label?.along ?? 0)
      var last = doors[number].out
      for (place, slot) in grid.chains[number].enumerated() {
        shifts[first + place] = max(shifts[first + place], abs(grid.slots[slot].center - last))
        last = grid.slots[slot].center
      }
      let end = layers.layer[link.to] * 2
      shifts[end] = max(shifts[end], abs(doors[number].in - last))
    }
    var along = into.first.map { $0 > 0 ? Self.head + Double($0 + 1) * Self.trackGap : 0 } ?? 0
    for (number, depth) in depths.enumerated() {
      if number > 0 {
        along += max(8, min(44, shifts[number] / 6))
        if number.isMultiple(of: 2) {
          along += Self.head + Double(into[number / 2] + 1) * Self.trackGap
        } else {
          along += Double(out[number / 2] + 1) * Self.trackGap
        }
      }
      bands.append((along, along + depth))
      along += depth
    }
  }

  // MARK: Routes

  private func through(_ number: Int) -> Route {
    let link = links[number]
    var point = Point(across: doors[number].out, along: boxes[link.from].end.along)
    let head = Point(across: doors[number].in, along: boxes[link.to].along)
    var route = Route(start: point, head: head)
    func line(to along: Double) {
      guard along > point.along else { return }
      point.along = along
      route.strokes.append(.line(point))
    }
    func curve(to next: Point) {
      let middle = (point.along + next.along) / 2
      route.strokes.append(
        .curve(
          Point(across: point.across, along: middle), Point(across: next.across, along: middle),
          to: next))
      point = next
    }
    let first = layers.layer[link.from] * 2
    line(to: bands[first].end)
    for (place, slot) in grid.chains[number].enumerated() {
      let band = bands[first + 1 + place]
      let center = grid.slots[slot].center
      curve(to: Point(across: center, along: band.start))
      if place == 0, let size = link.label {
        route.label = Frame(
          across: center - size.across / 2,
          along: (band.start + band.end - size.along) / 2, size: size)
      }
      line(to: band.end)
    }
    curve(to: Point(across: head.across, along: head.along - Self.head + 5))
    line(to: head.along - 2)
    return route
  }

  private func loop(_ number: Int) -> Route {
    let box = boxes[links[number].from]
    let start = Point(across: box.end.across, along: box.along + box.size.along * 0.3)
    let head = Point(across: box.end.across, along: box.along + box.size.along * 0.7)
    var route = Route(start: start, head: head, isLoop: true)
    route.strokes = [
      .curve(
        Point(across: start.across + 28, along: start.along - 4),
        Point(across: head.across + 28, along: head.along + 4),
        to: Point(across: head.across + 2, along: head.along))
    ]
    if let size = links[number].label {
      route.label = Frame(
        across: box.end.across + 26,
        along: max(box.along, box.center.along - size.along / 2), size: size)
    }
    return route
  }

  private func round(_ lane: SideLanes.Lane) -> Route {
    let link = links[lane.link]
    let start = Point(across: doors[lane.link].out, along: boxes[link.from].end.along)
    let head = Point(across: doors[lane.link].in, along: boxes[link.to].along)
    var route = Route(start: start, label: lane.labelFrame, head: head)
    let corners = [
      Point(across: start.across, along: lane.from), Point(across: lane.across, along: lane.from),
      Point(across: lane.across, along: lane.to), Point(across: head.across, along: lane.to),
      Point(across: head.across, along: head.along - 2),
    ]
    var point = start
    for (corner, next) in zip(corners, corners.dropFirst()) {
      let radius = min(8, Self.distance(point, corner) / 2, Self.distance(corner, next) / 2)
      route.strokes.append(.line(Self.toward(point, from: corner, by: radius)))
      point = Self.toward(next, from: corner, by: radius)
      route.strokes.append(.bend(corner, to: point))
    }
    route.strokes.append(.line(corners[4]))
    return route
  }

  private static func distance(_ one: Point, _ other: Point) -> Double {
    abs(one.across - other.across) + abs(one.along - other.along)
  }

  /// Lines of lanes go straight across or straight along.
  private static func toward(_ target: Point, from point: Point, by distance: Double) -> Point {
    let across = target.across - point.across
    let along = target.along - point.along
    let length = abs(across) + abs(along)
    guard length > 0 else { return point }
    return Point(
      across: point.across + across / length * distance,
      along: point.along + along / length * distance)
  }
}
