import Testing

@testable import TrestleWorkflow

@Suite("Where boxes, links and labels stand")
struct LayeredLayoutTests {
  typealias Point = LayeredLayout.Point
  typealias Size = LayeredLayout.Size

  @Test("no box and no label lies over another, in graphs of any kind", arguments: 1...200)
  func overlaps(_ seed: Int) {
    let graph = RandomGraph(seed: UInt64(seed))
    let layout = LayeredLayout(boxes: graph.sizes, links: graph.links)
    let frames = layout.boxes + layout.routes.compactMap(\.label)
    #expect(layout.routes.compactMap(\.label).count == graph.links.count { $0.label != nil })
    for (number, frame) in frames.enumerated() {
      #expect(frame.across > -0.001 && frame.along > -0.001)
      #expect(frame.end.across <= layout.size.across + 0.001)
      #expect(frame.end.along <= layout.size.along + 0.001)
      for other in frames[(number + 1)...] { #expect(!frame.overlaps(other), "\(frame) \(other)") }
    }
  }

  @Test("no line goes through a box or leaves the picture", arguments: 1...200)
  func lines(_ seed: Int) {
    let graph = RandomGraph(seed: UInt64(seed))
    let layout = LayeredLayout(boxes: graph.sizes, links: graph.links)
    for route in layout.routes {
      for point in Self.points(route) {
        #expect(point.across > -0.001 && point.across <= layout.size.across + 0.001)
        #expect(point.along > -0.001 && point.along <= layout.size.along + 0.001)
        for box in layout.boxes {
          let isInside =
            point.across > box.across + 1 && point.across < box.end.across - 1
            && point.along > box.along + 1 && point.along < box.end.along - 1
          #expect(!isInside, "\(point) in \(box)")
        }
      }
    }
  }

  @Test("the same graph is laid out the same way")
  func determinism() {
    let graph = RandomGraph(seed: 7)
    let layouts = (0..<3).map { _ in LayeredLayout(boxes: graph.sizes, links: graph.links) }
    #expect(Set(layouts.map(\.boxes)).count == 1)
    #expect(Set(layouts.map(\.routes)).count == 1)
  }

  @Test("a box stands behind all that lead to it, and links back go aside")
  func layers() {
    let layers = DiagramLayers(count: 4, links: [(0, 1), (1, 2), (0, 2), (2, 3), (3, 1), (2, 2)])
    #expect(layers.layer == [0, 1, 2, 3])
    #expect(layers.ways == [.through, .through, .through, .through, .aside, .loop])
  }

  @Test("a link over many layers goes aside")
  func spans() {
    let chain = (0..<6).map { ($0, $0 + 1) }
    let layers = DiagramLayers(count: 7, links: chain + [(0, 4), (0, 5)])
    #expect(layers.ways.suffix(2) == [.through, .aside])
  }

  @Test("a chain of any length is laid out")
  func chains() {
    let count = 3000
    let layout = LayeredLayout(
      boxes: [Size](repeating: Size(across: 80, along: 30), count: count),
      links: (1..<count).map { LayeredLayout.Link(from: $0 - 1, to: $0) })
    #expect(Set(layout.boxes.map(\.center.across)).count == 1)
  }

  @Test("nothing, and a box alone, are laid out")
  func few() {
    #expect(LayeredLayout(boxes: [], links: []).size == Size(across: 0, along: 0))
    let size = Size(across: 80, along: 30)
    #expect(LayeredLayout(boxes: [size], links: []).size == size)
  }

  @Test("lines that need not cross do not")
  func crossings() {
    let size = Size(across: 80, along: 30)
    // 0 and 1 lead to 3 and 2, which stand in the other order at first.
    let links = [(0, 3), (1, 2), (4, 0), (4, 1)].map { LayeredLayout.Link(from: $0, to: $1) }
    let layers = DiagramLayers(count: 5, links: links.map { ($0.from, $0.to) })
    var grid = LayerGrid(
      sizes: [Size](repeating: size, count: 5), links: links, layers: layers)
    #expect(grid.crossings == 1)
    grid.order()
    #expect(grid.crossings == 0)
  }

  @Test("those that want each other's place share the middle, by their weights")
  func pools() {
    let wishes: [(wish: Double, weight: Double)] = [(1, 1), (8, 1), (2, 2), (9, 1)]
    #expect(LayerGrid.ascending(wishes) == [1, 4, 4, 9])
    #expect(LayerGrid.ascending([]) == [])
  }

  /// Points along a line, near enough to each other to meet any box.
  static func points(_ route: LayeredLayout.Route) -> [Point] {
    var points = [route.start]
    var last = route.start
    for stroke in route.strokes {
      let controls: [Point]
      switch stroke {
      case .line(let end): controls = [last, last, end, end]
      case .curve(let one, let two, let end): controls = [last, one, two, end]
      case .bend(let corner, let end): controls = [last, corner, corner, end]
      }
      for step in 1...40 {
        let t = Double(step) / 40
        let weights = [
          (1 - t) * (1 - t) * (1 - t), 3 * t * (1 - t) * (1 - t), 3 * t * t * (1 - t), t * t * t,
        ]
        points.append(
          zip(controls, weights).reduce(Point(across: 0, along: 0)) { sum, part in
            Point(
              across: sum.across + part.0.across * part.1,
              along: sum.along + part.0.along * part.1)
          })
      }
      last = controls[3]
    }
    return points
  }
}

/// A graph with loops, links back, labels and parts that hang together with nothing.
struct RandomGraph {
  var sizes: [LayeredLayout.Size] = []
  var links: [LayeredLayout.Link] = []

  init(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func random(_ limit: Int) -> Int {
      // SplitMix64: the same graphs on every machine.
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
    let count = 2 + random(24)
    for _ in 0..<count {
      sizes.append(
        LayeredLayout.Size(across: Double(14 + random(250)), along: Double(14 + random(120))))
    }
    var known = Set<[Int]>()
    for _ in 0..<(count * 2) {
      let pair = [random(count), random(count)]
      guard known.insert(pair).inserted else { continue }
      let label =
        random(3) == 0
        ? nil : LayeredLayout.Size(across: Double(20 + random(160)), along: Double(15 + random(30)))
      links.append(LayeredLayout.Link(from: pair[0], to: pair[1], label: label))
    }
  }
}
