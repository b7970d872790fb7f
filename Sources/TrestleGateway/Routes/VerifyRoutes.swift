internal import Trestle

/// Whether mocks were called as expected.
struct VerifyRoutes: Sendable {
  let mocks: RunningMocks

  private static let most: ClosedRange<Int64> = 0...1_000_000_000

  /// The keys of a check that is written as an object.
  private static let checkKeys = [
    AdapterKey("system", .text, "The system; any when left out."),
    AdapterKey("operation", .text, "The operation; any when left out."),
    AdapterKey("where", .map(.anything), "Conditions on the parameters, as in a stub's when."),
    AdapterKey("exactly", .integer(most), "How many calls there shall be."),
    AdapterKey("at_least", .integer(most), "How many calls there shall be at least."),
    AdapterKey("at_most", .integer(most), "How many calls there shall be at most."),
    AdapterKey("never", .flag, "Whether there shall be none."),
    AdapterKey("once", .flag, "Whether there shall be one."),
  ]

  private static let keys = [
    AdapterKey(
      "checks", .list(.either([.text, .object(checkKeys)])),
      "Each a text, SYSTEM [OPERATION] [NAME=TEXT …] [exactly N | at least N | at most N | once | never], or an object; without a count one call at least.",
      isRequired: true),
    AdapterKey(
      "in_order", .flag, "Whether one call of each is expected, one after the other."),
    AdapterKey("since", .duration, "Look at the calls of the last time only, such as 5m."),
  ]

  var routes: [Route] {
    [
      Route(
        .post, "/v1/verify", "verify",
        "Checks what mocks were called with; a check that fails says what came instead.",
        body: Route.Body(
          shape: AdapterSchema.jsonSchema(of: Self.keys), summary: "The checks.", limit: 1 << 20,
          example: [
            "checks": ["stock GetStock sku=A-1", ["system": "boiler", "never": true]]
          ]),
        answers: [
          .json(Shape.named(.verification), "What they came to, whether they hold or not.")
        ], errors: [400, 409, 422]
      ) { [self] request in try await verify(request) }.changingNothing
    ]
  }

  private func verify(_ request: APIRequest) async throws -> APIResponse {
    let body = try request.object(Self.keys)
    var checks: [CallCheck] = []
    for (position, check) in (body["checks"]?.arrayValue ?? []).enumerated() {
      do throws(MockControlError) {
        let check = try Self.check(check)
        _ = try mocks.expectation(check, inOrder: body["in_order"] == true)
        checks.append(check)
      } catch {
        throw Self.refusal(error, at: "/checks/\(position)")
      }
    }
    // The duration was checked with the keys.
    let since = try body["since"]?.scalarText.map { try JournalFilter.moment($0) }
    return .json(
      try await mocks.verify(checks, inOrder: body["in_order"] == true, since: since).value)
  }

  /// The request could be read: what it speaks of is not there, or wrong.
  private static func refusal(_ error: MockControlError, at place: String) -> APIError {
    var refusal = APIError(error)
    (refusal.status, refusal.code) = (422, .invalid)
    refusal.path = place
    for position in refusal.problems.indices {
      refusal.problems[position].pointer =
        "\(place)/where" + refusal.problems[position].pointer
    }
    return refusal
  }

  private static func check(_ value: Value) throws(MockControlError) -> CallCheck {
    if let text = value.scalarText { return try CallCheck(text) }
    let counts = ["exactly", "at_least", "at_most", "never", "once"].filter { value[$0] != nil }
    guard counts.count <= 1 else {
      throw MockControlError(
        .invalid, "a check has one count, this one has \(counts.joined(separator: " and "))")
    }
    return CallCheck(
      system: value["system"]?.scalarText, operation: value["operation"]?.scalarText,
      where: value["where"]?.objectValue ?? [:], count(in: value))
  }

  private static func count(in value: Value) -> CallCount {
    func number(_ name: String) -> Int? {
      value[name]?.scalarText.flatMap { Int($0) }
    }
    if let number = number("exactly") { return .exactly(number) }
    if let number = number("at_least") { return .atLeast(number) }
    if let number = number("at_most") { return .atMost(number) }
    if value["never"] == true { return .never }
    if value["once"] == true { return .once }
    return .atLeast(1)
  }
}

extension CallVerification {
  var value: Value {
    let failed = findings.count { !$0.holds }
    return [
      "passed": .integer(Int64(findings.count - failed)), "failed": .integer(Int64(failed)),
      "checks": .array(
        findings.map {
          [
            "check": .string($0.check), "holds": .bool($0.holds),
            "count": .integer(Int64($0.count)),
            "failure": $0.failure.map { .string($0) } ?? .null,
          ]
        }),
    ]
  }
}

/// The shapes of checks.
enum VerifyShapes {
  static let verification = Shape.object(
    [
      "passed": Shape.integer("How many checks hold.", from: 0),
      "failed": Shape.integer("How many do not.", from: 0),
      "checks": Shape.list(
        Shape.object([
          "check": Shape.text(), "holds": Shape.flag(),
          "count": Shape.integer("How many calls were as expected.", from: 0),
          "failure": Shape.orNull(Shape.text(), "What came instead, in lines."),
        ])),
    ], "What checks came to.")
}
