internal import TrestleCore

/// The pieces of an adapter file that is written for people to read and go on with.
enum AdapterText {
  /// A comment that tells editors how to check the file.
  static let schemaComment =
    "# yaml-language-server: $schema=../.trestle/schema/adapter.json"

  /// `endpoint:` with the variable of the environment that may say otherwise; nil for an address that
  /// cannot be written so.
  static func endpoint(_ address: String, of name: String) -> String? {
    guard !address.isEmpty, !address.contains("}") else { return nil }
    return "endpoint: " + quoted("${env:\(variable(name, "URL")):-\(address)}")
  }

  /// A system's environment variable for something: `CREDIT_SCORING_URL`.
  static func variable(_ name: String, _ what: String) -> String {
    let letters = name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    let first = letters.first?.isNumber == true ? "_" : ""
    return first + String(letters) + "_" + what
  }

  /// A text in double quotes, which mean the same to YAML as to JSON.
  ///
  /// What YAML takes for a line break or does not take at all, and JSON leaves as it is, is escaped.
  static func quoted(_ text: String) -> String {
    var quoted = ""
    for scalar in JSONWriter.text(.string(text)).unicodeScalars {
      switch scalar.value {
      case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted
  }

  /// A text without quotes where no reader of YAML can take it for anything else.
  static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
      ?? false
    let rest = text.utf8.allSatisfy {
      ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- 48 < 10 || "._-/ ".utf8.contains($0)
    }
    let isWord = !reserved.contains(text.lowercased())
    return isPlain && rest && isWord && text.last != " " ? text : quoted(text)
  }

  /// Words that YAML 1.1 or 1.2 reads as something else than text.
  private static let reserved: Set<String> = [
    "true", "false", "null", "yes", "no", "on", "off", "y", "n",
  ]

  /// `{ name: sku, type: string }`.
  static func flow(_ record: Record) -> String {
    let members = record.members.map { member in
      "\(scalar(member.name)): \(scalar(member.value.scalarText ?? ""))"
    }
    return "{ \(members.joined(separator: ", ")) }"
  }
}
