internal import TrestleCore

/// What a copybook does not say itself: how its compiler and machine lay fields out.
struct CopybookOptions: Sendable {
  /// The bytes of a binary number by its digits.
  enum BinarySizes: String, Sendable, CaseIterable {
    /// 2 bytes to 4 digits, 4 to 9, 8 to 18 (IBM).
    case standard = "2-4-8"
    /// 1 byte to 2 digits besides.
    case withByte = "1-2-4-8"
    /// As few bytes as the digits need.
    case least = "1-8"
  }

  /// What `SYNCHRONIZED` aligns to.
  enum Alignment: String, Sendable, CaseIterable {
    /// Halfwords, and words for all wider binary numbers (IBM).
    case ibm
    /// Every number by its own size.
    case natural
    /// Nothing: the clause is passed over.
    case none
  }

  enum FloatFormat: String, Sendable, CaseIterable {
    case ibm, ieee
  }

  /// How names are written in JSON.
  enum Names: String, Sendable, CaseIterable {
    case copybook
    case lowerSnake = "lower_snake"
    case upperSnake = "upper_snake"
    case camel
  }

  /// Which alternative of redefined bytes a message has, by the value of a field.
  struct Segments: Sendable {
    /// The field's name in the copybook.
    var on: String
    /// Its values with the alternative each stands for.
    var cases: [(value: String, alternative: String)]
  }

  var encoding: TextEncoding
  var coding = NumberCoding.bigEndian
  /// The byte order of what a machine has its own for: COMP-5, COMP-N, IEEE floats, indexes.
  var nativeCoding = NumberCoding.bigEndian
  var binarySizes = BinarySizes.standard
  var floats = FloatFormat.ibm
  var alignment = Alignment.ibm
  var overpunch = ZonedSign.Overpunch.letters
  var isCommaPoint = false
  var trim = CobolTextField.Trim.padding
  var names = Names.copybook
  /// Nil leaves tables at their counts and redefined areas at their size; true lets the last area be as
  /// long as its alternative, false writes everything at full size.
  var isVariable: Bool?
  /// Whether a record may end before its last fields.
  var mayEndEarly = false
  var isStrict = false
  var segments: [Segments] = []
  /// Alternatives that are always the ones meant.
  var selected: [String] = []
  /// Counts that a field's text stands for, by the name of the table.
  var counts: [String: [(text: String, count: Int)]] = [:]

  init(encoding: TextEncoding) {
    self.encoding = encoding
    if case .ebcdic = encoding { return }
    floats = .ieee
  }

  /// A name as JSON has it.
  func key(of name: String) -> String {
    switch names {
    case .copybook: return name
    case .lowerSnake: return name.lowercased().map { $0 == "-" ? "_" : String($0) }.joined()
    case .upperSnake: return name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    case .camel:
      let words = name.lowercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
      return words.enumerated().map { position, word in
        position == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
      }.joined()
    }
  }

  /// The bytes of a binary number.
  func binaryWidth(digits: Int, isSigned: Bool) -> Int {
    // Beyond what compilers agree on: the bytes that hold the digits and a sign.
    guard digits <= 18 else { return Self.leastWidth(digits, isSigned: true) }
    switch binarySizes {
    case .standard: return digits <= 4 ? 2 : digits <= 9 ? 4 : 8
    case .withByte: return digits <= 2 ? 1 : digits <= 4 ? 2 : digits <= 9 ? 4 : 8
    case .least: return Self.leastWidth(digits, isSigned: isSigned)
    }
  }

  static func leastWidth(_ digits: Int, isSigned: Bool) -> Int {
    let largest = (0..<digits).reduce(UInt128(1)) { product, _ in product &* 10 } &- 1
    var width = 1
    while width < 16, largest > UInt128.max >> UInt128(128 - width * 8 + (isSigned ? 1 : 0)) {
      width += 1
    }
    return width
  }
}
