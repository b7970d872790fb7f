internal import TrestleCore

extension LayoutKind {
  /// `iso8583: {version: 1987, fields: {…}}`
  static let iso8583 = LayoutKind(key: "iso8583", options: []) {
    ISO8583Layout(&$0, $1, problems: &$2)
  }
}

extension ISO8583Layout {
  fileprivate init?(
    _ outer: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) {
    let path = outer.place("iso8583")
    var section = outer.value("iso8583")
    // `iso8583: 1987` is `iso8583: {version: 1987}`.
    if let version = section?.scalarText { section = ["version": .string(version)] }
    guard var keys = KeyReader(section, at: path, problems: &problems) else { return nil }
    var found: [ValueProblem] = []
    defer { problems += found }

    let version = keys.word("version", as: StandardElements.self, problems: &found)
    var defaults = DataElementCompiler.Defaults()
    if case .ebcdic = context.encoding {
      defaults.numeric = .characters(context.encoding)
      defaults.text = context.encoding
      defaults.length = .coding(.ebcdic)
    }
    defaults.read(keys.value("defaults"), at: keys.place("defaults"), problems: &found)
    let compiler = DataElementCompiler(defaults: defaults, context: context)

    typeCoding = TypeCoding(&keys, problems: &found) ?? .characters(.ascii)
    (primary, secondary) = BitmapCoding.read(&keys, problems: &found)
    (header, defaultHeader) = compiler.header(&keys, problems: &found)
    let fields = keys.value("fields")
    if let fields, fields.objectValue == nil, fields.stringValue != "standard" {
      found.error(
        "fields expects fields by number, or standard, found \(fields)", at: keys.place("fields"),
        hint: DataElementCompiler.example)
    }
    if fields?.objectValue?["1"] != nil {
      found.error(
        "field 1 is the second bitmap", at: keys.place("fields").member("1"),
        hint: "bitmap says how bitmaps are written")
    }
    elements = compiler.table(
      fields, at: keys.place("fields"), standard: (version ?? .version1987).entries, last: 192,
      reserved: [Self.typeKey, Self.headerKey, Self.bitmapKey], problems: &found)
    keys.finish("layout.iso8583", problems: &found)
    if found.hasErrors { return nil }
  }
}

extension ISO8583Layout.TypeCoding {
  fileprivate init?(_ keys: inout KeyReader, problems: inout [ValueProblem]) {
    guard let word = keys.text("mti", problems: &problems) else { return nil }
    switch DataCodingWord(word) {
    case .characters(let encoding)?: self = .characters(encoding)
    case .bcd?: self = .packed
    case .binary?, .hexadecimal?: self = .binary
    case nil:
      let known = ["ascii", "ebcdic", "bcd", "binary"]
      problems.error(
        "unknown mti \"\(word)\"" + Suggestion.clause(for: word, among: known),
        at: keys.place("mti"), hint: "known: \(known.joined(separator: ", ")), cp037, cp500, …")
      return nil
    }
  }
}

extension BitmapCoding {
  /// Reads the key `bitmap`: one coding for all, or `{primary: …, secondary: …}`.
  fileprivate static func read(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> (primary: BitmapCoding, secondary: BitmapCoding) {
    guard let value = keys.value("bitmap") else { return (.binary, .binary) }
    let path = keys.place("bitmap")
    guard value.objectValue != nil else {
      let coding = BitmapCoding(value, at: path, problems: &problems) ?? .binary
      return (coding, coding)
    }
    guard var inner = KeyReader(value, at: path, problems: &problems) else {
      return (.binary, .binary)
    }
    let primary = inner.value("primary").flatMap {
      BitmapCoding($0, at: path.member("primary"), problems: &problems)
    }
    let secondary = inner.value("secondary").flatMap {
      BitmapCoding($0, at: path.member("secondary"), problems: &problems)
    }
    inner.finish("bitmap", problems: &problems)
    return (primary ?? .binary, secondary ?? primary ?? .binary)
  }

  init?(_ value: Value, at path: ValuePath, problems: inout [ValueProblem]) {
    switch value.stringValue.flatMap({ DataCodingWord($0) }) {
    case .bcd?, .binary?: self = .binary
    case .hexadecimal(let encoding)?, .characters(let encoding)?: self = .hexadecimal(encoding)
    case nil:
      let known = ["binary", "hex", "bcd", "ebcdic"]
      let word = value.scalarText ?? value.kindName
      problems.error(
        "unknown bitmap \"\(word)\"" + Suggestion.clause(for: word, among: known), at: path,
        hint: "known: \(known.joined(separator: ", "))")
      return nil
    }
  }
}

extension CompositeLayout.Bitmap {
  /// Reads `binary` or `{as: hex, bytes: 4}`; 8 bytes where it is not said.
  init?(_ value: Value, at path: ValuePath, problems: inout [ValueProblem]) {
    var coding: BitmapCoding?
    var bytes = 8
    if value.objectValue == nil {
      if value.stringValue == "none" { return nil }
      coding = BitmapCoding(value, at: path, problems: &problems)
    } else if var keys = KeyReader(value, at: path, problems: &problems) {
      coding = BitmapCoding(
        keys.value("as") ?? "binary", at: keys.place("as"), problems: &problems)
      bytes = keys.integer("bytes", in: 1...24, problems: &problems) ?? 8
      keys.finish("bitmap", problems: &problems)
    }
    guard let coding else { return nil }
    self.coding = coding
    bits = bytes * 8
  }
}

extension DataElementCompiler.Defaults {
  /// Reads the key `defaults` over what is there.
  mutating func read(_ value: Value?, at path: ValuePath, problems: inout [ValueProblem]) {
    guard let value, var keys = KeyReader(value, at: path, problems: &problems) else { return }
    func coding(_ key: String, for kind: DataElement.Kind) -> DataCodingWord? {
      guard let text = keys.text(key, problems: &problems) else { return nil }
      if let word = DataCodingWord(text), word.coding(for: kind, sign: .ascii) != nil {
        return word
      }
      let known = DataCodingWord.names.filter {
        DataCodingWord($0)?.coding(for: kind, sign: .ascii) != nil
      }
      problems.error(
        "\(key) is not written as \"\(text)\"" + Suggestion.clause(for: text, among: known),
        at: keys.place(key), hint: "known: \(known.joined(separator: ", "))")
      return nil
    }
    if case .characters(let encoding)? = coding("text", for: .text) { text = encoding }
    numeric = coding("numeric", for: .digits) ?? numeric
    track = coding("track", for: .track) ?? track
    binary = coding("binary", for: .binary) ?? binary
    if let text = keys.text("length", problems: &problems) {
      if let word = LengthCodingWord(text) {
        length = word
      } else {
        problems.error(
          "unknown length \"\(text)\""
            + Suggestion.clause(for: text, among: LengthCodingWord.names),
          at: keys.place("length"),
          hint: "known: \(LengthCodingWord.names.joined(separator: ", "))")
      }
    }
    if let text = keys.text("pad", problems: &problems) {
      let words = text.split(separator: " ")
      if let digit = words.first, digit.utf8.count == 1, let byte = digit.utf8.first,
        NumberCoding.hexadecimalDigit(byte) != nil
      {
        packedPad = DataElement.Pad(
          scalar: Unicode.Scalar(byte), isLeft: !words.contains("right"))
      } else if text == "none" {
        packedPad = nil
      } else {
        problems.error(
          "expects a digit and a side, like F right, found \"\(text)\"", at: keys.place("pad"))
      }
    }
    keys.finish("defaults", problems: &problems)
  }
}
