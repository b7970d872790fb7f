internal import TrestleCore

/// Makes the field of an elementary item.
struct CopybookFieldFactory {
  let options: CopybookOptions
  /// Why there is no field, as the rest of a sentence that begins with the item's name.
  private(set) var reason = ""
  private(set) var hint: String?
  /// Whether the record can be laid out without the item.
  private(set) var isHarmless = false

  init(options: CopybookOptions) { self.options = options }

  mutating func field(of item: CopybookItem) -> (any CobolField)? {
    let type = item.entry.picture?.uppercased() ?? item.usage?.text ?? ""
    switch item.usage {
    case .float(let isDouble): return float(isDouble, type)
    case .standardFloat(let isDouble): return standardFloat(isDouble)
    case .integer(let bytes, let isSigned):
      return IntegerField(
        width: bytes, isSigned: isSigned, isLittleEndian: options.nativeCoding == .littleEndian)
    case .address(let bytes):
      return BytesField(extent: .fixed(bytes), isHexadecimal: true)
    default: break
    }
    guard let text = item.entry.picture else {
      isHarmless = true
      return fail("has neither a picture nor fields", hint: "is a level number wrong?")
    }
    let picture: Picture
    do throws(Picture.Mistake) {
      picture = try Picture(text, isCommaPoint: options.isCommaPoint)
    } catch {
      return fail("has a picture that cannot be read: \(text): \(error.reason)")
    }
    switch picture.category {
    case .text: return self.text(picture, item)
    case .number: return number(picture, item)
    case .editedNumber:
      guard item.entry.usage == nil || item.entry.usage == .display else {
        return fail("has an edited picture, \(text), which is of usage DISPLAY alone")
      }
      return EditedNumberField(
        picture: picture, encoding: options.encoding,
        isBlankWhenZero: item.entry.isBlankWhenZero, isCommaPoint: options.isCommaPoint,
        typeName: type)
    case .national:
      return CobolTextField(
        size: picture.length * 2, encoding: options.encoding, national: options.coding,
        isJustified: item.entry.isJustified, trim: options.trim, typeName: type)
    case .dbcs:
      // Their pages have thousands of characters, which nobody can tell apart without the shop's own.
      return BytesField(extent: .fixed(picture.length * 2), isHexadecimal: true)
    }
  }

  private mutating func fail(_ reason: String, hint: String? = nil) -> (any CobolField)? {
    self.reason = reason
    self.hint = hint
    return nil
  }

  private mutating func text(_ picture: Picture, _ item: CopybookItem) -> (any CobolField)? {
    // `PIC X(n) COMP-X` is a number of n bytes.
    switch item.entry.usage {
    case .compX, .compN, .native:
      guard picture.length <= 8 else {
        return fail("has more bytes than a binary number: \(picture.text)")
      }
      let coding = item.entry.usage == .compX ? options.coding : options.nativeCoding
      return IntegerField(
        width: picture.length, isSigned: false, isLittleEndian: coding == .littleEndian)
    case nil, .display?: break
    case .national?:
      return CobolTextField(
        size: picture.length * 2, encoding: options.encoding, national: options.coding,
        isJustified: item.entry.isJustified, trim: options.trim, typeName: picture.text)
    case let usage?:
      return fail("is a text, \(picture.text), of usage \(usage.text)")
    }
    return CobolTextField(
      size: picture.length, encoding: options.encoding, isJustified: item.entry.isJustified,
      trim: options.trim, typeName: picture.text.uppercased())
  }

  private mutating func number(_ picture: Picture, _ item: CopybookItem) -> (any CobolField)? {
    var isSigned = picture.isSigned
    let form: CobolNumberField.Form
    switch item.usage {
    case .packed: form = .packed
    case .unsignedPacked:
      form = .unsignedPacked
      isSigned = false
    case .binary, .littleEndian:
      form = .binary(
        width: options.binaryWidth(digits: picture.digits, isSigned: isSigned),
        coding: item.usage == .littleEndian ? .littleEndian : options.coding, holdsAll: false)
    case .native:
      form = .binary(
        width: options.binaryWidth(digits: picture.digits, isSigned: isSigned),
        coding: options.nativeCoding, holdsAll: true)
    case .compX, .compN:
      form = .binary(
        width: CopybookOptions.leastWidth(picture.digits, isSigned: isSigned),
        coding: item.usage == .compX ? options.coding : options.nativeCoding, holdsAll: true)
    case .national, .dbcs:
      return fail("is a number in national characters, which is not read")
    default:
      // A separate sign makes a number signed, whether or not its picture has an S; one that a group
      // says is for the signed numbers within.
      if item.entry.sign?.isSeparate ?? false { isSigned = true }
      form = .zoned(
        ZonedSign(
          isLeading: item.sign?.isLeading ?? false,
          isSeparate: isSigned && (item.sign?.isSeparate ?? false),
          overpunch: options.overpunch))
    }
    return CobolNumberField(
      form: form, digits: picture.digits, scale: picture.scale, isSigned: isSigned,
      isBlankWhenZero: item.entry.isBlankWhenZero, encoding: options.encoding,
      isStrict: options.isStrict,
      typeName: ([picture.text.uppercased()] + (item.usage.map { [$0.text] } ?? []))
        .joined(separator: " "))
  }

  private func float(_ isDouble: Bool, _ type: String) -> any CobolField {
    guard options.floats == .ibm else { return standardFloat(isDouble) }
    return HexFloatField(
      isDouble: isDouble, isLittleEndian: options.coding == .littleEndian,
      typeName: isDouble ? "COMP-2" : "COMP-1")
  }

  private func standardFloat(_ isDouble: Bool) -> any CobolField {
    let isLittleEndian = options.nativeCoding == .littleEndian
    if isDouble { return FloatField(isDouble: true, isLittleEndian: isLittleEndian) }
    return ShortFloatField(isLittleEndian: isLittleEndian)
  }
}

extension CopybookUsage {
  /// The word people know it by.
  var text: String {
    switch self {
    case .display: "DISPLAY"
    case .binary: "COMP"
    case .native: "COMP-5"
    case .compX: "COMP-X"
    case .compN: "COMP-N"
    case .littleEndian: "COMP-9"
    case .packed: "COMP-3"
    case .unsignedPacked: "COMP-6"
    case .float(let isDouble): isDouble ? "COMP-2" : "COMP-1"
    case .standardFloat(let isDouble): isDouble ? "FLOAT-LONG" : "FLOAT-SHORT"
    case .integer(let bytes, let isSigned):
      (bytes == 1
        ? "BINARY-CHAR"
        : bytes == 2
          ? "BINARY-SHORT"
          : bytes == 4
            ? "BINARY-LONG"
            : "BINARY-DOUBLE") + (isSigned ? "" : " UNSIGNED")
    case .address(let bytes): bytes == 4 ? "POINTER" : "POINTER-64"
    case .national: "NATIONAL"
    case .dbcs: "DISPLAY-1"
    }
  }
}

/// What a field holds where nobody gives it a value.
enum CopybookInitial {
  /// The bytes of `VALUE`, else zero or spaces.
  static func bytes(
    of item: CopybookItem, _ field: any CobolField, _ options: CopybookOptions
  ) -> [UInt8] {
    if let value = item.entry.values.first, let bytes = bytes(of: value, field, options),
      bytes.count == field.size
    {
      return bytes
    }
    var bytes: [UInt8] = []
    let blank: Value = field is CobolTextField ? "" : field is BytesField ? .null : .integer(0)
    try? field.write(blank, to: &bytes)
    return bytes
  }

  private static func bytes(
    of value: CopybookValue, _ field: any CobolField, _ options: CopybookOptions
  ) -> [UInt8]? {
    func written(_ value: Value) -> [UInt8]? {
      var bytes: [UInt8] = []
      return (try? field.write(value, to: &bytes)).map { bytes }
    }
    func filled(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: field.size) }
    switch value {
    case .text(let text): return written(.string(text))
    case .repeated(let text):
      guard !text.isEmpty else { return nil }
      let count = field.size / text.unicodeScalars.count + 1
      let whole = String(repeating: text, count: count).unicodeScalars.prefix(field.size)
      return written(.string(String(whole)))
    case .number(let text): return written(.string(text))
    case .bytes(let bytes):
      guard field is CobolTextField, bytes.count <= field.size else { return nil }
      return bytes + filled(options.encoding.byte(of: " ")).dropFirst(bytes.count)
    case .zeros:
      return field is CobolTextField ? filled(options.encoding.byte(of: "0")) : written(.integer(0))
    case .spaces: return field is CobolTextField ? written("") : nil
    case .lowValues: return field is CobolTextField ? filled(0) : nil
    case .highValues: return field is CobolTextField ? filled(0xFF) : nil
    }
  }
}
