internal import TrestleCore

/// How the encoding of a message is found: by MSH-18, or always the same.
struct HL7Charset: Sendable {
  /// Whether MSH-18 is looked at.
  var readsHeader: Bool
  /// The encoding where MSH-18 says nothing.
  var fallback: TextEncoding

  /// Reads `MSH-18 default utf-8`, `MSH-18` or the name of an encoding.
  static func read(_ keys: inout KeyReader, problems: inout [ValueProblem]) -> HL7Charset {
    let usual = HL7Charset(readsHeader: true, fallback: .utf8)
    guard let text = keys.text("charset", problems: &problems) else { return usual }
    let words = text.split(separator: " ").map(String.init)
    let name: String
    switch words.count {
    case 1 where words[0] == "MSH-18": return usual
    case 1: name = words[0]
    case 3 where words[0] == "MSH-18" && words[1] == "default": name = words[2]
    default:
      problems.error(
        "expects an encoding, or MSH-18 default ENCODING, found \"\(text)\"",
        at: keys.place("charset"))
      return usual
    }
    guard let encoding = TextEncoding(name: name) else {
      problems.error(
        "unknown encoding \"\(name)\"" + Suggestion.clause(for: name, among: TextEncoding.names),
        at: keys.place("charset"), hint: "known: \(TextEncoding.names.joined(separator: ", "))")
      return usual
    }
    return HL7Charset(readsHeader: words.count == 3, fallback: encoding)
  }

  /// The encoding that MSH-18 names, by HL7 table 0211 or as people write it.
  ///
  /// One that is not known is read as ASCII: what it has beyond is refused rather than guessed.
  func encoding(named name: String) -> TextEncoding {
    switch name.uppercased() {
    case "": fallback
    case "ASCII", "US-ASCII": .ascii
    case "UNICODE UTF-8", "UTF-8", "UTF8", "UNICODE": .utf8
    case "8859/1", "8859-1", "ISO8859/1", "ISO-8859-1", "ISO_8859-1", "LATIN1": .latin1
    default: TextEncoding(name: name) ?? .ascii
    }
  }
}
