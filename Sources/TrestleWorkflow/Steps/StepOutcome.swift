public import TrestleCore

/// What a step came to.
public struct StepOutcome: Sendable, Hashable {
  /// Whether it did what it should.
  public var isSuccess: Bool
  /// The HTTP status of the answer; nil where there was none, or none of HTTP.
  public var statusCode: Int?
  /// What it gave: the answer's data, the outcome of a condition, what a transform made. Nil where it gave nothing.
  public var output: Value?
  /// Why it failed, in words.
  public var error: String?
  /// What was sent, or what it worked on.
  public var call: Value
  /// How often it was tried.
  public var attempts = 1

  /// Says what a step came to.
  public init(
    isSuccess: Bool, statusCode: Int? = nil, output: Value? = nil, error: String? = nil,
    call: Value = .null
  ) {
    self.isSuccess = isSuccess
    self.statusCode = statusCode
    self.output = output
    self.error = error
    self.call = call
  }
}

extension StepOutcome {
  /// As a run keeps it.
  var jsonValue: Value {
    var record: Record = ["success": .bool(isSuccess), "attempts": .integer(Int64(attempts))]
    if let statusCode { record["status_code"] = .integer(Int64(statusCode)) }
    if let output { record["output"] = output }
    if let error { record["error"] = .string(error) }
    return .object(record)
  }

  /// Reads what a run kept.
  init(_ kept: Value, call: Value) {
    self.init(
      isSuccess: kept["success"]?.boolValue ?? false,
      statusCode: kept["status_code"]?.integerValue.flatMap { Int(exactly: $0) },
      output: kept["output"], error: kept["error"]?.stringValue, call: call)
    attempts = kept["attempts"]?.integerValue.flatMap { Int(exactly: $0) } ?? 1
  }
}
