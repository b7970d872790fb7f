internal import TrestleCore

/// Makes data elements of their definitions, on one line or as mappings.
struct DataElementCompiler {
  /// How elements are written that do not say it themselves.
  struct Defaults {
    var numeric = DataCodingWord.characters(.ascii)
    /// As `numeric` where it is nil.
    var track: DataCodingWord?
    var text = TextEncoding.ascii
    var binary = DataCodingWord.binary
    var length = LengthCodingWord.coding(.ascii)
    /// The half byte beside an odd number of packed digits.
    var packedPad: DataElement.Pad? = DataElement.Pad(scalar: "0", isLeft: true)

    func coding(for kind: DataElement.Kind) -> DataCodingWord {
      switch kind {
      case .digits, .amount: numeric
      case .track: track ?? numeric
      case .text: .characters(text)
      case .binary: binary
      }
    }
  }

  var defaults: Defaults
  var context: LayoutContext
  /// How many elements contain the one being made.
  var depth = 0

  private static let maximumDepth = 8

  static let example = "like 4: n12 amount, or 48: {type: ans...999, name: private}"

  /// Makes elements of a mapping by number, and of what the standard has besides.
  func table(
    _ value: Value?, at path: ValuePath, standard: [StandardElements.Entry], last: Int,
    reserved: [String], problems: inout [ValueProblem]
  ) -> DataElementTable {
    var elements: [Int: DataElement] = [:]
    let entries = Dictionary(standard.map { ($0.number, $0) }, uniquingKeysWith: { $1 })
    var omitted: Set<Int> = []
    for member in value?.objectValue ?? [:] {
      let place = path.member(member.name)
      guard let number = Int(member.name), (1...last).contains(number) else {
        problems.error(
          "fields have numbers up to \(last), found \"\(member.name)\"", at: place,
          hint: Self.example)
        continue
      }
      if member.value.stringValue == "none" {
        omitted.insert(number)
        continue
      }
      if let element = element(
        number, member.value, standard: entries[number], at: place, problems: &problems)
      {
        elements[number] = element
      }
    }
    for entry in standard where elements[entry.number] == nil && !omitted.contains(entry.number) {
      var spec = Specification(key: String(entry.number), type: entry.type)
      spec.title = entry.title
      var element = make(entry.number, spec, at: path, problems: &problems)
      element?.isDeclared = false
      elements[entry.number] = element
    }
    let sorted = elements.values.sorted { $0.number < $1.number }
    var names = Dictionary(reserved.map { ($0, 0) }, uniquingKeysWith: { $1 })
    for element in sorted {
      if let other = names.updateValue(element.number, forKey: element.key) {
        problems.error(
          other == 0
            ? "the name \(element.key) is taken"
            : "fields \(other) and \(element.number) have one name",
          at: path.member(String(element.number)))
      }
    }
    return DataElementTable(sorted, besides: reserved)
  }

  /// Makes one element; nil when it is wrong, which is then among the problems.
  func element(
    _ number: Int, key: String? = nil, _ value: Value, standard: StandardElements.Entry? = nil,
    at path: ValuePath, problems: inout [ValueProblem]
  ) -> DataElement? {
    var found: [ValueProblem] = []
    defer { problems += found }
    let line: String
    switch value {
    case .string(let text): line = text
    case .object(let record): line = record["type"]?.scalarText ?? ""
    default:
      found.error("expects a type, found \(value)", at: path, hint: Self.example)
      return nil
    }
    let words = DataElementWords(line)
    if let problem = words.problem {
      found.error(problem, at: path, hint: Self.example)
      return nil
    }
    guard let type = words.type ?? standard?.type else {
      found.error("does not say its type", at: path, hint: Self.example)
      return nil
    }
    var spec = Specification(key: key ?? words.name ?? String(number), type: type)
    spec.title = standard?.title
    spec.take(words, at: path, problems: &found)
    if case .object = value, var keys = KeyReader(value, at: path, problems: &found) {
      spec.take(&keys, hasKey: key == nil, problems: &found)
      spec.inner = inner(&keys, problems: &found) ?? spec.inner
      keys.finish("a field", problems: &found)
    }
    let element = make(number, spec, at: path, problems: &found)
    return found.hasErrors ? nil : element
  }

  // MARK: Elements

  private func make(
    _ number: Int, _ spec: Specification, at path: ValuePath, problems: inout [ValueProblem]
  ) -> DataElement? {
    let kind = spec.type.kind
    guard
      let coding = (spec.coding ?? defaults.coding(for: kind)).coding(
        for: kind, sign: defaults.text)
    else {
      problems.error(
        "\(spec.type.text) is not written that way", at: path,
        hint: kind == .binary
          ? "b is binary or hex" : "n, z and x+n are ascii, ebcdic or bcd, others are characters")
      return nil
    }
    var element = DataElement(
      number: number, key: spec.key, type: spec.type.text, kind: kind, maximum: spec.type.maximum,
      coding: coding, unit: .bytes)
    if case .packed = coding { element.unit = .halves }
    if let unit = spec.unit { element.unit = unit }
    let digits = spec.type.lengthDigits
    if digits > 0 {
      element.prefix = (spec.length ?? defaults.length).prefix(digits: digits)
      warnOfShortLength(element, at: path, problems: &problems)
    } else if case .characters = coding, element.unit == .halves, element.maximum % 2 == 1 {
      problems.error("\(element.maximum) half bytes are no characters", at: path)
      return nil
    }
    element.pad = pad(spec, for: element)
    element.trims = spec.trims
    element.isMasked = spec.isMasked
    element.title = spec.title
    if let layout = spec.layout {
      element.inner = layout.layout(in: element)
    }
    element.inner = spec.inner ?? element.inner
    return element
  }

  private func warnOfShortLength(
    _ element: DataElement, at path: ValuePath, problems: inout [ValueProblem]
  ) {
    guard let prefix = element.prefix,
      prefix.coding.bytes(of: UInt64(element.maximum), width: prefix.width) == nil
    else { return }
    problems.warn(
      "a length of \(prefix.coding.description(width: prefix.width)) cannot say \(element.maximum)",
      at: path)
  }

  /// What a value is filled up with: what the standard fills fixed fields with, unless told.
  private func pad(_ spec: Specification, for element: DataElement) -> DataElement.Pad? {
    let standard: DataElement.Pad?
    switch (element.coding, element.kind) {
    case (.packed, _): standard = defaults.packedPad
    case (.characters, .text): standard = DataElement.Pad(scalar: " ", isLeft: false)
    case (.characters, .digits), (.characters, .amount):
      standard = DataElement.Pad(scalar: "0", isLeft: true)
    default: standard = nil
    }
    guard let text = spec.pad else {
      guard var pad = standard, let isLeft = spec.padsLeft else { return standard }
      pad.isLeft = isLeft
      return pad
    }
    guard let scalar = text.unicodeScalars.first, text != "none" else { return nil }
    return DataElement.Pad(scalar: scalar, isLeft: spec.padsLeft ?? standard?.isLeft ?? true)
  }

  // MARK: Layouts within

  private func inner(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> (any MessageLayout)? {
    if let fields = keys.value("fields") {
      return composite(fields, &keys, problems: &problems)
    }
    for key in ["ber", "tlv", "layout"] {
      guard let value = keys.value(key) else { continue }
      let section = key == "layout" ? value : .object([key: value])
      return LayoutReader.read(section, at: keys.place(key), in: context, problems: &problems)?
        .layouts.first
    }
    return nil
  }

  private func composite(
    _ fields: Value, _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> (any MessageLayout)? {
    guard depth < Self.maximumDepth, fields.objectValue != nil else {
      problems.error(
        depth < Self.maximumDepth
          ? "fields expects fields by number, found \(fields.kindName)"
          : "fields within fields without end",
        at: keys.place("fields"))
      return nil
    }
    var compiler = self
    compiler.depth += 1
    compiler.defaults.read(
      keys.value("defaults"), at: keys.place("defaults"), problems: &problems)
    var layout = CompositeLayout(
      elements: compiler.table(
        fields, at: keys.place("fields"), standard: [], last: 192,
        reserved: [ISO8583Layout.headerKey], problems: &problems))
    (layout.header, layout.defaultHeader) = compiler.header(&keys, problems: &problems)
    if let value = keys.value("bitmap") {
      layout.bitmap = CompositeLayout.Bitmap(
        value, at: keys.place("bitmap"), problems: &problems)
      let last = layout.elements.ordered.last?.element.number ?? 0
      if let bitmap = layout.bitmap, bitmap.bits < last {
        problems.error(
          "a bitmap of \(bitmap.bits / 8) bytes has no bit for field \(last)",
          at: keys.place("bitmap"), hint: "like bitmap: {as: binary, bytes: 8}")
      }
    }
    return layout
  }

  /// Reads the key `header`: an element, with the value it has where messages do not say.
  func header(
    _ keys: inout KeyReader, problems: inout [ValueProblem]
  ) -> (element: DataElement?, value: Value?) {
    guard var value = keys.value("header") else { return (nil, nil) }
    var standard: Value?
    if case .object(var record) = value {
      standard = record["default"]
      record["default"] = nil
      value = .object(record)
    }
    let path = keys.place("header")
    let key = ISO8583Layout.headerKey
    guard let element = element(0, key: key, value, at: path, problems: &problems) else {
      return (nil, nil)
    }
    if let standard {
      var bytes: [UInt8] = []
      do throws(CodecError) {
        try element.write(standard, to: &bytes)
      } catch {
        problems.error(error.reason, at: path.member("default"))
      }
    }
    return (element, standard)
  }
}
