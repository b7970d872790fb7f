internal import TrestleCore
internal import TrestleMock

/// Holds stubs that are to be set against the keys a stub may have, and finds the id of each.
struct LiveStubReader {
  /// A stub with its id, where one was given.
  typealias Given = (id: String?, written: Value)

  /// Those without mistakes so far.
  private(set) var stubs: [Given] = []
  private(set) var problems: [ValueProblem] = []
  /// Where the stub of an id stands in what was given.
  private var roots: [String: ValuePath] = [:]
  /// The roots of stubs whose ids are yet to be made, in order.
  private var unnamed: [ValuePath] = []

  private static let keys =
    AdapterSchema.stub + [
      AdapterKey("id", .text, "What it is replaced and removed by; its name when left out.")
    ]
  private static let longestID = 200

  mutating func add(_ stub: Value, id: String? = nil, at root: ValuePath) {
    guard let record = stub.objectValue else {
      problems.append(
        ValueProblem(
          .error, "a stub is an object, found \(stub.kindName)", at: root,
          hint: "like {\"operation\": \"GetClaim\", \"reply\": {}}"))
      return
    }
    var checker = DocumentChecker(of: "the stub")
    checker.check(record, keys: Self.keys, at: root)
    var found = checker.problems
    if ["reply", "fault", "raw", "replies", "misbehave"].allSatisfy({ record[$0] == nil }) {
      found.append(
        ValueProblem(
          .warning, "the stub has neither reply nor fault, so it answers null", at: root))
    }
    let id = id ?? record["id"]?.scalarText ?? record["name"]?.scalarText
    if let id { check(id, at: record["id"] == nil ? root : root.member("id"), &found) }
    problems += found
    guard !found.contains(where: { $0.severity == .error }) else { return }
    stubs.append((id, stub))
    if let id { roots[id] = root } else { unnamed.append(root) }
  }

  private func check(_ id: String, at path: ValuePath, _ found: inout [ValueProblem]) {
    if id.isEmpty || id.utf8.count > Self.longestID {
      found.append(
        ValueProblem(.error, "an id has 1 to \(Self.longestID) bytes", at: path))
    }
    if id.hasPrefix(LiveAnswers.responseID("")) {
      found.append(
        ValueProblem(
          .error, "ids that begin with \"response \" are those of responses", at: path,
          hint: "set what an operation answers as its response"))
    }
    if let first = roots[id] {
      found.append(
        ValueProblem(
          .error, "\"\(id)\" is the id of \(first) too", at: path, hint: "give each its own id"))
    }
  }

  /// Takes note of the ids that were made for the stubs without one.
  mutating func note(made ids: [String]) {
    let made = ids.filter { roots[$0] == nil }
    for (id, root) in zip(made, unnamed) { roots[id] = root }
  }

  /// The place in what was given of a place in a live stub; nil for one in another.
  func shown(_ path: ValuePath) -> ValuePath? {
    guard let id = LiveAnswers.id(in: path), let root = roots[id] else { return nil }
    return ValuePath(root.steps + path.steps.dropFirst(2))
  }
}
