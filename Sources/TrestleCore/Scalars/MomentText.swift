/// Dates and times as texts, compared by the moment they mean.
package enum MomentText {
  /// Negative, zero or positive as one text's moment is before, the same as or after another's; nil
  /// where one is neither a date nor a date with a time.
  ///
  /// A date is its first moment, and what tells no zone is in UTC. ISO 8601 without hyphens is taken too
  /// (`20260115T09:30:00`), as XML-RPC writes it.
  package static func order(of left: String, against right: String) -> Int? {
    var left = left
    var right = right
    return left.withUTF8 { first in
      right.withUTF8 { second in
        guard let first = moment(first), let second = moment(second) else { return nil }
        return first.comparedInUTC(to: second)
      }
    }
  }

  /// Whether a text is a date, or a date with a time.
  package static func isMoment(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { moment($0) != nil }
  }

  private static func moment(_ text: UnsafeBufferPointer<UInt8>) -> DateTimeText? {
    DateTimeText(text, kind: .dateTime, allowsBasicForm: true)
      ?? DateTimeText(text, kind: .date, allowsBasicForm: true)
  }
}
