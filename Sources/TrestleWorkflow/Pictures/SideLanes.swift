/// The lanes at the side of a picture, for links that lead back or far: as few as keep them apart.
struct SideLanes {
  struct Lane {
    var link: Int
    var from: Double
    var to: Double
    var label: LayeredLayout.Size?
    var across = 0.0
    var labelFrame: LayeredLayout.Frame?

    /// What it takes of the lane, its label included, which may be longer.
    var range: ClosedRange<Double> {
      let low = min(from, to)
      let high = max(from, to)
      let missing = max(0, (label?.along ?? 0) + 4 - (high - low))
      return low...(high + missing)
    }
  }

  let edge: Double
  private(set) var lanes: [Lane] = []
  /// Where the outermost lane ends.
  private(set) var end = 0.0

  init(edge: Double) { self.edge = edge }

  mutating func add(_ link: Int, from: Double, to: Double, label: LayeredLayout.Size?) {
    lanes.append(Lane(link: link, from: from, to: to, label: label))
  }

  /// Short ones go inside of long ones.
  mutating func place() {
    let order = lanes.indices.sorted {
      (lanes[$0].range.length, $0) < (lanes[$1].range.length, $1)
    }
    var columns: [[Int]] = []
    for number in order {
      let range = lanes[number].range
      let free = columns.firstIndex { column in
        column.allSatisfy { other in
          lanes[other].range.lowerBound > range.upperBound + 6
            || lanes[other].range.upperBound < range.lowerBound - 6
        }
      }
      if let free { columns[free].append(number) } else { columns.append([number]) }
    }
    let tracks = lanes.flatMap { [$0.from, $0.to] }
    var across = edge
    for column in columns {
      var breadth = 0.0
      for number in column {
        lanes[number].across = across
        guard let size = lanes[number].label else { continue }
        let along = Self.place(of: size.along, in: lanes[number].range, besides: tracks)
        lanes[number].labelFrame = LayeredLayout.Frame(
          across: across + 5, along: along, size: size)
        breadth = max(breadth, size.across + 5)
      }
      across += breadth + 14
    }
    end = lanes.isEmpty ? 0 : across - 8
  }

  /// Where a label stands beside its lane: at the middle, or as near to it as no line to another lane goes through it.
  private static func place(
    of length: Double, in range: ClosedRange<Double>, besides tracks: [Double]
  ) -> Double {
    let middle = (range.lowerBound + range.upperBound - length) / 2
    // Farther off, a label would be looked for in vain.
    let room = min(200, max(0, (range.length - length) / 2 - 2))
    for step in stride(from: 0, through: room, by: 2) {
      for start in [middle + step, middle - step]
      where !tracks.contains(where: { $0 > start - 2 && $0 < start + length + 2 }) {
        return start
      }
    }
    return middle
  }
}

extension ClosedRange<Double> {
  fileprivate var length: Double { upperBound - lowerBound }
}
