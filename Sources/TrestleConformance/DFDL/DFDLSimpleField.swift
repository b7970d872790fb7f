internal import TrestleCore
internal import TrestleXML

/// A simple element as a field of a record, with the fields that say how long it is.
struct DFDLSimpleField {
  typealias Unsupported = DFDLSuite.Unsupported

  let name: String
  /// Without a prefix: `int`, `string`.
  let type: String
  let properties: DFDLSchema.Properties
  /// What stands after the element.
  let end: String?
  var writes = false
  var writesAgain = false

  private func property(_ key: String) -> String { properties[key] ?? "" }

  private var isNumber: Bool { DFDLTranslation.numbers.contains(type) }

  func fields(_ schema: DFDLSchema) throws(Unsupported) -> Record {
    for key in ["alignment", "leadingSkip", "trailingSkip"]
    where !["0", "1", "8"].contains(property(key)) {
      throw Unsupported(word: "alignment")
    }
    guard property("escapeSchemeRef").isEmpty else { throw Unsupported(word: "escape schemes") }
    var fields = Record()
    if let text = try DFDLTranslation.delimiter(property("initiator")) {
      fields["\(name)_mark"] = .string("const \"\(text)\"")
    }
    let terminator = try DFDLTranslation.delimiter(property("terminator"))
    switch property("lengthKind") {
    case "delimited":
      let end = terminator ?? self.end
      try requireText()
      fields[name] = .string("text(\(end.map { "to \"\($0)\"" } ?? "rest"))\(encoding)\(trim)")
      // An outer end stands behind the element's own.
      if terminator != nil, let outer = self.end {
        fields["\(name)_end"] = .string("const \"\(outer)\"")
      }
      return fields
    case "explicit":
      guard let count = Int(property("length")) else { throw Unsupported(word: "computed lengths") }
      fields[name] = .string(try fixed(bytes(count)))
    case "implicit":
      fields[name] = .string(try implicit())
    case "prefixed":
      if let width = try plainPrefix(schema) {
        fields[name] = .string(try sized(by: "u\(width * 8)"))
        break
      }
      let prefix = try self.prefix(schema)
      fields["\(name)_size"] = .string("\(prefix.line) = \(prefix.measure)")
      fields[name] = .string(try sized(by: prefix.size))
    default: throw Unsupported(word: "lengthKind \(property("lengthKind"))")
    }
    for (key, mark) in [("_terminator", terminator), ("_end", end)] {
      if let mark { fields["\(name)\(key)"] = .string("const \"\(mark)\"") }
    }
    return fields
  }

  private var encoding: String {
    switch property("encoding").lowercased() {
    case "ebcdic-cp-us", "cp037", "ibm037": " encoding cp037"
    case "iso-8859-1": " encoding iso-8859-1"
    case "us-ascii", "ascii": " encoding us-ascii"
    default: ""
    }
  }

  private func requireText() throws(Unsupported) {
    guard property("representation") == "text" || type == "string" else {
      throw Unsupported(word: "binary elements up to a delimiter")
    }
    let name = property("encoding").lowercased()
    let known = ["utf-8", "iso-8859-1", "us-ascii", "ascii", "ebcdic-cp-us", "cp037", "ibm037"]
    guard known.contains(name) else { throw Unsupported(word: "the encoding \(name)") }
    guard type == "string" || isNumber else { throw Unsupported(word: "\(type) as text") }
    if writes || writesAgain {
      guard property("textPadKind") == "none" || property("lengthKind") == "explicit" else {
        throw Unsupported(word: "least lengths of text")
      }
    }
    if writes {
      guard !isNumber else { throw Unsupported(word: "patterns of numbers") }
      guard property("truncateSpecifiedLengthString") != "yes" else {
        throw Unsupported(word: "text that is cut to fit")
      }
      guard property("textStringJustification") != "center" else {
        throw Unsupported(word: "text in the middle of its field")
      }
    }
    if isNumber {
      guard property("textStandardBase") == "10", property("textNumberRep") == "standard" else {
        throw Unsupported(word: "numbers of another base or form")
      }
      guard !property("textNumberPattern").contains(where: { "EV@'P*".contains($0) }) else {
        throw Unsupported(word: "number patterns")
      }
    }
  }

  private var trim: String {
    guard property("textTrimKind") == "padChar" else { return "" }
    let kind = isNumber ? "Number" : "String"
    let pad = (try? DFDLTranslation.delimiter(property("text\(kind)PadCharacter"))) ?? " "
    let isLeft = property("text\(kind)Justification") == "right"
    let isBoth = property("text\(kind)Justification") == "center"
    return " pad \"\(pad)\"\(isLeft ? " left" : "") trim\(isBoth ? " both" : "")"
  }

  // MARK: Sizes

  private func bytes(_ count: Int) throws(Unsupported) -> Int {
    switch property("lengthUnits") {
    case "bytes": return count
    case "bits" where count.isMultiple(of: 8): return count / 8
    case "characters" where property("encoding").lowercased() != "utf-8": return count
    default: throw Unsupported(word: "lengths in \(property("lengthUnits"))")
    }
  }

  /// A field of so many bytes.
  private func fixed(_ size: Int) throws(Unsupported) -> String {
    if property("representation") == "binary", type != "string" { return try binary(size) }
    if isNumber, property("textNumberRep") == "zoned" { return try zoned(size) }
    try requireText()
    return "text(\(size))\(encoding)\(trim)"
  }

  private func binary(_ size: Int) throws(Unsupported) -> String {
    let point = type == "decimal" ? property("binaryDecimalVirtualPoint") : "0"
    guard size > 0, size <= 15 else { throw Unsupported(word: "a number of \(size) bytes") }
    switch property("binaryNumberRep") {
    case _ where type == "hexBinary": return "hex(\(size))"
    case "packed" where isNumber:
      guard
        property("binaryPackedSignCodes").isEmpty || property("binaryPackedSignCodes") == "C D F C"
      else { throw Unsupported(word: "sign codes of its own") }
      return "packed(\(size * 2 - 1),\(point))"
    case "bcd" where isNumber: return "bcd(\(size * 2),\(point))"
    case "packed" where type == "date", "bcd" where type == "date":
      return try date(property("binaryNumberRep"))
    case "binary" where isNumber && type != "decimal" && [1, 2, 4, 8].contains(size):
      if ["float", "double"].contains(type) {
        guard property("binaryFloatRep") == "ieee" else { return "float\(size * 8) ibm" }
        return "float\(size * 8)\(order)"
      }
      let isSigned = !type.hasPrefix("unsigned") && type != "nonNegativeInteger"
      return "\(isSigned ? "" : "u")int\(size * 8)\(order)"
    default: throw Unsupported(word: "\(type) as \(property("binaryNumberRep")) of \(size) bytes")
    }
  }

  private var order: String { property("byteOrder") == "littleEndian" ? " le" : "" }

  private func date(_ form: String) throws(Unsupported) -> String {
    let pattern = property("calendarPattern")
    guard pattern.allSatisfy({ "yMdHms".contains($0) }) else {
      throw Unsupported(word: "calendar patterns")
    }
    return "date(\"\(pattern)\") \(form)"
  }

  private func zoned(_ size: Int) throws(Unsupported) -> String {
    let pattern = property("textNumberPattern")
    guard pattern.allSatisfy({ "+0#".contains($0) }) else {
      throw Unsupported(word: "patterns of zoned numbers")
    }
    let styles = [
      "asciiStandard": "standard", "asciiTranslatedEBCDIC": "translated",
      "asciiCARealiaModified": "realia", "asciiTandemModified": "tandem",
    ]
    guard let style = styles[property("textZonedSignStyle")] else {
      throw Unsupported(word: "the sign style \(property("textZonedSignStyle"))")
    }
    let isSigned = pattern.contains("+")
    guard isSigned != (type.hasPrefix("unsigned")) else {
      throw Unsupported(word: "patterns of zoned numbers")
    }
    return "zoned(\(size))\(isSigned ? "" : " unsigned") signs \(style)"
      + (pattern.hasPrefix("+") ? " leading" : "") + encoding
  }

  private func implicit() throws(Unsupported) -> String {
    let sizes = ["byte": 1, "short": 2, "int": 4, "long": 8, "float": 4, "double": 8]
    let bare = type.hasPrefix("unsigned") ? type.dropFirst(8).lowercased() : type
    guard property("representation") == "binary", property("binaryNumberRep") == "binary",
      let size = sizes[bare]
    else { throw Unsupported(word: "implicit lengths") }
    return try binary(size)
  }

  // MARK: Prefixes

  /// How many bytes a binary length has that counts the bytes after it; nil for all others.
  private func plainPrefix(_ schema: DFDLSchema) throws(Unsupported) -> Int? {
    guard property("lengthUnits") == "bytes", property("prefixIncludesPrefixLength") != "yes",
      let declared = schema.types[DFDLSchema.local(property("prefixLengthType"))]
    else { return nil }
    let own = schema.properties(of: declared)
    guard own["lengthKind"] == "explicit", own["representation"] == "binary",
      own["binaryNumberRep"] == "binary", own["byteOrder"] == "bigEndian",
      let length = own["length"].flatMap({ Int($0) })
    else { return nil }
    let size = own["lengthUnits"] == "bits" ? length / 8 : length
    return (1...8).contains(size) && (own["lengthUnits"] != "bits" || length.isMultiple(of: 8))
      ? size : nil
  }

  /// The field of the length, what it measures, and the size that it says.
  private func prefix(
    _ schema: DFDLSchema
  ) throws(Unsupported) -> (line: String, measure: String, size: String) {
    guard let declared = schema.types[DFDLSchema.local(property("prefixLengthType"))],
      let base = declared.first("restriction")?.plain("base")
    else { throw Unsupported(word: "a schema that is elsewhere") }
    let own = schema.properties(of: declared)
    guard own["lengthKind"] == "explicit" || own["lengthKind"] == "implicit" else {
      throw Unsupported(word: "prefixes with prefixes")
    }
    var ownProperties = own
    if own["lengthKind"] == "implicit" { ownProperties["length"] = "4" }
    let field = DFDLSimpleField(
      name: "size", type: DFDLSchema.local(base), properties: ownProperties, end: nil)
    guard let count = Int(field.property("length")) else {
      throw Unsupported(word: "computed lengths")
    }
    let isImplicit = own["lengthKind"] == "implicit"
    let size = isImplicit ? 0 : try field.bytes(count)
    let line: String
    if isImplicit {
      line = try field.implicit()
    } else {
      line =
        field.property("representation") == "binary"
        ? try field.binary(size) : "digits(\(size))"
    }
    let units = property("lengthUnits")
    guard units != "characters" || property("encoding").lowercased() != "utf-8" else {
      throw Unsupported(word: "lengths in characters")
    }
    let factor = units == "bits" ? 8 : 1
    let includes = property("prefixIncludesPrefixLength") == "yes"
    let span = includes ? "\(name)_size..\(name)" : name
    let outer = includes ? size : 0
    return (
      line, "length(\(span))" + (factor == 1 ? "" : " * 8"),
      "\(name)_size" + (factor == 1 ? "" : " / 8") + (outer == 0 ? "" : " - \(outer)")
    )
  }

  /// A field of as many bytes as others say.
  private func sized(by size: String) throws(Unsupported) -> String {
    if property("representation") == "binary", type == "hexBinary" { return "hex(\(size))" }
    guard property("representation") == "text" || type == "string" else {
      throw Unsupported(word: "binary numbers of any size")
    }
    guard property("textNumberRep") == "standard" || !isNumber else {
      throw Unsupported(word: "zoned numbers of any size")
    }
    try requireText()
    return "text(\(size))\(encoding)\(trim)"
  }
}
