internal import TrestleCore
internal import TrestleMock
internal import TrestleStore

/// A call that a mock got, by the name that the test has for it.
struct ObservedCall: Sendable {
  var service: String
  var entry: JournalEntry
  /// Of what protocol it is.
  var protocolName: String

  /// The parameters; of REST, the members of the body among them.
  var parameters: Value {
    guard case .object(let record) = entry.parameters, let body = record["body"]?.objectValue,
      entry.target != nil
    else { return entry.parameters }
    return .object(body.merging(record))
  }

  /// Of HTTP, the method; empty for other protocols.
  var method: String { entry.method ?? "" }

  /// Of HTTP, the path without its query; empty for other protocols.
  var path: String { String((entry.target ?? "").prefix { $0 != "?" }) }
}

/// Holds the calls of mocks against what a test expects of them.
struct CallExpectations {
  let calls: [ObservedCall]
  /// Where the expectations stand.
  let path: ValuePath
  private(set) var findings: [ExpectationChecker.Finding] = []
  private(set) var problems: [ValueProblem] = []

  init(calls: [ObservedCall], path: ValuePath) {
    self.calls = calls
    self.path = path
  }

  private struct Wanted {
    var title: String
    var count: CallCount
    var matches: [Int]
    var path: ValuePath
    /// Calls that are meant, but for their parameters.
    var near: [(index: Int, mismatches: [Matcher.Mismatch])]
  }

  mutating func check(_ expected: [Value], inOrder: Bool, noOthers: Bool) {
    let wanted = expected.enumerated().map { position, value in
      read(value, at: path.item(position))
    }
    if inOrder {
      checkOrder(wanted)
    } else {
      for one in wanted where !one.count.admits(one.matches.count) { tell(one) }
    }
    guard noOthers else { return }
    let known = Set(wanted.flatMap(\.matches))
    for index in calls.indices where !known.contains(index) {
      findings.append(
        .init(
          message: "there is a call that nothing expects", path: path,
          expected: "no other calls", found: title(of: calls[index])))
    }
  }

  private mutating func read(_ value: Value, at place: ValuePath) -> Wanted {
    let service = (value["service"] ?? value["system"])?.scalarText
    let endpoint = value["endpoint"]?.scalarText
    let operation = value["operation"]?.scalarText
    let method = value["method"]?.scalarText?.uppercased()
    let parameters = value["parameters"] ?? .emptyObject
    let matcher = Matcher.compile(
      condition: parameters, at: place.member("parameters"), problems: &problems)
    var matches: [Int] = []
    var near: [(index: Int, mismatches: [Matcher.Mismatch])] = []
    for (index, call) in calls.enumerated() {
      if let service, service != call.service { continue }
      if let operation, operation != call.entry.operation { continue }
      if let method, method != call.method { continue }
      if let endpoint, endpoint != call.path, endpoint != call.entry.target { continue }
      let mismatches = matcher.mismatches(
        call.parameters, at: place.member("parameters"))
      if mismatches.isEmpty {
        matches.append(index)
      } else {
        near.append((index, mismatches))
      }
    }
    let words = [service, method, endpoint ?? operation].compactMap { $0 }
    let conditions = parameters.objectValue?.isEmpty == false ? [JSONWriter.text(parameters)] : []
    return Wanted(
      title: (words + conditions).joined(separator: " "), count: count(value["count"], at: place),
      matches: matches, path: place, near: near)
  }

  private mutating func count(_ value: Value?, at place: ValuePath) -> CallCount {
    guard let value else { return .atLeast(1) }
    if let number = value.integerValue.flatMap({ Int(exactly: $0) }) { return .exactly(number) }
    let text = value.scalarText ?? ""
    let words = text.split(separator: " ").map(String.init)
    switch (words.first, words.last.flatMap { Int($0) }) {
    case ("at", let number?) where words.contains("least"): return .atLeast(number)
    case ("at", let number?) where words.contains("most"): return .atMost(number)
    case ("exactly", let number?): return .exactly(number)
    case ("once", _): return .once
    case ("twice", _): return .exactly(2)
    case ("never", _): return .never
    default:
      problems.append(
        ValueProblem(
          .error, "\"\(text)\" is no count", at: place.member("count"),
          hint: "write a number, at least 2, at most 3, once or never"))
      return .atLeast(1)
    }
  }

  private mutating func tell(_ wanted: Wanted) {
    var found = "\(wanted.matches.count) of \(calls.count) calls"
    if let nearest = wanted.near.min(by: { $0.mismatches.count < $1.mismatches.count }) {
      found +=
        "; nearest is \(title(of: calls[nearest.index])): "
        + nearest.mismatches.prefix(3).map { mismatch in
          var mismatch = mismatch
          mismatch.path = ValuePath(
            Array(mismatch.path.steps.dropFirst(wanted.path.steps.count + 1)))
          return mismatch.description
        }.joined(separator: ", ")
    } else if wanted.matches.isEmpty {
      let all = calls.map { title(of: $0) }
      found += all.isEmpty ? "" : ": " + all.prefix(8).joined(separator: "; ")
    }
    findings.append(
      .init(
        message: "\(wanted.title) was called \(wanted.matches.count) times", path: wanted.path,
        expected: "\(wanted.count)", found: found,
        observed: nil))
  }

  /// One call for each expectation, one after the other; others may come between.
  private mutating func checkOrder(_ wanted: [Wanted]) {
    var last = -1
    for one in wanted {
      guard let next = one.matches.first(where: { $0 > last }) else {
        findings.append(
          .init(
            message: last < 0
              ? "\(one.title) was not called"
              : "\(one.title) was not called behind the one before it",
            path: one.path, expected: wanted.map(\.title).joined(separator: ", then "),
            found: calls.map { title(of: $0) }.joined(separator: "; ")))
        return
      }
      last = next
    }
  }

  private func title(of call: ObservedCall) -> String {
    // Of SOAP and XML-RPC, the path says nothing.
    let what =
      call.protocolName == "rest"
      ? "\(call.method) \(call.path)" : call.entry.operation ?? "a call that could not be read"
    var parameters = call.parameters.objectValue ?? [:]
    if call.entry.parameters["body"]?.objectValue != nil { parameters["body"] = nil }
    return "\(call.service) \(what)"
      + (parameters.isEmpty ? "" : " \(JSONWriter.text(.object(parameters)).prefix(160))")
  }
}
