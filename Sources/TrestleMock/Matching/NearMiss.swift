package import TrestleCore

/// Why nothing matched a call: the nearest stubs, where they differ, and a stub that would match.
package struct NearMiss: Sendable, Hashable {
  /// One place where a call is not as a stub asks.
  package struct Difference: Sendable, Hashable, CustomStringConvertible {
    /// `amount`, `headers.Session.user`, `transport.path`, `xpath //id`.
    package var path: String
    /// What the stub asks for, in words.
    package var expected: String
    /// What the call has there; nil for nothing.
    package var found: Value?

    /// Shows neither what was asked for nor what came: it is a secret.
    package mutating func hide() {
      expected = "another secret"
      found = found.map { _ in "***" }
    }

    package var description: String {
      let found = found.map { value in
        let text = value.description
        return text.count > 60 ? "\(text.prefix(57))…" : text
      }
      return "\(path) expects \(expected), found \(found ?? "nothing")"
    }
  }

  /// A stub that did not match.
  package struct Candidate: Sendable, Hashable {
    package var stub: String
    package var differences: [Difference]
    /// How many of its conditions hold.
    package var holding: Int
  }

  package var operation: String
  /// The nearest first; at most three.
  package var candidates: [Candidate]
  /// How many stubs the operation has.
  package var stubCount: Int
  /// The first of them by name, for the message.
  package var names: [String]
  /// An entry of `stubs`, in YAML, that this call would match.
  package var suggestion: String

  /// It in one sentence.
  package var summary: String {
    guard let nearest = candidates.first else { return operation }
    var text = "\(operation); nearest is \"\(nearest.stub)\": "
    text += nearest.differences.prefix(3).map(\.description).joined(separator: "; ")
    if nearest.differences.count > 3 { text += "; and \(nearest.differences.count - 3) more" }
    let tried = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let rest = stubCount > names.count ? " and \(stubCount - names.count) more" : ""
    return text + " (tried: \(tried)\(rest))"
  }

  /// It as Trestle JSON shows it.
  package var jsonValue: Value {
    [
      "operation": .string(operation), "stubs": .integer(Int64(stubCount)),
      "nearest": .array(
        candidates.map { candidate in
          [
            "stub": .string(candidate.stub), "holding": .integer(Int64(candidate.holding)),
            "differences": .array(
              candidate.differences.prefix(20).map { difference in
                var record: Record = [
                  "path": .string(difference.path), "expected": .string(difference.expected),
                ]
                if let found = difference.found {
                  record["found"] = .string(String(found.description.prefix(500)))
                }
                return .object(record)
              }),
          ]
        }), "suggestion": .string(suggestion),
    ]
  }
}
