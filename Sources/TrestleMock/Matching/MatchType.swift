import TrestleCore

/// What kind of value a condition asks for, by how it is written: decimals and wide integers are texts in
/// the JSON view, so the text decides.
package enum MatchType: String, Sendable, CaseIterable {
  case string, boolean, integer, decimal, number, double, date, time, dateTime, duration, uuid, uri
  case base64, hex, object, list, null

  /// JSON Schema's word for a list is taken too.
  init?(word: String) {
    if word == "array" {
      self = .list
    } else {
      self.init(rawValue: word)
    }
  }

  func takes(_ value: Value) -> Bool {
    switch self {
    case .object: return value.objectValue != nil
    case .list: return value.arrayValue != nil
    case .null: return value.isNull
    case .string: return value.stringValue != nil
    case .number: return value.isNumber || value.decimalText != nil
    case .uuid: return value.stringValue.map(Self.isUUID) ?? false
    default: break
    }
    guard !value.isNull, let text = value.scalarText, let rules = Self.rules[self] else {
      return false
    }
    return rules.refusal(of: text) == nil
  }

  private static let rules: [MatchType: ScalarRules] = {
    let kinds: [(MatchType, ScalarSchema.Kind)] = [
      (.boolean, .boolean), (.integer, .integer), (.decimal, .decimal), (.double, .double),
      (.date, .date), (.time, .time), (.dateTime, .dateTime), (.duration, .duration),
      (.uri, .uri), (.base64, .base64), (.hex, .hex),
    ]
    return Dictionary(
      uniqueKeysWithValues: kinds.map { type, kind in
        // XML-RPC's dates have no hyphens.
        let name = type == .dateTime ? "dateTime.iso8601" : type.rawValue
        return (type, ScalarRules(ScalarSchema(kind: kind, form: .string, typeName: name)))
      })
  }()

  /// RFC 9562 §4: 8, 4, 4, 4 and 12 hexadecimal digits.
  private static func isUUID(_ text: String) -> Bool {
    guard text.utf8.count == 36 else { return false }
    for (position, byte) in text.utf8.enumerated() {
      switch position {
      case 8, 13, 18, 23: if byte != UInt8(ascii: "-") { return false }
      default:
        guard byte &- 48 < 10 || (byte | 0x20) &- 97 < 6 else { return false }
      }
    }
    return true
  }
}
