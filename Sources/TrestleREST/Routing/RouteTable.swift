internal import TrestleCore

/// Finds the operation of a request: by the path, then the method.
///
/// Texts go before parameters, segment by segment, as OpenAPI 3.1 §4.8.8.2 asks; a path that fits two
/// templates in that sense goes to the one that has the method.
package struct RouteTable: Sendable {
  /// What a request is for.
  package enum Match: Sendable, Hashable {
    /// The operation's position, and the texts of its path's parameters in order.
    case operation(Int, [String])
    /// The path is there; these are its methods.
    case method(allowed: [String])
    case nothing
  }

  private struct Node: Sendable {
    var texts: [String: Int] = [:]
    /// Those that say more first.
    var patterns: [(segment: PathTemplate.Segment, node: Int)] = []
    /// Method → operation.
    var operations: [(method: String, operation: Int)] = []
  }

  private var nodes = [Node()]

  package init() {}

  package mutating func add(_ method: String, _ template: PathTemplate, operation: Int) {
    var node = 0
    for segment in template.segments { node = child(of: node, segment) }
    if !nodes[node].operations.contains(where: { $0.method == method }) {
      nodes[node].operations.append((method, operation))
    }
  }

  private mutating func child(of node: Int, _ segment: PathTemplate.Segment) -> Int {
    if let text = segment.text {
      let text = PercentEncoding.decoded(text)
      if let known = nodes[node].texts[text] { return known }
      nodes.append(Node())
      nodes[node].texts[text] = nodes.count - 1
      return nodes.count - 1
    }
    let pattern = segment.pattern
    if let known = nodes[node].patterns.first(where: { $0.segment == pattern }) {
      return known.node
    }
    nodes.append(Node())
    let place =
      nodes[node].patterns.firstIndex { $0.segment.precision < pattern.precision }
      ?? nodes[node].patterns.endIndex
    nodes[node].patterns.insert((pattern, nodes.count - 1), at: place)
    return nodes.count - 1
  }

  /// What a method and a path, without its query, are for.
  package func match(_ method: String, _ path: some StringProtocol) -> Match {
    let rest = path.first == "/" ? path.dropFirst() : path[...]
    let segments = Substring(rest).split(separator: "/", omittingEmptySubsequences: false)
    var search = Search(table: self, method: method, segments: segments)
    if search.go(from: 0, at: 0) { return .operation(search.operation, search.texts) }
    // A slash too many at the end is one in nobody's mind.
    if segments.count > 1, segments.last?.isEmpty == true {
      var second = Search(table: self, method: method, segments: segments.dropLast())
      if second.go(from: 0, at: 0) { return .operation(second.operation, second.texts) }
      search.allowed += second.allowed
    }
    return search.allowed.isEmpty ? .nothing : .method(allowed: search.allowed)
  }

  /// One walk through the table; goes back where a branch leads nowhere.
  private struct Search {
    let table: RouteTable
    let method: String
    let segments: [Substring]
    var texts: [String] = []
    var operation = 0
    /// The methods of paths that fit, when none is the one asked for.
    var allowed: [String] = []
    /// A path of many segments that all fit several templates must not take for ever.
    var steps = 10_000

    init(table: RouteTable, method: String, segments: [Substring]) {
      self.table = table
      self.method = method
      self.segments = segments
    }

    mutating func go(from node: Int, at position: Int) -> Bool {
      steps -= 1
      guard steps > 0 else { return false }
      let node = table.nodes[node]
      guard position < segments.count else { return end(at: node) }
      let segment = segments[position]
      let text =
        segment.utf8.contains(UInt8(ascii: "%"))
        ? PercentEncoding.decoded(segment) : String(segment)
      if let next = node.texts[text], go(from: next, at: position + 1) { return true }
      for pattern in node.patterns {
        guard let found = pattern.segment.match(segment) else { continue }
        texts += found
        if go(from: pattern.node, at: position + 1) { return true }
        texts.removeLast(found.count)
      }
      return false
    }

    private mutating func end(at node: Node) -> Bool {
      if let found = node.operations.first(where: { $0.method == method }) {
        operation = found.operation
        return true
      }
      for entry in node.operations where !allowed.contains(entry.method) {
        allowed.append(entry.method)
      }
      return false
    }
  }
}
