/// Which layer each box is in, and which way each link takes.
struct DiagramLayers {
  enum Way {
    /// From layer to layer.
    case through
    /// Round at the side: it leads back, or far.
    case aside
    /// From a box to itself.
    case loop
  }

  /// By box.
  private(set) var layer: [Int]
  /// By link.
  private(set) var ways: [Way]
  var count: Int { (layer.max() ?? -1) + 1 }

  /// Over more layers than this, a link goes round: it would push all else apart.
  static let longestSpan = 4

  init(count: Int, links: [(from: Int, to: Int)]) {
    ways = links.map { $0.from == $0.to ? .loop : .through }
    layer = [Int](repeating: 0, count: count)
    var outgoing = [[Int]](repeating: [], count: count)
    for (number, link) in links.enumerated() where ways[number] == .through {
      outgoing[link.from].append(number)
    }
    let order = sort(links, outgoing)
    // The longest path there: whatever leads to a box stands before it.
    for box in order {
      for number in outgoing[box] where ways[number] == .through {
        layer[links[number].to] = max(layer[links[number].to], layer[box] + 1)
      }
    }
    for (number, link) in links.enumerated() where ways[number] == .through {
      if layer[link.to] - layer[link.from] > Self.longestSpan { ways[number] = .aside }
    }
  }

  /// The boxes, each before those it leads to; links that lead back to where a path came from are put aside.
  private mutating func sort(_ links: [(from: Int, to: Int)], _ outgoing: [[Int]]) -> [Int] {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: outgoing.count)
    var done: [Int] = []
    // The path is kept here and not in calls: a chain of boxes may be long.
    var path: [(box: Int, next: Int)] = []
    for root in outgoing.indices where marks[root] == .new {
      marks[root] = .open
      path = [(root, 0)]
      while let (box, next) = path.last {
        guard next < outgoing[box].count else {
          marks[box] = .done
          done.append(box)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let number = outgoing[box][next]
        let target = links[number].to
        switch marks[target] {
        case .open: ways[number] = .aside
        case .done: break
        case .new:
          marks[target] = .open
          path.append((target, 0))
        }
      }
    }
    return done.reversed()
  }
}
