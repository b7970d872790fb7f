internal import TrestleCore

/// Fields on one line.
extension RecordCompiler {
  private static var defaultMaximumItems: Int { 65536 }

  mutating func field(_ name: String, _ text: String, at place: ValuePath) -> RecordField? {
    guard let written = FieldText(text) else {
      error("\(text): a parenthesis or quote is not closed", at: place)
      return nil
    }
    if let word = FieldFactory.wordBehindConstant(in: text) {
      error(
        "const takes everything behind it as its text, \"\(word)\" too", at: place,
        hint: "quote the text if that is meant; const knows no other words")
      return nil
    }
    guard let kind = kind(written, named: name, at: place) else { return nil }
    var field = RecordField(name: name, kind: kind, type: text)
    field.isOptional = written.has("optional")
    if let condition = written.condition { field.condition = expression(condition, at: place) }
    if written.type == "pad" || written.type == "align" { field.source = .filler }
    if let value = written.argument(of: "default") { field.source = .defaults(.string(value)) }
    if let value = written.argument(of: "const") { field.source = .constant(.string(value)) }
    if case .scalar(let codec) = field.kind {
      let coded = (codec as? NamedCodesField)?.codec ?? codec
      check(written.names, of: coded, at: place)
      if let value = written.argument(of: "default") {
        check(value, fits: codec, as: "default", at: place)
      }
      if let value = written.argument(of: "const") {
        check(value, isHeldBy: codec, as: "const", at: place)
      }
    }
    if let text = written.expression {
      guard let source = source(text, of: field, at: place) else { return nil }
      field.source = source
    }
    return field
  }

  mutating func expression(_ text: String, at place: ValuePath) -> Expression? {
    reading { Expression.compile(text, at: place, problems: &$0) }
  }

  // MARK: Computed fields

  /// What stands after ` = `: a measure of bytes, a clock or counter, or an expression of values.
  private mutating func source(
    _ text: String, of field: RecordField, at place: ValuePath
  ) -> RecordField.Source? {
    if let (computation, rest) = Computation.read(
      text, encoding: encoding, beside: besides.last ?? [])
    {
      guard case .scalar(let codec) = field.kind, codec.bits == nil else {
        error("\(text): only a single value of whole bytes can be measured", at: place)
        return nil
      }
      if computation.expression == nil, computation.measures.count != 1 || rest.contains("(") {
        guard expression(rest, at: place) != nil else { return nil }
      }
      if let problem = Self.problem(of: computation, in: codec) {
        error(problem, at: place)
        return nil
      }
      return .measured(computation)
    }
    if let word = Self.misspeltCheck(in: text) {
      let known = Checksum.Algorithm.allCases.map(\.rawValue)
      error(
        "unknown check \"\(word)\"" + Suggestion.clause(for: word, among: known), at: place,
        hint: "known: \(known.joined(separator: ", "))")
      return nil
    }
    let vocabulary = ExpressionVocabulary(names: nil, functions: Generators.functions)
    let compiled = reading {
      Expression.compile(text, at: place, in: vocabulary, problems: &$0)
    }
    guard let compiled else { return nil }
    return compiled.isGenerated ? .generated(compiled) : .computed(compiled)
  }

  /// Why a field is too small for a check; nil when it is not.
  private static func problem(of computation: Computation, in codec: any FieldCodec) -> String? {
    guard computation.expression == nil, let measure = computation.measures.first,
      case .check(let checksum) = measure.function
    else { return nil }
    let width = checksum.algorithm.width
    let largest = UInt32.max >> UInt32(32 - width * 8)
    var output: [UInt8] = []
    do throws(CodecError) {
      try codec.write(codec.value(ofCheck: largest, width: width), to: &output)
      return nil
    } catch {
      return
        "\(computation.text): has \(width) byte\(width == 1 ? "" : "s"), for which the field has"
        + " no room (\(error.reason))"
    }
  }

  // MARK: Kinds

  private mutating func kind(
    _ written: FieldText, named name: String, at place: ValuePath
  ) -> RecordField.Kind? {
    if written.type == "list" { return list(written, named: name, at: place) }
    if let embedded = embedded(written, at: place) {
      guard let argument = written.arguments.first else {
        return embedded.isRecord ? embedded.kind : .within(.known(.rest, pad: nil), embedded.kind)
      }
      guard let extent = extent(argument, pad: written.argument(of: "pad"), of: name, at: place)
      else { return nil }
      return .within(extent, embedded.kind)
    }
    var encoding = encoding
    if let name = written.argument(of: "encoding") {
      guard let own = TextEncoding(name: name) else {
        error(
          "unknown encoding \"\(name)\"" + Suggestion.clause(for: name, among: TextEncoding.names),
          at: place, hint: "known: \(TextEncoding.names.joined(separator: ", "))")
        return nil
      }
      encoding = own
    }
    // A size that other fields say: all of as many bytes.
    if ["text", "bytes", "hex"].contains(written.type), let argument = written.arguments.first,
      FieldExtent(argument, in: encoding) == nil,
      let size = computedExtent(argument, of: name, at: place)
    {
      var factory = FieldFactory(written: written.with(arguments: ["rest"]), encoding: encoding)
      if let codec = factory.make() { return .within(size, .scalar(codec)) }
    }
    var factory = FieldFactory(written: written, encoding: encoding)
    if let codec = factory.make() { return .scalar(codec) }
    let known = FieldFactory.types + records.names + kinds.names
    error(
      factory.reason ?? "unknown field type \"\(written.type)\""
        + Suggestion.clause(for: written.type, among: known), at: place,
      hint: factory.reason == nil ? "known: \(known.joined(separator: ", "))" : nil)
    return nil
  }

  /// A record, or a message of another layout, by its name.
  mutating func embedded(
    _ written: FieldText, at place: ValuePath
  ) -> (kind: RecordField.Kind, isRecord: Bool)? {
    let name = written.type
    if records[name] != nil { return (.group(fields(ofPart: name)), true) }
    let section: Value?
    switch name {
    case "xml", "json": section = kinds[name] ?? ["body": .string(name)]
    default: section = kinds[name]
    }
    guard let section else { return nil }
    return embedded(section, named: name, at: place).map { ($0, false) }
  }

  /// A message of a layout that is written out.
  mutating func embedded(
    _ section: Value, named name: String, at place: ValuePath
  ) -> RecordField.Kind? {
    guard let record = section.objectValue else { return nil }
    let context = context
    let layout = reading { LayoutReader.layout(record, at: place, in: context, problems: &$0) }
    return layout.map { .scalar(EmbeddedField(layout: $0, typeName: name)) }
  }

  // MARK: Extents

  /// `u16`, `ll`, `rest`, `80`, `to ";"`, or how many bytes fields before it say.
  mutating func extent(
    _ text: String, pad: String?, of name: String, at place: ValuePath
  ) -> RecordExtent? {
    if let extent = FieldExtent(text, in: encoding) {
      let byte = pad.flatMap { WrittenBytes.bytes(of: $0, in: encoding)?.first }
      return .known(extent, pad: byte)
    }
    if let extent = computedExtent(text, of: name, at: place) { return extent }
    error(
      "expects a size, found \(text)", at: place,
      hint: "like 80, u16, ll, rest, to \";\", or a field before it that holds the size")
    return nil
  }

  /// As many bytes as an expression over fields before it says; a single field then writes itself.
  private mutating func computedExtent(
    _ text: String, of name: String, at place: ValuePath
  ) -> RecordExtent? {
    guard let expression = try? Expression(text), !expression.paths.isEmpty,
      expression.paths.allSatisfy({ earlier($0.description) != nil })
    else { return nil }
    guard let path = expression.path?.description, let field = earlier(path),
      case .caller = field.source
    else { return .computed(expression, writes: false) }
    if let (computation, _) = Computation.read("length(\(name))", encoding: encoding) {
      write(path, by: .measured(computation))
    }
    return .computed(expression, writes: true)
  }

  // MARK: Lists

  /// `list(entry, count: n, max: 20)`, `list(entry, until: "\x00")`
  private mutating func list(
    _ written: FieldText, named name: String, at place: ValuePath
  ) -> RecordField.Kind? {
    guard let item = written.arguments.first else {
      error("list expects what it is a list of", at: place, hint: "like list(entry, count: n)")
      return nil
    }
    var options: [String: String] = [:]
    for argument in written.arguments.dropFirst() {
      let parts = argument.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      if parts.count == 2 { options[parts[0]] = parts[1].withoutQuotes }
    }
    for option in options.keys.sorted() where !["count", "max", "until"].contains(option) {
      error(
        "list has no \"\(option)\""
          + Suggestion.clause(for: option, among: ["count", "max", "until"]),
        at: place)
    }
    guard let kind = field("item", item, at: place)?.kind else { return nil }
    return list(
      of: kind, named: name, count: options["count"], until: options["until"],
      maximum: options["max"], at: place)
  }

  mutating func list(
    of kind: RecordField.Kind, named name: String, count: String?, until end: String?,
    maximum: String?, at place: ValuePath
  ) -> RecordField.Kind? {
    let limit = maximum.flatMap { Int($0) } ?? Self.defaultMaximumItems
    if let end {
      guard count == nil, let bytes = WrittenBytes.bytes(of: end, in: encoding), !bytes.isEmpty
      else {
        error("until expects the bytes that end the list, and no count", at: place)
        return nil
      }
      return .list(kind, count: .terminated(bytes), maximum: limit)
    }
    guard let count, count != "until_end" else {
      return .list(kind, count: .untilEnd, maximum: limit)
    }
    if let number = Int(count) {
      guard (0...limit).contains(number) else {
        error("count is over max \(limit)", at: place)
        return nil
      }
      return .list(kind, count: .fixed(number), maximum: limit)
    }
    guard earlier(count) != nil else {
      error(
        "the count \"\(count)\" is no field before it"
          + Suggestion.clause(for: count, among: (siblings.last ?? []).map(\.name)), at: place)
      return nil
    }
    check(count: count, at: place)
    if count.contains(".") {
      if let (computation, _) = Computation.read("count(\(name))", encoding: encoding) {
        write(count, by: .measured(computation))
      }
    } else {
      write(count, by: .count(of: name))
    }
    return .list(kind, count: .field(count), maximum: limit)
  }
}

extension Expression {
  /// Whether a clock, chance or a counter has a say in the value.
  fileprivate var isGenerated: Bool {
    let free = ExpressionVocabulary(names: nil)
    return !problems(in: free).isEmpty
      || path.map { Generators.names.contains($0.description) } ?? false
  }
}
