/// A `PICTURE` string, taken apart.
struct Picture: Sendable, Hashable {
  enum Category: Sendable {
    case text
    /// `9`, `V`, `S`, `P` alone.
    case number
    /// A number with editing: `Z`, `*`, `+`, `-`, `,`, `.`, `$`, `CR`, `DB`, `B`, `0`.
    case editedNumber
    case national
    case dbcs
  }

  /// One character position of an edited number.
  enum Symbol: Sendable, Hashable {
    case digit
    /// `Z` or `*`: a digit that leading zeros leave as a space, or an asterisk.
    case suppressed(fill: Character)
    /// A digit that a floating `+`, `-` or `$` stands before, or in place of.
    case floating
    /// The first of these, which holds no digit.
    case floatingStart(Character)
    /// `+`, `-` or `$` at its own place.
    case fixed(Character)
    /// `CR`, `DB`: two characters where the number is negative.
    case credit(String)
    /// `,`, `B` (a space), `0`, `/`
    case insertion(Character)
    case point
    /// `V`, which holds no character.
    case impliedPoint
  }

  /// As it was written.
  let text: String
  let category: Category
  /// The digits that the field stores.
  var digits = 0
  /// Digits after the point; negative where zeros before it are not stored (`9(3)PPP`).
  var scale = 0
  var isSigned = false
  /// Character positions.
  var length = 0
  /// The positions of an edited number, in order.
  var symbols: [Symbol] = []

  /// Numbers wider than any that a compiler takes are a mistake (COBOL 2002: 31, GnuCOBOL: 38).
  private static let maximumDigits = 38
  private static let maximumLength = 1 << 24

  /// Why a picture cannot be read.
  struct Mistake: Error {
    var reason: String
  }

  /// Reads a picture; with `isCommaPoint` the comma is the decimal point (`DECIMAL-POINT IS COMMA`).
  init(_ text: String, isCommaPoint: Bool = false) throws(Mistake) {
    self.text = text
    let runs = try Self.runs(of: text, isCommaPoint: isCommaPoint)
    let letters = Set(runs.map(\.symbol))
    for run in runs {
      guard run.count <= Self.maximumLength else {
        throw Mistake(reason: "\(run.count) characters are too many")
      }
    }
    let total = runs.reduce(0) { $0 + $1.count }
    guard total <= Self.maximumLength, total > 0 else {
      throw Mistake(reason: total == 0 ? "it is empty" : "\(total) characters are too many")
    }
    if letters.contains("N") || letters.contains("G") {
      guard letters.isSubset(of: ["N", "G", "B", "0", "/"]) else {
        throw Mistake(reason: "N and G do not go with other symbols")
      }
      category = letters.contains("G") ? .dbcs : .national
      length = total
    } else if letters.contains("X") || letters.contains("A") || letters == ["B"]
      || letters.contains("E")
    {
      category = .text
      length = total
    } else if letters.isSubset(of: ["9", "V", "S", "P"]) {
      category = .number
      try readNumber(runs)
    } else {
      category = .editedNumber
      try readEdited(runs)
    }
  }

  private struct Run {
    var symbol: String
    var count: Int
  }

  private static func runs(
    of text: String, isCommaPoint: Bool
  ) throws(Mistake) -> [Run] {
    var runs: [Run] = []
    var rest = text.uppercased()[...]
    while let symbol = rest.popFirst() {
      var run = Run(symbol: String(symbol), count: 1)
      if (symbol == "C" && rest.first == "R") || (symbol == "D" && rest.first == "B") {
        rest.removeFirst()
        run.symbol = symbol == "C" ? "CR" : "DB"
      }
      if rest.first == "(" {
        guard let end = rest.firstIndex(of: ")"),
          let count = Int(rest[rest.index(after: rest.startIndex)..<end]), count >= 0
        else { throw Mistake(reason: "a number in parentheses is wrong") }
        run.count = count
        rest = rest[rest.index(after: end)...]
      }
      if isCommaPoint {
        if run.symbol == "," { run.symbol = "." } else if run.symbol == "." { run.symbol = "," }
      }
      if ["€", "£", "¥"].contains(run.symbol) { run.symbol = "$" }
      guard Self.known.contains(run.symbol) else {
        throw Mistake(reason: "\"\(symbol)\" is no picture symbol")
      }
      if let last = runs.last, last.symbol == run.symbol {
        runs[runs.count - 1].count += run.count
      } else {
        runs.append(run)
      }
    }
    return runs
  }

  private static let known: Set<String> = [
    "X", "A", "9", "S", "V", "P", "Z", "*", "+", "-", "$", ",", ".", "B", "0", "/", "CR", "DB",
    "N", "G", "E",
  ]

  // MARK: Numbers

  private mutating func readNumber(_ runs: [Run]) throws(Mistake) {
    var hasPoint = false
    var leading = 0
    var trailing = 0
    var fraction = 0
    for run in runs {
      switch run.symbol {
      case "S": isSigned = true
      case "V": hasPoint = true
      case "P": if digits == 0 { leading += run.count } else { trailing += run.count }
      default:
        digits += run.count
        if hasPoint { fraction += run.count }
      }
    }
    guard digits > 0 else { throw Mistake(reason: "it has no digits") }
    guard digits + leading + trailing <= Self.maximumDigits else {
      throw Mistake(reason: "\(digits + leading + trailing) digits are too many")
    }
    // P on the left is behind the point, P on the right before it (COBOL 85, PICTURE).
    scale = leading > 0 ? leading + digits : trailing > 0 ? -trailing : fraction
    length = digits
  }

  private mutating func readEdited(_ runs: [Run]) throws(Mistake) {
    guard runs.reduce(0, { $0 + $1.count }) <= 249 else {
      throw Mistake(reason: "an edited number has at most 249 characters")
    }
    let floats = Set(
      ["+", "-", "$"].filter { symbol in
        runs.reduce(0) { $0 + ($1.symbol == symbol ? $1.count : 0) } > 1
      })
    var hasPoint = false
    var hasFloated: Set<String> = []
    for run in runs {
      for _ in 0..<run.count {
        var symbol: Symbol?
        switch run.symbol {
        case "9": symbol = .digit
        case "Z": symbol = .suppressed(fill: " ")
        case "*": symbol = .suppressed(fill: "*")
        case "CR", "DB": symbol = .credit(run.symbol)
        case ".": symbol = .point
        case "V": symbol = .impliedPoint
        case "S":
          isSigned = true
        case "P": throw Mistake(reason: "P does not go with editing")
        case "B": symbol = .insertion(" ")
        case ",", "0", "/": symbol = .insertion(Character(run.symbol))
        case let sign:
          if floats.contains(sign) {
            symbol = hasFloated.insert(sign).inserted ? .floatingStart(Character(sign)) : .floating
          } else {
            symbol = .fixed(Character(sign))
          }
        }
        guard let symbol else { continue }
        if symbol == .point || symbol == .impliedPoint {
          guard !hasPoint else { throw Mistake(reason: "it has two points") }
          hasPoint = true
        }
        if symbol.isDigit {
          digits += 1
          if hasPoint { scale += 1 }
        }
        if case .credit = symbol { length += 1 }
        if symbol != .impliedPoint { length += 1 }
        symbols.append(symbol)
      }
    }
    guard digits > 0 else { throw Mistake(reason: "it has no digits") }
    guard digits <= Self.maximumDigits else {
      throw Mistake(reason: "\(digits) digits are too many")
    }
  }

  /// Whether an edited number may be negative.
  var showsSign: Bool {
    isSigned
      || symbols.contains {
        switch $0 {
        case .credit, .fixed("+"), .fixed("-"), .floatingStart("+"), .floatingStart("-"): true
        default: false
        }
      }
  }
}

extension Picture.Symbol {
  /// Whether the position may hold a digit.
  var isDigit: Bool {
    switch self {
    case .digit, .suppressed, .floating: true
    default: false
    }
  }
}
