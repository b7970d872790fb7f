internal import TrestleCore

extension LayoutKind {
  /// `ber: {names: {9F26: cryptogram}}`
  static let ber = LayoutKind(key: "ber", options: []) { outer, _, problems in
    var section = outer.value("ber")
    // `ber: true` is BER as it comes.
    if section?.boolValue == true { section = .emptyObject }
    guard var keys = KeyReader(section, at: outer.place("ber"), problems: &problems) else {
      return nil
    }
    var layout = BERTLVLayout()
    layout.shape = TLVShape(&keys, hasHexadecimalTags: true, problems: &problems)
    for tag in layout.shape.namedTags {
      if let bytes = HexadecimalText.bytes(of: tag), BERTLVLayout.isTag(bytes) { continue }
      problems.error(
        "\(tag) is no tag", at: keys.place("names").member(tag),
        hint: "tags are hexadecimal, like 9F26")
    }
    layout.padding =
      keys.word("padding", as: BERTLVLayout.Padding.self, problems: &problems) ?? .zeros
    keys.finish("layout.ber", problems: &problems)
    return layout
  }

  /// `tlv: {tag: {bytes: 2, as: ascii}, length: {bytes: 3, as: ascii}}`
  static let tlv = LayoutKind(key: "tlv", options: []) {
    SimpleTLVLayout(&$0, $1, problems: &$2)
  }
}

extension SimpleTLVLayout {
  fileprivate init?(
    _ outer: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) {
    let path = outer.place("tlv")
    guard var keys = KeyReader(outer.value("tlv"), at: path, problems: &problems) else {
      return nil
    }
    let tag = Width(&keys, "tag", in: 1...16, problems: &problems)
    let length = Width(&keys, "length", in: 1...18, problems: &problems)
    guard let tag, let length else { return nil }
    guard let tagCoding = Self.coding(tag, context, problems: &problems),
      let coding = Self.numberCoding(length, context, problems: &problems)
    else { return nil }
    guard coding.widths.contains(length.bytes) else {
      problems.error(
        "a length of this kind has \(coding.widths.lowerBound) to \(coding.widths.upperBound) bytes",
        at: length.path)
      return nil
    }
    var valueCoding: Coding = tagCoding
    if let word = keys.text("value", problems: &problems) {
      let width = Width(bytes: 0, word: word, coverage: nil, path: keys.place("value"))
      guard let coding = Self.coding(width, context, problems: &problems) else { return nil }
      valueCoding = coding
    }
    self.init(
      tag: (tagCoding, tag.bytes), length: LengthPrefix(coding, width: length.bytes),
      value: valueCoding)
    coverage = length.coverage ?? .value
    padding = keys.bytes("padding", problems: &problems)?.first
    var hasHexadecimalTags = false
    if case .raw = tagCoding { hasHexadecimalTags = true }
    shape = TLVShape(&keys, hasHexadecimalTags: hasHexadecimalTags, problems: &problems)
    keys.finish("layout.tlv", problems: &problems)
  }

  /// `2`, or `{bytes: 2, as: binary}`.
  fileprivate struct Width {
    var bytes: Int
    var word: String?
    var coverage: Coverage?
    var path: ValuePath
  }

  private static func coding(
    _ width: Width, _ context: LayoutContext, problems: inout [ValueProblem]
  ) -> Coding? {
    guard let word = width.word else {
      // Text is ASCII unless the layout's encoding is another one.
      return .characters(context.encoding)
    }
    switch DataCodingWord(word) {
    case .characters(let encoding)?: return .characters(encoding)
    case .binary?, .bcd?: return .raw
    case .hexadecimal?, nil:
      let known = ["ascii", "ebcdic", "binary"]
      problems.error(
        "unknown word \"\(word)\"" + Suggestion.clause(for: word, among: known), at: width.path,
        hint: "known: \(known.joined(separator: ", ")), cp037, cp500, …")
      return nil
    }
  }

  private static func numberCoding(
    _ width: Width, _ context: LayoutContext, problems: inout [ValueProblem]
  ) -> NumberCoding? {
    guard let word = width.word else {
      if case .ebcdic = context.encoding { return .ebcdic }
      return .ascii
    }
    if let coding = NumberCoding(rawValue: word == "binary" ? "be" : word) { return coding }
    let known = NumberCoding.allCases.map(\.rawValue)
    problems.error(
      "unknown word \"\(word)\"" + Suggestion.clause(for: word, among: known), at: width.path,
      hint: "known: \(known.joined(separator: ", "))")
    return nil
  }
}

extension SimpleTLVLayout.Width {
  fileprivate init?(
    _ outer: inout KeyReader, _ key: String, in range: ClosedRange<Int>,
    problems: inout [ValueProblem]
  ) {
    path = outer.place(key)
    guard let value = outer.value(key) else {
      problems.error(
        "\(key) is missing", at: outer.path,
        hint: "like {tag: {bytes: 2, as: ascii}, length: {bytes: 3, as: ascii}}")
      return nil
    }
    if let count = WrittenNumber.integer(value), range.contains(count) {
      bytes = count
      return
    }
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let count = keys.integer("bytes", in: range, problems: &problems)
    word = keys.text("as", problems: &problems)
    if key == "length" {
      coverage = keys.word("counts", as: SimpleTLVLayout.Coverage.self, problems: &problems)
    }
    keys.finish("layout.tlv.\(key)", problems: &problems)
    guard let count else {
      problems.error("does not say how many bytes it has", at: path, hint: "like {bytes: 2}")
      return nil
    }
    bytes = count
  }
}
