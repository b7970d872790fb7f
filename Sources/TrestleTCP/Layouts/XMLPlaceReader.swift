internal import Synchronization
internal import TrestleCore
internal import TrestleXML

/// Reads the texts of certain elements of documents, and whether others are there.
final class XMLPlaceReader: PlaceReading {
  private let tree: XMLPlaceTree
  private let idle = Mutex<[Worker]>([])
  private let symbols = XMLSymbolTable()
  private static let keptWorkers = 64

  /// A parser and what it tells, on their way between threads: only one side holds them at a time.
  private struct Worker: @unchecked Sendable {
    let reader: XMLEventReader
    let handler: XMLPlaceHandler
  }

  /// Nil where some place is not a path of element names.
  init?(texts: [ValuePath], present: [ValuePath]) {
    guard let tree = XMLPlaceTree(texts: texts, present: present) else { return nil }
    self.tree = tree
  }

  func read(_ bytes: [UInt8], _ body: (UnsafeMutableBufferPointer<Value?>) -> Void) -> Bool {
    let worker =
      idle.withLock { $0.popLast() }
      ?? Worker(reader: XMLEventReader(symbols: symbols), handler: XMLPlaceHandler(tree))
    defer {
      idle.withLock { idle in
        if idle.count < Self.keptWorkers { idle.append(worker) }
      }
    }
    do throws(CodecError) {
      try worker.reader.read(bytes, into: worker.handler)
    } catch {
      worker.handler.reset()
      return false
    }
    return worker.handler.giveValues(to: body)
  }
}

/// The places that are read, as a tree of element names. Its nodes lie flat, each one's children side by
/// side, so that going down copies and counts nothing.
final class XMLPlaceTree: @unchecked Sendable {
  struct Node {
    /// The element's local name, with a NUL at its end; owned by the tree.
    var name: UnsafeMutablePointer<UInt8>
    var firstChild = 0
    var childCount = 0
    /// The position among the values of its text, and of its being there; -1 where that is not asked.
    var text = -1
    var presence = -1
  }

  /// Never changed once the tree is made. The document itself is node 0.
  let nodes: UnsafeMutableBufferPointer<Node>
  let valueCount: Int

  init?(texts: [ValuePath], present: [ValuePath]) {
    let paths = (texts + present).map(\.steps)
    var names: [[String]] = []
    for steps in paths {
      var path: [String] = []
      for step in steps {
        // Attributes and what stands beside them begin with `_`.
        guard case .member(let name) = step, !name.hasPrefix("_"), !name.isEmpty else {
          return nil
        }
        path.append(name)
      }
      guard !path.isEmpty else { return nil }
      names.append(path)
    }
    valueCount = names.count
    var list = [Node(name: Self.copy(""))]
    var prefixes: [[String]] = [[]]
    var position = 0
    while position < list.count {
      let prefix = prefixes[position]
      list[position].firstChild = list.count
      for path in names where path.count > prefix.count && path.starts(with: prefix) {
        let child = prefix + [path[prefix.count]]
        guard !prefixes[list[position].firstChild...].contains(child) else { continue }
        list.append(Node(name: Self.copy(path[prefix.count])))
        prefixes.append(child)
      }
      list[position].childCount = list.count - list[position].firstChild
      position += 1
    }
    for (index, path) in names.enumerated() {
      guard let node = prefixes.firstIndex(of: path) else { continue }
      if index < texts.count { list[node].text = index } else { list[node].presence = index }
    }
    nodes = .allocate(capacity: list.count)
    _ = nodes.initialize(from: list)
  }

  deinit {
    for node in nodes { node.name.deallocate() }
    nodes.deallocate()
  }

  private static func copy(_ name: String) -> UnsafeMutablePointer<UInt8> {
    let bytes = Array(name.utf8) + [0]
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    return copy
  }
}

/// Goes through one document after the other along a tree of places.
private final class XMLPlaceHandler: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  var isKept: Bool { true }
  private let tree: XMLPlaceTree
  /// Behind a pointer: every access to a class's variable is checked for exclusivity at run time.
  private let state: UnsafeMutablePointer<State>

  init(_ tree: XMLPlaceTree) {
    self.tree = tree
    state = .allocate(capacity: 1)
    state.initialize(to: State(tree))
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  func giveValues(to body: (UnsafeMutableBufferPointer<Value?>) -> Void) -> Bool {
    state.pointee.giveValues(to: body)
  }

  func reset() {
    outcome.reset()
    state.pointee.reset()
  }

  func startElement(_ element: borrowing XMLStartElement) { state.pointee.start(element) }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { state.pointee.add(bytes) }

  func endElement() { state.pointee.end() }

  /// An element whose end has not come.
  private struct Open {
    /// Its node; -1 where nothing of it is asked for.
    var node: Int
    /// Where its text begins.
    var textStart: Int
    var hasChildren = false
    var hasText = false
  }

  private struct State: ~Copyable {
    private let nodes: UnsafeMutableBufferPointer<XMLPlaceTree.Node>
    private var open = MovingStack<Open>(capacity: 16)
    private var text = ByteStack(capacity: 256)
    private let values: UnsafeMutableBufferPointer<Value?>
    /// Which nodes were met.
    private let met: UnsafeMutableBufferPointer<Bool>
    /// Whether the document has something that a value of the whole tells better.
    private var isOdd = false

    init(_ tree: XMLPlaceTree) {
      nodes = tree.nodes
      values = .allocate(capacity: tree.valueCount)
      values.initialize(repeating: nil)
      met = .allocate(capacity: tree.nodes.count)
      met.initialize(repeating: false)
      open.push(Open(node: 0, textStart: 0))
    }

    deinit {
      values.deinitialize()
      values.deallocate()
      met.deallocate()
    }

    mutating func giveValues(to body: (UnsafeMutableBufferPointer<Value?>) -> Void) -> Bool {
      let isPlain = !isOdd
      if isPlain { body(values) }
      reset()
      return isPlain
    }

    mutating func reset() {
      values.update(repeating: nil)
      met.update(repeating: false)
      isOdd = false
      open.cut(to: 1)
      open.top.pointee.hasChildren = false
      text.cut(to: 0)
      text.shrink(to: 64 << 10)
    }

    mutating func start(_ element: borrowing XMLStartElement) {
      let parent = open.top
      parent.pointee.hasChildren = true
      if parent.pointee.hasText { isOdd = true }
      var found = -1
      if parent.pointee.node >= 0 {
        let node = nodes[parent.pointee.node]
        if node.text >= 0 { isOdd = true }
        for child in node.firstChild..<(node.firstChild + node.childCount)
        where element.hasLocalName(nodes[child].name) {
          found = child
          break
        }
      }
      if found >= 0 { meet(found, hasAttributes: element.attributeCount > 0) }
      open.push(Open(node: found, textStart: text.count))
    }

    private mutating func meet(_ node: Int, hasAttributes: Bool) {
      // Repeated, it is a list; a text beside attributes is an object.
      if met[node] || hasAttributes && nodes[node].text >= 0 { isOdd = true }
      met[node] = true
      if nodes[node].presence >= 0 { values[nodes[node].presence] = .bool(true) }
    }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
      let element = open.top
      if !element.pointee.hasText, !bytes.allSatisfy(\.isXMLSpace) {
        element.pointee.hasText = true
        if element.pointee.hasChildren { isOdd = true }
      }
      if element.pointee.node >= 0, nodes[element.pointee.node].text >= 0 { text.append(bytes) }
    }

    mutating func end() {
      guard open.count > 1 else { return }
      let element = open.pop()
      guard element.node >= 0, nodes[element.node].text >= 0 else { return }
      values[nodes[element.node].text] = .string(text.text(from: element.textStart))
      text.cut(to: element.textStart)
    }
  }
}
