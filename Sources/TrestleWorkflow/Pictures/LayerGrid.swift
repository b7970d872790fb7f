/// The order and the places across of all that stands in layers: boxes, labels, and links that pass by.
///
/// Layers of boxes have even numbers; those between them, odd ones, are for labels.
struct LayerGrid {
  struct Slot {
    var breadth: Double
    /// Nil for what is of a link.
    var box: Int?
    /// Where its middle is.
    var center = 0.0
  }

  private(set) var slots: [Slot] = []
  /// By layer, its slots in order.
  private(set) var layers: [[Int]]
  /// By link: its slots from one box to the other, without those; empty for links that go round.
  private(set) var chains: [[Int]]
  private var before: [[Int]]
  private var behind: [[Int]]

  static let gap = 26.0

  init(
    sizes: [LayeredLayout.Size], links: [LayeredLayout.Link], layers assignment: DiagramLayers
  ) {
    slots = []
    layers = [[Int]](repeating: [], count: max(0, assignment.count * 2 - 1))
    chains = [[Int]](repeating: [], count: links.count)
    before = []
    behind = []
    for (box, size) in sizes.enumerated() {
      let loop = links.first { $0.from == box && $0.to == box }
      // Both sides alike, so that a box stays in the middle of its place.
      let room = loop.map { Self.loopRoom(label: $0.label) * 2 } ?? 0
      add(Slot(breadth: size.across + room, box: box), to: assignment.layer[box] * 2)
    }
    for (number, link) in links.enumerated() where assignment.ways[number] == .through {
      var last = link.from
      for layer in (assignment.layer[link.from] * 2 + 1)..<(assignment.layer[link.to] * 2) {
        // The label stands right behind the box that the link leaves.
        let isFirst = chains[number].isEmpty
        let slot = add(Slot(breadth: isFirst ? link.label?.across ?? 2 : 2, box: nil), to: layer)
        chains[number].append(slot)
        join(last, slot)
        last = slot
      }
      join(last, link.to)
    }
  }

  /// How much room a loop takes beside its box.
  static func loopRoom(label: LayeredLayout.Size?) -> Double { 30 + (label?.across ?? 0) }

  @discardableResult
  private mutating func add(_ slot: Slot, to layer: Int) -> Int {
    slots.append(slot)
    before.append([])
    behind.append([])
    layers[layer].append(slots.count - 1)
    return slots.count - 1
  }

  private mutating func join(_ from: Int, _ to: Int) {
    behind[from].append(to)
    before[to].append(from)
  }

  // MARK: Order

  /// Orders the slots of each layer by the middle of their neighbours, up and down, and keeps what crosses least.
  mutating func order() {
    var best = layers
    var fewest = crossings
    var positions = self.positions
    for round in 0..<12 where fewest > 0 {
      let isDown = round.isMultiple(of: 2)
      let numbers = isDown ? Array(layers.indices) : layers.indices.reversed()
      for number in numbers { sort(number, by: isDown ? before : behind, &positions) }
      let count = crossings
      if count < fewest {
        fewest = count
        best = layers
      }
    }
    layers = best
  }

  private mutating func sort(_ layer: Int, by neighbours: [[Int]], _ positions: inout [Int]) {
    let keys = layers[layer].enumerated().map { place, slot -> (Double, Int, Int) in
      let near = neighbours[slot]
      guard !near.isEmpty else { return (Double(place), place, slot) }
      return (Double(near.reduce(0) { $0 + positions[$1] }) / Double(near.count), place, slot)
    }
    layers[layer] = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    for (place, slot) in layers[layer].enumerated() { positions[slot] = place }
  }

  /// By slot: which one it is in its layer.
  private var positions: [Int] {
    var positions = [Int](repeating: 0, count: slots.count)
    for layer in layers {
      for (place, slot) in layer.enumerated() { positions[slot] = place }
    }
    return positions
  }

  var crossings: Int {
    let positions = self.positions
    return layers.reduce(0) { sum, layer in
      // Lines cross where they end in another order than they begin in.
      var ends: [Int] = []
      var count = 0
      for slot in layer {
        for end in behind[slot].map({ positions[$0] }).sorted() {
          var low = 0
          var high = ends.count
          while low < high {
            let middle = (low + high) / 2
            if ends[middle] <= end { low = middle + 1 } else { high = middle }
          }
          count += ends.count - low
          ends.insert(end, at: low)
        }
      }
      return sum + count
    }
  }

  // MARK: Places

  /// Gives each slot its place: as near to its neighbours as the others of its layer let it.
  mutating func place() {
    for layer in layers {
      var edge = 0.0
      for slot in layer {
        slots[slot].center = edge + slots[slot].breadth / 2
        edge += slots[slot].breadth + Self.gap
      }
      for slot in layer { slots[slot].center -= edge / 2 }
    }
    let both = zip(before, behind).map { $0 + $1 }
    for round in 0..<16 {
      switch round % 3 {
      case 0: for layer in layers.indices { settle(layer, by: before) }
      case 1: for layer in layers.indices.reversed() { settle(layer, by: behind) }
      default: for layer in layers.indices { settle(layer, by: both) }
      }
    }
    let edge = slots.map { $0.center - $0.breadth / 2 }.min() ?? 0
    for slot in slots.indices { slots[slot].center -= edge }
  }

  /// Where the last of all slots ends.
  var breadth: Double { slots.map { $0.center + $0.breadth / 2 }.max() ?? 0 }

  private mutating func settle(_ layer: Int, by neighbours: [[Int]]) {
    var offset = 0.0
    var offsets: [Double] = []
    var wishes: [(wish: Double, weight: Double)] = []
    for (place, slot) in layers[layer].enumerated() {
      if place > 0 {
        let last = slots[layers[layer][place - 1]]
        offset += (last.breadth + slots[slot].breadth) / 2 + Self.gap
      }
      offsets.append(offset)
      let near = neighbours[slot]
      let sum = near.reduce(0) { $0 + slots[$1].center }
      let wish = near.isEmpty ? slots[slot].center : sum / Double(near.count)
      // Links that pass by are straight before boxes are in the middle of theirs.
      let weight = near.isEmpty ? 0.1 : slots[slot].box == nil ? 3 : Double(near.count)
      wishes.append((wish - offset, weight))
    }
    for (place, value) in Self.ascending(wishes).enumerated() {
      slots[layers[layer][place]].center = value + offsets[place]
    }
  }

  /// The values that never fall and are nearest to the wished ones, by their weights: neighbours that want to be in each
  /// other's place are pooled, and share the middle.
  static func ascending(_ wishes: [(wish: Double, weight: Double)]) -> [Double] {
    var pools: [(value: Double, weight: Double, count: Int)] = []
    for (wish, weight) in wishes {
      pools.append((wish, weight, 1))
      while pools.count > 1, let last = pools.last, pools[pools.count - 2].value > last.value {
        pools.removeLast()
        let other = pools.removeLast()
        let weight = other.weight + last.weight
        pools.append(
          (
            (other.value * other.weight + last.value * last.weight) / weight, weight,
            other.count + last.count
          ))
      }
    }
    return pools.flatMap { [Double](repeating: $0.value, count: $0.count) }
  }
}
