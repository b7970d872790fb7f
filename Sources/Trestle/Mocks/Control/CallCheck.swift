public import TrestleCore
public import TrestleMock
internal import TrestleStore

/// What calls are expected, and how many.
public struct CallCheck: Sendable {
  /// The system; nil for any.
  public var system: String?
  /// The operation; nil for any.
  public var operation: String?
  /// Conditions on the parameters, as in a stub's `when`.
  public var conditions: Record
  /// How many there shall be.
  public var count: CallCount
  /// The check as its author wrote it; nil where it was not written as text.
  public var text: String?

  /// Expects calls of an operation with such parameters.
  public init(
    system: String? = nil, operation: String? = nil, where conditions: Record = [:],
    _ count: CallCount = .atLeast(1)
  ) {
    self.system = system
    self.operation = operation
    self.conditions = conditions
    self.count = count
  }

  /// Reads a check as `trestle verify` does: `billing CreateInvoice amount:=10 exactly 2`.
  ///
  /// - Throws: `MockControlError` of kind `unreadable` that says which word is wrong.
  public init(_ text: String) throws(MockControlError) {
    do throws(CheckText.Mistake) {
      let parts = try CheckText.parts(text)
      self.init(
        system: parts.system, operation: parts.operation, where: parts.conditions, parts.count)
      self.text = text
    } catch {
      throw .init(.unreadable, "\(text): \(error.reason)", hint: error.hint)
    }
  }

  /// The check in a line.
  public var title: String {
    if let text { return text }
    let words = [system, operation].compactMap { $0 }
    let conditions = conditions.isEmpty ? [] : ["\(Value.object(conditions))"]
    let title = (words + conditions).joined(separator: " ")
    return title.isEmpty ? "any call" : title
  }
}

/// What checks came to.
public struct CallVerification: Sendable, Hashable, CustomStringConvertible {
  /// What one check came to.
  public struct Finding: Sendable, Hashable {
    /// The check as its author wrote it.
    public var check: String
    /// How many calls were as expected.
    public var count: Int
    /// Nil where the check holds; else what came instead, in lines.
    public var failure: String?

    /// Whether the check holds.
    public var holds: Bool { failure == nil }
  }

  /// One for each check; one for all of them where their order was checked.
  public var findings: [Finding]

  /// Whether all checks hold.
  public var holds: Bool { findings.allSatisfy(\.holds) }

  /// The failures, or that all is as expected.
  public var description: String {
    let failures = findings.compactMap(\.failure)
    return failures.isEmpty ? "as expected" : failures.joined(separator: "\n")
  }

  /// Holds calls, in any order, against what was expected.
  init(_ calls: [JournalEntry], _ expectations: [CallExpectation], inOrder: Bool) {
    let verifier = CallVerifier(
      calls.inTimeOrder.compactMap { entry in
        entry.operation.map {
          RecordedCall(
            system: entry.system, operation: $0,
            parameters: entry.parameters.objectValue ?? Record(), origin: entry.origin)
        }
      })
    let found =
      inOrder
      ? [verifier.check(inOrder: expectations)] : expectations.map { verifier.check($0) }
    findings = found.map {
      Finding(check: $0.expectation, count: $0.count, failure: $0.failure)
    }
  }
}
