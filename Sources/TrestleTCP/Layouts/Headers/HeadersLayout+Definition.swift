internal import TrestleCore

extension LayoutKind {
  /// `headers: {first: command, escapes: {c: ":", n: "\n"}, length: content-length, end: "\0"}`
  static let headers = LayoutKind(key: "headers", options: ["encoding"]) {
    HeadersLayout(&$0, $1, problems: &$2)
  }
}

extension HeadersLayout {
  fileprivate init?(
    _ outer: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) {
    self.init()
    encoding = TextEncoding.read(&outer, problems: &problems) ?? context.encoding
    let path = outer.place("headers")
    if encoding.isEBCDIC {
      problems.error(
        "headers are lines of ASCII or what extends it, not of \(encoding.name)", at: path,
        hint: "give the layout an encoding of its own, like encoding: iso-8859-1")
    }
    guard var keys = KeyReader(outer.value("headers"), at: path, problems: &problems) else {
      return nil
    }
    first = keys.text("first", problems: &problems)
    assign = keys.bytes("assign", problems: &problems) ?? assign
    if keys.word("line", as: LineEnd.self, problems: &problems) == .crlf { lineEnd = [0x0D, 0x0A] }
    escapes = Self.readEscapes(&keys, problems: &problems)
    if let words = keys.value("plain") {
      plain = Set((words.arrayValue ?? [words]).compactMap(\.scalarText))
    }
    lengthHeader = keys.text("length", problems: &problems)
    end = keys.bytes("end", problems: &problems) ?? []
    if keys.word("body", as: Body.self, problems: &problems) == .json { bodyLayout = JSONLayout() }
    keys.finish("layout.headers", problems: &problems)
    if first == "headers" || first == "body" {
      problems.error("first may not be called \(first ?? "")", at: path.member("first"))
    }
  }

  private enum LineEnd: String, CaseIterable {
    case lf, crlf
  }

  private enum Body: String, CaseIterable {
    case text, json
  }

  /// `escapes: {c: ":", n: "\n", r: "\r", "\\": "\\"}`: letters after a backslash.
  private static func readEscapes(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> [(letter: UInt8, byte: UInt8)] {
    let path = keys.place("escapes")
    guard let value = keys.value("escapes"),
      let reader = KeyReader(value, at: path, problems: &problems)
    else { return [] }
    var escapes: [(letter: UInt8, byte: UInt8)] = []
    for member in reader.record {
      let place = path.member(member.name)
      let bytes = WrittenBytes.read(member.value, at: place, problems: &problems) ?? []
      guard bytes.count == 1, let letter = member.name.utf8.first, member.name.utf8.count == 1
      else {
        problems.error("expects a letter and the byte it stands for", at: place)
        continue
      }
      escapes.append((letter, bytes[0]))
    }
    if !escapes.isEmpty, !escapes.contains(where: { $0.byte == UInt8(ascii: "\\") }) {
      problems.error("escapes expects one for the backslash itself", at: path)
    }
    return escapes
  }
}
