internal import TrestleCore
internal import TrestleMock

/// What a system's faults mean, as its file says it: codes alone say little, since every system gives
/// them its own meaning.
struct FaultTable: Sendable {
  private struct Rule: Sendable {
    let matcher: Matcher
    let name: String?
    let category: FaultCategory?
    let isRetryable: Bool?
  }

  private let rules: [Rule]

  /// Reads the list under `faults`, whose keys and types have been checked.
  init(_ value: Value?, problems: inout [ValueProblem]) {
    let root = ValuePath([.member("faults")])
    rules = (value?.arrayValue ?? []).enumerated().map { position, entry in
      let path = root.item(position)
      let conditions = Record(
        (entry.objectValue ?? [:]).members.filter { Self.conditions.contains($0.name) })
      if conditions.isEmpty {
        problems.append(
          ValueProblem(
            .error, "says of no fault what it means: it has no code, message or detail", at: path,
            hint: "write code: CODE, or message: { contains: WORDS }"))
      }
      return Rule(
        matcher: conditions.isEmpty
          ? .not(.any) : Self.matcher(.object(conditions), at: path, &problems),
        name: entry["name"]?.scalarText,
        category: entry["category"]?.stringValue.flatMap(FaultCategory.init),
        isRetryable: entry["retryable"]?.boolValue)
    }
  }

  private static let conditions = ["code", "message", "detail"]

  /// What must hold for a fault: conditions on its `code`, which is text, `message` and `detail`. A list of codes is
  /// any of them.
  static func matcher(
    _ conditions: Value, at path: ValuePath, _ problems: inout [ValueProblem]
  ) -> Matcher {
    var conditions = conditions.objectValue ?? [:]
    if case .array(let codes)? = conditions["code"] {
      conditions["code"] = ["one_of": .array(codes)]
    }
    return Matcher.compile(
      when: .object(conditions), parameters: schema, at: path, problems: &problems)
  }

  /// A fault as conditions see it.
  private static let schema = Schema(
    .object(
      ObjectSchema(members: [
        ObjectSchema.Member(name: "code", schema: text, isRequired: true),
        ObjectSchema.Member(name: "message", schema: text, isRequired: true),
        ObjectSchema.Member(name: "detail", schema: .any, isRequired: false),
      ])))
  private static let text = Schema(
    .scalar(ScalarSchema(kind: .string, form: .string, typeName: "text")))

  /// The fault with what its first rule says of it.
  func classified(_ fault: Fault) -> Fault {
    guard !fault.isUnmatched else { return fault }
    var fault = fault
    if !rules.isEmpty, let rule = rules.first(where: { $0.matcher.matches(fault.conditionsView) }) {
      fault.name = rule.name ?? fault.name
      fault.category = rule.category ?? fault.category
      fault.isRetryable = rule.isRetryable ?? fault.isRetryable
    }
    if fault.isRetryable == nil { fault.isRetryable = fault.category?.isRetryable }
    return fault
  }
}

extension Fault {
  /// What conditions on faults ask about.
  var conditionsView: Value {
    ["code": .string(code), "message": .string(message), "detail": detail]
  }
}
