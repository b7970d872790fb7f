package import TrestleCore
internal import TrestleXML

/// The text of a scalar element, read by its type's rules.
package enum XMLRPCReading: Sendable, Hashable {
  /// As the spec says.
  case exact(Value)
  /// Not as the spec says, but its meaning is plain; the text says what was let pass.
  case lenient(Value, String)
  /// No value of the type; the text says what was expected.
  case invalid(String)
}

/// The lexical rules of XML-RPC's scalar types, and the departures from them met in the wild.
///
/// Spec: xmlrpc.com/spec, "Scalar <value>s" and its questions and answers. A strict reader takes
/// `exact` readings only.
package enum XMLRPCLexical {
  /// Longer texts of a double are refused: the longest that has a use, the smallest denormal
  /// without an exponent and with all its digits, takes 1,077 characters.
  static let maximumDoubleLength = 2_000

  /// Longer texts of a big number are refused: nobody's number, and somebody's arithmetic later.
  static let maximumBigNumberLength = 10_000

  /// Reads a scalar element's text.
  package static func read(_ element: XMLRPCElement, _ text: UnsafeBufferPointer<UInt8>)
    -> XMLRPCReading
  {
    switch element {
    case .string: .exact(.string(String(decoding: text, as: UTF8.self)))
    case .int, .i4: integer(text, element, -2_147_483_648...2_147_483_647)
    case .i8: integer(text, element, Int64.min...Int64.max)
    case .i1: integer(text, element, -128...127)
    case .i2: integer(text, element, -32_768...32_767)
    case .boolean: boolean(text)
    case .double, .float: double(text, element)
    case .dateTimeISO8601, .dateTime: dateTime(text, element)
    case .base64, .serializable: base64(text, element)
    case .nil: none(text)
    case .biginteger, .bigdecimal: bigNumber(text, element)
    default: .invalid("<\(element.rawValue)> is no scalar type")
    }
  }

  /// Reads a text, for callers that have one.
  package static func read(_ element: XMLRPCElement, _ text: String) -> XMLRPCReading {
    var text = text
    return text.withUTF8 { read(element, $0) }
  }

  // MARK: - Integers

  /// "An integer is a 32-bit signed number. You can include a plus or minus at the beginning of a
  /// string of numeric characters. Leading zeros are collapsed. Whitespace is not permitted."
  private static func integer(
    _ text: UnsafeBufferPointer<UInt8>, _ element: XMLRPCElement, _ range: ClosedRange<Int64>
  ) -> XMLRPCReading {
    switch digits(text) {
    case .fits(let number):
      if range.contains(number) { return .exact(.integer(number)) }
      return .lenient(
        .integer(number), "\(number) does not fit <\(element.rawValue)>; read all the same")
    case .wide(let number):
      return .lenient(
        .number(number), "\(number) does not fit <\(element.rawValue)>; read all the same")
    case .none: break
    }
    return trimmed(text, element) { integer($0, element, range) }
      ?? .invalid(expects(element, text))
  }

  private enum Digits {
    case fits(Int64)
    case wide(NumberText)
    case none
  }

  /// An optional sign and digits; wider than 64 bits by its text without leading zeros.
  private static func digits(_ text: UnsafeBufferPointer<UInt8>) -> Digits {
    var position = 0
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    guard position < text.count, text.count <= maximumBigNumberLength else { return .none }
    let start = position
    var number: Int64 = 0
    var isWide = false
    while position < text.count {
      let digit = text[position] &- 48
      guard digit < 10 else { return .none }
      // Counted downwards: the negative range is the wider one.
      let (tens, first) = number.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.subtractingReportingOverflow(Int64(digit))
      if first || second { isWide = true }
      number = sum
      position += 1
    }
    if !isWide, isNegative || number != .min { return .fits(isNegative ? number : -number) }
    let significant = text[start...].drop { $0 == UInt8(ascii: "0") }
    let sign = isNegative ? "-" : ""
    return .wide(NumberText(verified: sign + String(decoding: significant, as: UTF8.self)))
  }

  /// Reads the text without the white space around it; nil when there is none to leave out.
  private static func trimmed(
    _ text: UnsafeBufferPointer<UInt8>, _ element: XMLRPCElement,
    _ read: (UnsafeBufferPointer<UInt8>) -> XMLRPCReading
  ) -> XMLRPCReading? {
    let core = text.trimmingXMLSpace()
    if core.isEmpty {
      return .lenient(.null, "an empty <\(element.rawValue)> is read as null")
    }
    guard core.count < text.count else { return nil }
    switch read(core) {
    case .exact(let value):
      return .lenient(value, "white space around the text of <\(element.rawValue)> is left out")
    case .lenient(let value, let note): return .lenient(value, note)
    case .invalid(let reason): return .invalid(reason)
    }
  }

  // MARK: - The other types

  private static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> XMLRPCReading {
    if text.count == 1, text[0] | 1 == UInt8(ascii: "1") {
      return .exact(.bool(text[0] == UInt8(ascii: "1")))
    }
    let word = text.count <= 5 ? String(decoding: text, as: UTF8.self) : ""
    for flag in [true, false] where word.isEqualIgnoringCase("\(flag)") {
      return .lenient(.bool(flag), "\"\(word)\" is read as a boolean, which the spec writes 0 or 1")
    }
    return trimmed(text, .boolean, boolean) ?? .invalid(expects(.boolean, text))
  }

  /// "At this time, only decimal point notation is allowed, a plus or a minus, followed by any
  /// number of numeric characters, followed by a period and any number of numeric characters.
  /// Whitespace is not allowed."
  private static func double(
    _ text: UnsafeBufferPointer<UInt8>, _ element: XMLRPCElement
  ) -> XMLRPCReading {
    let name = element.rawValue
    guard text.count <= maximumDoubleLength else {
      return .invalid("holds a <\(name)> of \(text.count) characters, more than any double needs")
    }
    let form = DecimalForm(text)
    guard form.isNumber else {
      if let special = specialDouble(text) {
        let word = String(decoding: text, as: UTF8.self)
        return .lenient(.double(special), "\"\(word)\" is no number that the spec has words for")
      }
      return trimmed(text, element) { double($0, element) } ?? .invalid(expects(element, text))
    }
    let written = String(decoding: text, as: UTF8.self)
    guard let number = Double(written), number.isFinite else {
      return .invalid("holds the <\(name)> \(excerpt(text)), which is out of a double's range")
    }
    if number == 0, form.isNonzero(text) {
      return .lenient(
        .double(number), "\(excerpt(text)) is too small for a double; it is read as 0")
    }
    if form.hasExponent {
      return .lenient(.double(number), "\(written) has an exponent, which the spec does not allow")
    }
    if !form.hasPoint {
      return .lenient(.double(number), "\(written) has no decimal point, which the spec asks for")
    }
    return .exact(.double(number))
  }

  private static func specialDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard text.count <= 9 else { return nil }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  private static func dateTime(
    _ text: UnsafeBufferPointer<UInt8>, _ element: XMLRPCElement
  ) -> XMLRPCReading {
    let isExact =
      element == .dateTime ? DateTimeForm.isExtended(text) : DateTimeForm.isSpecForm(text)
    if isExact { return .exact(.dateTime(String(decoding: text, as: UTF8.self))) }
    let core = text.trimmingXMLSpace()
    if core.count == text.count, DateTimeForm.isTold(text) {
      let written = String(decoding: text, as: UTF8.self)
      return .lenient(
        .dateTime(written),
        "the date \"\(written)\" is kept as it is; the spec's form is 19980717T14:08:55")
    }
    return trimmed(text, element) { dateTime($0, element) } ?? .invalid(expects(element, text))
  }

  private static func base64(
    _ text: UnsafeBufferPointer<UInt8>, _ element: XMLRPCElement
  ) -> XMLRPCReading {
    if text.isEmpty { return .lenient(.null, "an empty <\(element.rawValue)> is read as null") }
    // RFC 2045 §6.8 breaks lines; peers also indent.
    if let bytes = Base64.decode(text, strict: true) {
      if Base64.endsInZeroBits(text) { return .exact(.bytes(bytes)) }
      return .lenient(
        .bytes(bytes), "the base64 text ends in bits of no whole byte; they are left out")
    }
    // Peers leave the padding out, count it wrong, and join texts that each have one.
    var joined: [UInt8] = []
    for part in text.split(separator: UInt8(ascii: "=")) {
      guard let bytes = Base64.decode(part) else { return .invalid(expects(element, text)) }
      joined += bytes
    }
    let isUnpadded = !text.contains(UInt8(ascii: "="))
    return .lenient(
      .bytes(joined),
      isUnpadded ? "the base64 text lacks its padding" : "the base64 text has wrong padding")
  }

  private static func none(_ text: UnsafeBufferPointer<UInt8>) -> XMLRPCReading {
    if text.isEmpty { return .exact(.null) }
    if text.isXMLSpace { return .lenient(.null, "white space in <nil/> is left out") }
    return .invalid("expects <nil/> to be empty, found \(excerpt(text))")
  }

  private static func bigNumber(
    _ text: UnsafeBufferPointer<UInt8>, _ element: XMLRPCElement
  ) -> XMLRPCReading {
    let name = element.rawValue
    guard text.count <= maximumBigNumberLength else {
      return .invalid("holds a <\(name)> of \(text.count) characters, which is too long")
    }
    let form = DecimalForm(text)
    guard form.isNumber, element == .bigdecimal || !(form.hasPoint || form.hasExponent) else {
      return trimmed(text, element) { bigNumber($0, element) } ?? .invalid(expects(element, text))
    }
    let written = String(decoding: text, as: UTF8.self)
    if let number = NumberText(written) { return .exact(.number(number)) }
    // Java writes no plus, leading zero or bare point; what is one of these has the same value.
    guard let number = NumberText(form.jsonText(of: text)) else {
      return .invalid(expects(element, text))
    }
    return .lenient(.number(number), "\(excerpt(text)) is read as \(number)")
  }

  // MARK: - Method names

  /// "Identifier characters, upper and lower-case A-Z, the numeric characters, 0-9, underscore, dot,
  /// colon and slash."
  static func isIdentifierCharacter(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      // '.', '/', the digits and ':' lie side by side.
      UInt8(ascii: ".")...UInt8(ascii: ":"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  // MARK: - Words

  private static func expects(
    _ element: XMLRPCElement, _ text: UnsafeBufferPointer<UInt8>
  ) -> String {
    "expects <\(element.rawValue)>, found \(excerpt(text))"
  }

  /// The start of a text in quotes, on one line.
  package static func excerpt(_ text: some Collection<UInt8>, limit: Int = 60) -> String {
    var shown = String(decoding: text.prefix(limit), as: UTF8.self).map { character in
      character.isNewline || character == "\t" ? " " : String(character)
    }.joined()
    shown.unicodeScalars.removeAll { $0.value < 0x20 || $0.value == 0x7F }
    // A character cut in two by the limit shows as U+FFFD.
    if text.count > limit, shown.hasSuffix("\u{FFFD}") { shown.removeLast() }
    return "\"\(shown)\(text.count > limit ? "…" : "")\""
  }
}
