/// What a picture of a workflow shows: boxes, and links between them.
struct DiagramGraph: Sendable {
  /// Where the links lead in general.
  enum Direction: Sendable { case down, right }

  /// What a run did with a part of the picture.
  enum Mark: String, Sendable {
    /// No run is shown.
    case plain
    case visited
    case failed
    /// The run did not come here.
    case faint
  }

  struct Box: Sendable {
    enum Kind: String, Sendable { case start, state, step, event, handler, system, source }

    /// What links and runs know it by; unique among boxes of its kind.
    var name: String
    var kind: Kind
    /// Behind the name: a framework, a protocol, a type of step.
    var tag: String?
    var summary: String?
    var lines: [Line] = []
    /// Whether nothing leads on from here.
    var isEnd = false
    /// Whether a run that ends here has failed.
    var isFailure = false
    var mark = Mark.plain
    /// How often a run came here.
    var visits = 0
  }

  /// A step or something else that is done in a box.
  struct Line: Sendable {
    var text: String
    /// As files write it: `api_call`; nil for what is no step.
    var kind: String?
    /// What is called, or under which condition.
    var detail: String?
    /// The step's name in a run; nil for what is no step.
    var step: String?
    var mark = Mark.plain
  }

  struct Label: Sendable, Hashable {
    enum Kind: String, Sendable { case success, failure, condition, data }

    var kind: Kind
    var text: String
  }

  struct Link: Sendable {
    var from: Int
    var to: Int
    var labels: [Label] = []
    var mark = Mark.plain
    var visits = 0

    /// Whether only failures lead along it.
    var isFailure: Bool { !labels.isEmpty && labels.allSatisfy { $0.kind == .failure } }
    /// Its labels, a line each, with how often a run went along it.
    var texts: [String] {
      let count = visits > 0 ? "×\(visits)" : ""
      guard let last = labels.last?.text else { return count.isEmpty ? [] : [count] }
      return labels.dropLast().map(\.text) + [count.isEmpty ? last : "\(last) \(count)"]
    }
  }

  var title: String
  var summary: String?
  var direction = Direction.down
  var boxes: [Box] = []
  /// One at most from each box to each other.
  private(set) var links: [Link] = []
  private var linkNumbers: [[Int]: Int] = [:]

  init(title: String, summary: String? = nil) {
    self.title = title
    self.summary = summary
  }

  /// The boxes that nothing else can be in the picture of, and how they hang together.
  init(_ definition: WorkflowDefinition) {
    self.init(title: definition.name, summary: definition.summary)
    switch definition.form {
    case .stateDriven: addStates(of: definition)
    case .steps: addSteps(of: definition)
    case .orchestrated: addFlow(of: definition)
    case .eventDriven: addHandlers(of: definition)
    case .legacySystems: addSystems(of: definition)
    }
  }

  @discardableResult
  mutating func add(_ box: Box) -> Int {
    boxes.append(box)
    return boxes.count - 1
  }

  /// Adds a link, or a label to the one that is there already.
  mutating func link(_ from: Int, _ to: Int, _ label: Label? = nil) {
    let number: Int
    if let known = linkNumbers[[from, to]] {
      number = known
    } else {
      number = links.count
      linkNumbers[[from, to]] = number
      links.append(Link(from: from, to: to))
    }
    guard let label, !links[number].labels.contains(label) else { return }
    links[number].labels.append(label)
  }

  func box(_ kind: Box.Kind, named name: String) -> Int? {
    boxes.firstIndex { $0.kind == kind && $0.name == name }
  }

  func link(from: Int, to: Int) -> Int? { linkNumbers[[from, to]] }

  mutating func change(link number: Int, _ change: (inout Link) -> Void) { change(&links[number]) }

  /// The dot that a run begins at.
  static var start: Box { Box(name: "", kind: .start) }
}
