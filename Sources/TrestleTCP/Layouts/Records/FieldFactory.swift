internal import TrestleCore

/// Makes the codec of a scalar field of its one line.
struct FieldFactory {
  let written: FieldText
  let encoding: TextEncoding
  /// Why a known type could not be made; nil for an unknown type.
  private(set) var reason: String?

  static let types = [
    "text", "digits", "bytes", "hex", "bool", "date", "const", "packed", "zoned", "comp", "bcd",
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
    "varint", "bits", "flag", "epoch32", "epoch64", "pad", "align", "xml", "json", "list",
  ]

  static let modifiers: Set<String> = [
    "trim", "le", "unsigned", "signed", "left", "right", "optional", "pad", "default", "const",
    "encoding", "both", "cstring", "packed", "bcd", "ibm", "millis", "signs", "leading",
  ]

  init(written: FieldText, encoding: TextEncoding) {
    self.written = written
    self.encoding = encoding
  }

  mutating func make() -> (any FieldCodec)? {
    guard let codec = scalar() else { return nil }
    return written.names.isEmpty ? codec : NamedCodesField(codec, written.names)
  }

  private mutating func scalar() -> (any FieldCodec)? {
    guard Self.types.contains(written.type) else { return nil }
    for modifier in written.modifiers where !Self.modifiers.contains(modifier.name) {
      reason =
        "unknown word \"\(modifier.name)\" after \(written.type)"
        + Suggestion.clause(for: modifier.name, among: Self.modifiers.sorted())
      return nil
    }
    let isLittleEndian = written.has("le")
    switch written.type {
    case "text": return text()
    case "const":
      let literal = written.argument(of: "const") ?? ""
      guard !literal.isEmpty, let bytes = try? encoding.bytes(of: literal, path: "") else {
        return fail("const expects a text that \(encoding.name) has, like const CINQ")
      }
      return TextField(extent: .fixed(bytes.count), encoding: encoding)
    case "digits":
      guard let size = size(1...1024) else { return fail("digits expects a size, like digits(10)") }
      return DigitsField(size: size, encoding: encoding)
    case "bytes", "hex":
      guard let extent = written.arguments.first.flatMap({ FieldExtent($0, in: encoding) }) else {
        return fail("\(written.type) expects a size, like \(written.type)(8), (u16) or (rest)")
      }
      return BytesField(
        extent: extent, isHexadecimal: written.type == "hex", isLittleEndian: isLittleEndian)
    case "bool":
      let words = written.arguments
      guard words.count == 2, words[0] != words[1], !words[0].isEmpty,
        words[0].unicodeScalars.count == words[1].unicodeScalars.count
      else { return fail("bool expects two texts of one size, like bool(\"Y\", \"N\")") }
      return BooleanField(yes: words[0], no: words[1], encoding: encoding)
    case "date":
      let form: DecimalField.Form? =
        written.has("packed") ? .packed : written.has("bcd") ? .bcd : nil
      guard let pattern = written.arguments.first,
        let field = DateField(pattern: pattern, encoding: encoding, form: form)
      else {
        return fail(
          "date expects a pattern of yyyy yy MM dd DDD HH mm ss, like date(\"yyyyMMdd\")")
      }
      return field
    case "epoch32", "epoch64":
      return EpochField(
        width: written.type == "epoch64" ? 8 : 4, isMilliseconds: written.has("millis"),
        isLittleEndian: isLittleEndian)
    case "float32", "float64":
      return FloatField(
        isDouble: written.type == "float64", isLittleEndian: isLittleEndian,
        isHexadecimal: written.has("ibm"))
    case "varint": return VariableIntegerField()
    case "flag": return BitField(width: 1, isFlag: true)
    case "bits":
      guard let size = size(1...32) else { return fail("bits expects up to 32, like bits(3)") }
      return BitField(width: size)
    case "pad":
      guard let size = size(1...65536) else { return fail("pad expects a size, like pad(3)") }
      return PadField(size: size, byte: fillByte ?? 0)
    case "align":
      guard let size = size(1...4096) else { return fail("align expects a unit, like align(4)") }
      return AlignmentField(unit: size, byte: fillByte ?? 0)
    case "packed", "zoned", "comp", "bcd": return decimal(isLittleEndian)
    case _ where written.type.hasPrefix("int") || written.type.hasPrefix("uint"):
      let isSigned = written.type.hasPrefix("int")
      guard let bits = Int(written.type.dropFirst(isSigned ? 3 : 4)) else { return nil }
      return IntegerField(width: bits / 8, isSigned: isSigned, isLittleEndian: isLittleEndian)
    default: return nil
    }
  }

  private mutating func text() -> (any FieldCodec)? {
    guard let extent = written.arguments.first.flatMap({ FieldExtent($0, in: encoding) }) else {
      return fail("text expects a size, like text(30), (ll), (u16), (to \";\") or (rest)")
    }
    var field = TextField(extent: extent, encoding: encoding)
    if let pad = written.argument(of: "pad") {
      // A character as it is, or as an escape that YAML left alone.
      let decoded = WrittenBytes.bytes(of: pad).map { $0.map { Unicode.Scalar($0) } }
      guard let scalar = pad.unicodeScalars.count == 1 ? pad.unicodeScalars.first : decoded?.first,
        pad.unicodeScalars.count == 1 || decoded?.count == 1
      else { return fail("pad expects one character, like pad \"0\" left") }
      field.pad = scalar
    }
    field.padsLeft = written.has("left")
    field.trims = written.has("trim")
    field.trimsBoth = written.has("both")
    if written.has("cstring") {
      field.endsAtNull = true
      field.pad = "\0"
    }
    return field
  }

  private mutating func decimal(_ isLittleEndian: Bool) -> (any FieldCodec)? {
    let numbers = written.arguments.compactMap { Int($0) }
    guard numbers.count == written.arguments.count, (1...2).contains(numbers.count),
      (1...(written.type == "comp" ? 18 : 31)).contains(numbers[0]),
      numbers.count == 1 || (0...numbers[0]).contains(numbers[1])
    else {
      return fail(
        "\(written.type) expects how many digits, and how many after the point, like \(written.type)(11,2)"
      )
    }
    guard let form = DecimalField.Form(rawValue: written.type) else { return nil }
    let signs = written.argument(of: "signs").map { ZonedSigns(rawValue: $0) }
    if let signs, signs == nil || form != .zoned {
      let known = ZonedSigns.allCases.map(\.rawValue).joined(separator: ", ")
      return fail("signs is for zoned, and one of \(known)")
    }
    return DecimalField(
      form: form, precision: numbers[0], scale: numbers.count > 1 ? numbers[1] : 0,
      isSigned: !written.has("unsigned"), isLittleEndian: isLittleEndian,
      isEBCDIC: encoding.isEBCDIC,
      signs: (signs ?? nil) ?? .translated, hasLeadingSign: written.has("leading"))
  }

  /// The byte that fills: the second in the parentheses.
  private var fillByte: UInt8? {
    guard written.arguments.count == 2 else { return nil }
    return WrittenBytes.bytes(of: written.arguments[1], in: encoding)?.first
  }

  private func size(_ range: ClosedRange<Int>) -> Int? {
    guard let size = written.arguments.first.flatMap({ Int($0) }), range.contains(size) else {
      return nil
    }
    return size
  }

  private mutating func fail(_ reason: String) -> (any FieldCodec)? {
    self.reason = reason
    return nil
  }
}
