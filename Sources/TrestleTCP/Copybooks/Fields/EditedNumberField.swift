internal import TrestleCore

/// A number as it is printed: `PIC -Z,ZZ9.99`.
struct EditedNumberField: CobolField {
  let picture: Picture
  var encoding: TextEncoding
  var isBlankWhenZero = false
  /// Whether the comma is the decimal point (`DECIMAL-POINT IS COMMA`).
  var isCommaPoint = false
  var typeName: String

  var size: Int { picture.length }

  private var isNumber: Bool { picture.scale == 0 && picture.digits <= 9 }
  private var point: Character { isCommaPoint ? "," : "." }

  /// Whether zero is written as nothing but spaces: every digit may be left out.
  private var showsZeroAsBlank: Bool {
    isBlankWhenZero
      || picture.symbols.allSatisfy {
        !$0.isDigit || $0 == .suppressed(fill: " ") || $0 == .floating
      }
  }

  var schema: Schema {
    var scalar = ScalarSchema(
      kind: picture.scale == 0 ? .integer : .decimal, form: isNumber ? .number : .string,
      typeName: typeName)
    scalar.facets.limit(digits: picture.digits, scale: picture.scale, isSigned: picture.showsSign)
    return Schema(.scalar(scalar))
  }

  // MARK: Reading

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(size)
    let text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    guard let decimal = decimal(in: Array(text)) else {
      throw reader.wrong(bytes, "is not \(typeName)")
    }
    let written = decimal.text(scale: picture.scale)
    if isNumber, let number = Int64(written) { return .integer(number) }
    return .string(written)
  }

  private func decimal(in text: [Character]) -> DecimalDigits? {
    if text.allSatisfy({ $0 == " " || $0 == "\0" }) {
      return showsZeroAsBlank ? DecimalDigits(isNegative: false, digits: [0]) : nil
    }
    if text.allSatisfy({ $0 == "*" || $0 == point }), text.contains("*"),
      !picture.symbols.contains(.digit)
    {
      return DecimalDigits(isNegative: false, digits: [0])
    }
    guard let decimal = decimal(byPlaces: text) ?? decimal(byPoint: text) else { return nil }
    return decimal.isNegative && !picture.showsSign ? nil : decimal
  }

  /// The number by what each position may hold; nil where the text does not keep to the picture.
  private func decimal(byPlaces text: [Character]) -> DecimalDigits? {
    var digits: [UInt8] = []
    var isNegative = false
    var place = 0
    func taken() -> Character? {
      guard place < text.count else { return nil }
      place += 1
      return text[place - 1]
    }
    for symbol in picture.symbols {
      guard symbol != .impliedPoint else { continue }
      guard let character = taken() else { return nil }
      switch symbol {
      case .digit, .suppressed, .floating:
        if let digit = character.wholeNumberValue, character.isASCII {
          digits.append(UInt8(truncatingIfNeeded: digit))
        } else if symbol == .digit {
          guard picture.isSigned, digits.count == picture.digits - 1,
            let byte = character.asciiValue, let (digit, minus) = ZonedSign.digit(ofLetter: byte)
          else { return nil }
          digits.append(digit)
          isNegative = minus
        } else {
          guard " *+-$€£¥".contains(character) else { return nil }
          if character == "-" { isNegative = true }
          digits.append(0)
        }
      case .floatingStart, .fixed:
        guard " +-$€£¥".contains(character) else { return nil }
        if character == "-" { isNegative = true }
      case .credit(let mark):
        guard let second = taken() else { return nil }
        let found = String([character, second])
        guard found == mark || found == "  " || found == "**" else { return nil }
        if found == mark { isNegative = true }
      case .point:
        guard character == point || " *".contains(character) else { return nil }
      case .impliedPoint: continue
      case .insertion:
        // What floats may stand in the place of a comma.
        if character == "-" { isNegative = true }
        guard character.wholeNumberValue.map({ $0 == 0 }) ?? true else { return nil }
      }
    }
    return DecimalDigits(isNegative: isNegative, digits: digits)
  }

  /// The number by its own sign and point, wherever these stand; nil for what is no number.
  private func decimal(byPoint text: [Character]) -> DecimalDigits? {
    var isNegative = false
    var whole: [UInt8] = []
    var fraction: [UInt8] = []
    var hasPoint = false
    let separator: Character = isCommaPoint ? "." : ","
    var rest = text.filter { !" \0*$€£¥/".contains($0) && $0 != separator }[...]
    for mark in ["CR", "DB"] where rest.count > 2 && rest.suffix(2).elementsEqual(mark) {
      isNegative = true
      rest.removeLast(2)
    }
    // One sign, before or after the digits.
    if let first = rest.first, first == "-" || first == "+" {
      isNegative = first == "-"
      rest.removeFirst()
    } else if let last = rest.last, last == "-" || last == "+" {
      isNegative = last == "-"
      rest.removeLast()
    }
    for character in rest {
      if let digit = character.wholeNumberValue, character.isASCII {
        let digit = UInt8(truncatingIfNeeded: digit)
        if hasPoint { fraction.append(digit) } else { whole.append(digit) }
      } else if character == point, !hasPoint, picture.scale > 0 {
        hasPoint = true
      } else {
        return nil
      }
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    guard fraction.count <= picture.scale, hasPoint || picture.scale == 0 else { return nil }
    fraction += [UInt8](repeating: 0, count: picture.scale - fraction.count)
    return DecimalDigits(isNegative: isNegative, digits: whole + fraction)
  }

  // MARK: Writing

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    let decimal = try DecimalDigits(
      value, precision: picture.digits, scale: picture.scale, isSigned: picture.showsSign)
    var editor = PictureEditor(picture, decimal, point: point)
    let isZero = decimal.digits.allSatisfy { $0 == 0 }
    let text =
      isZero && isBlankWhenZero
      ? String(repeating: " ", count: size) : editor.edited(isZero: isZero)
    output += try encoding.bytes(of: text, path: "")
  }
}

/// Writes the digits of one number into the places of a picture (COBOL 85, editing rules).
private struct PictureEditor {
  private let picture: Picture
  private let decimal: DecimalDigits
  private let point: Character
  private var result: [Character] = []
  private var next = 0
  /// Whether leading zeros, and what stands between them, still give way.
  private var isSuppressing = false
  private var hasBegun = false
  private var fill: Character = " "
  /// Where the floating sign goes: before the first character that is shown.
  private var floatPlace: Int?
  private var float: Character?

  init(_ picture: Picture, _ decimal: DecimalDigits, point: Character) {
    self.picture = picture
    self.decimal = decimal
    self.point = point
  }

  mutating func edited(isZero: Bool) -> String {
    let digits = picture.symbols.filter(\.isDigit)
    if isZero, let first = digits.first, digits.allSatisfy({ $0 != .digit }) {
      return nothing(first)
    }
    for symbol in picture.symbols { write(symbol) }
    if let float, let place = floatPlace { result[place] = float }
    return String(result)
  }

  /// Zero, where every digit gives way: all spaces, or asterisks around the point.
  private func nothing(_ first: Picture.Symbol) -> String {
    guard first == .suppressed(fill: "*") else {
      return String(repeating: " ", count: picture.length)
    }
    var text = ""
    for symbol in picture.symbols {
      switch symbol {
      case .point: text.append(point)
      case .impliedPoint: break
      case .credit: text += "**"
      default: text.append("*")
      }
    }
    return text
  }

  private func shown(_ sign: Character) -> Character {
    switch sign {
    case "+": decimal.isNegative ? "-" : "+"
    case "-": decimal.isNegative ? "-" : " "
    default: sign
    }
  }

  private mutating func digit() -> UInt8 {
    defer { next += 1 }
    return decimal.digits[next]
  }

  /// Ends the suppression: what follows is shown, and the floating sign stands before it.
  private mutating func show() {
    if isSuppressing || !hasBegun { floatPlace = float == nil ? nil : result.count - 1 }
    isSuppressing = false
    hasBegun = true
  }

  private mutating func write(_ symbol: Picture.Symbol) {
    switch symbol {
    case .floatingStart(let sign):
      float = shown(sign)
      isSuppressing = true
      result.append(" ")
    case .digit:
      let digit = digit()
      if float != nil, isSuppressing { show() }
      isSuppressing = false
      hasBegun = true
      if picture.isSigned, next == picture.digits {
        let letter = ZonedSign.letter(of: digit, isNegative: decimal.isNegative)
        result.append(Character(Unicode.Scalar(letter)))
      } else {
        result.append(Character(Unicode.Scalar(digit + 48)))
      }
    case .suppressed, .floating:
      if case .suppressed(let fill) = symbol { self.fill = fill }
      if !hasBegun { isSuppressing = true }
      let digit = digit()
      if isSuppressing, digit == 0 {
        result.append(fill)
      } else {
        if isSuppressing { show() }
        result.append(Character(Unicode.Scalar(digit + 48)))
      }
    case .fixed(let sign): result.append(shown(sign))
    case .credit(let mark): result += Array(decimal.isNegative ? mark : "  ")
    case .insertion(let character):
      // Where the comma is the point, the point parts thousands.
      let shown = character == "," && point == "," ? "." : character
      result.append(isSuppressing ? fill : shown)
    case .point:
      if isSuppressing { show() }
      hasBegun = true
      result.append(point)
    case .impliedPoint:
      if isSuppressing { show() }
      hasBegun = true
    }
  }
}
