/// One data description entry of a copybook, as it is written.
struct CopybookEntry: Sendable {
  /// `OCCURS 1 TO 5 TIMES DEPENDING ON N`
  struct Occurs: Sendable, Hashable {
    var minimum: Int
    var maximum: Int
    /// The field that holds the count, innermost name first: `N OF HEADER`.
    var dependingOn: [String] = []
  }

  /// `SIGN IS LEADING SEPARATE CHARACTER`
  struct Sign: Sendable, Hashable {
    var isLeading: Bool
    var isSeparate: Bool
  }

  var level: Int
  /// Nil for `FILLER`, written or not.
  var name: String?
  var line: Int
  var picture: String?
  var usage: CopybookUsage?
  var occurs: Occurs?
  var redefines: String?
  var sign: Sign?
  var isSynchronized = false
  var isJustified = false
  var isBlankWhenZero = false
  /// `VALUE`, or the values of a condition name.
  var values: [CopybookValue] = []
}

/// A literal of a `VALUE` clause.
enum CopybookValue: Sendable, Hashable {
  case text(String)
  /// `ALL "*"`
  case repeated(String)
  case number(String)
  case bytes([UInt8])
  case zeros
  case spaces
  case lowValues
  case highValues

  /// As a reader of the copybook knows it.
  var description: String {
    switch self {
    case .text(let text): text
    case .repeated(let text): "all \(text)"
    case .number(let text): text
    case .bytes(let bytes): "X'" + bytes.map(HexWindow.hexadecimal).joined().uppercased() + "'"
    case .zeros: "zero"
    case .spaces: "spaces"
    case .lowValues: "low-values"
    case .highValues: "high-values"
    }
  }
}

/// How a field's bytes hold its value (`USAGE`).
enum CopybookUsage: Sendable, Hashable {
  case display
  /// `COMP`, `COMP-4`, `BINARY`
  case binary
  /// `COMP-5`: binary as the machine has it.
  case native
  /// `COMP-X`: binary without a sign, in as few bytes as its digits need.
  case compX
  /// `COMP-N`: the same as the machine has it.
  case compN
  /// `COMP-9`: binary with its low byte first, as some tools for files of PCs call it.
  case littleEndian
  /// `COMP-3`, `PACKED-DECIMAL`
  case packed
  /// `COMP-6`: packed without a sign.
  case unsignedPacked
  /// `COMP-1`, `COMP-2`
  case float(isDouble: Bool)
  /// `FLOAT-SHORT`, `FLOAT-LONG`: IEEE 754 whatever the machine has.
  case standardFloat(isDouble: Bool)
  /// `BINARY-LONG` and its like: so many bytes as the machine has them.
  case integer(bytes: Int, isSigned: Bool)
  /// `POINTER`, `INDEX`: bytes that mean something to one program alone.
  case address(bytes: Int)
  case national
  /// `DISPLAY-1`: characters of two bytes.
  case dbcs

  private static let words: [String: CopybookUsage] = [
    "DISPLAY": .display, "DISPLAY-1": .dbcs, "NATIONAL": .national,
    "COMP": .binary, "COMP-0": .binary, "COMP-4": .binary, "BINARY": .binary,
    "COMP-1": .float(isDouble: false), "COMP-2": .float(isDouble: true),
    "COMP-3": .packed, "PACKED-DECIMAL": .packed, "COMP-5": .native, "COMP-6": .unsignedPacked,
    "COMP-9": .littleEndian, "COMP-X": .compX, "COMP-N": .compN,
    "FLOAT-SHORT": .standardFloat(isDouble: false), "FLOAT-LONG": .standardFloat(isDouble: true),
    "FLOAT-BINARY-32": .standardFloat(isDouble: false),
    "FLOAT-BINARY-64": .standardFloat(isDouble: true),
    "BINARY-CHAR": .integer(bytes: 1, isSigned: true),
    "BINARY-SHORT": .integer(bytes: 2, isSigned: true),
    "BINARY-LONG": .integer(bytes: 4, isSigned: true),
    "BINARY-INT": .integer(bytes: 4, isSigned: true),
    "BINARY-DOUBLE": .integer(bytes: 8, isSigned: true),
    "BINARY-LONG-LONG": .integer(bytes: 8, isSigned: true),
    "SIGNED-SHORT": .integer(bytes: 2, isSigned: true),
    "SIGNED-INT": .integer(bytes: 4, isSigned: true),
    "SIGNED-LONG": .integer(bytes: 8, isSigned: true),
    "UNSIGNED-SHORT": .integer(bytes: 2, isSigned: false),
    "UNSIGNED-INT": .integer(bytes: 4, isSigned: false),
    "UNSIGNED-LONG": .integer(bytes: 8, isSigned: false),
    "INDEX": .address(bytes: 4), "POINTER": .address(bytes: 4), "POINTER-32": .address(bytes: 4),
    "FUNCTION-POINTER": .address(bytes: 4), "PROCEDURE-POINTER": .address(bytes: 8),
    "PROGRAM-POINTER": .address(bytes: 8), "POINTER-64": .address(bytes: 8),
  ]

  /// The words that name a usage.
  static var names: [String] { words.keys.sorted() }

  /// A usage by its word, in capitals: `COMPUTATIONAL-3`.
  init?(word: String) {
    var word = word
    if word.hasPrefix("COMPUTATIONAL") { word = "COMP" + word.dropFirst("COMPUTATIONAL".count) }
    guard let usage = Self.words[word] else { return nil }
    self = usage
  }

  /// Whether a word looks like a usage that nothing here knows: `COMP-7`.
  static func resembles(_ word: String) -> Bool {
    word.hasPrefix("COMP-") || word.hasPrefix("COMPUTATIONAL-") || word.hasPrefix("FLOAT-")
      || word.hasPrefix("BINARY-")
  }
}
