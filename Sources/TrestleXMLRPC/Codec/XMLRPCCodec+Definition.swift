public import TrestleCore

extension XMLRPCCodec {
  /// Makes the codec of an adapter file, whose whole mapping is the definition.
  ///
  /// Reads the keys `methods`, `dialect`, `nil_as`, `on_invalid_char`, `encoding` and `strict`; what is
  /// wrong with them is appended to the diagnostics, and the rest works.
  public static func make(
    definition: Value, name: String, diagnostics: inout [Diagnostic]
  ) -> XMLRPCCodec {
    var found: [Diagnostic] = []
    var declarations = XMLRPCDeclarations()
    let methods = definition["methods"].map { declarations.methods($0) }
    found += declarations.diagnostics
    let nilForm: XMLRPCWritingOptions.NilForm? = choice("nil_as", in: definition, &found)
    let characters: InvalidCharacterPolicy? = choice("on_invalid_char", in: definition, &found)
    let isStrict = flag("strict", in: definition, &found)
    let options = XMLRPCWritingOptions(
      dialect: choice("dialect", in: definition, &found) ?? .i8, nilForm: nilForm,
      invalidCharacters: characters ?? .error,
      encoding: choice("encoding", in: definition, &found) ?? .utf8)
    for method in methods ?? [] {
      if let problem = method.problem(under: options) {
        found.append(Diagnostic(.error, problem, operations: [method.name]))
      }
    }
    diagnostics += found
    return XMLRPCCodec(
      name: name, methods: methods, isStrict: isStrict,
      writing: options, invalidCharacters: characters ?? .replace, diagnostics: found)
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, in definition: Value, _ diagnostics: inout [Diagnostic]
  ) -> Choice? {
    guard let value = definition[key] else { return nil }
    // YAML reads an unquoted false as a boolean, and null as nothing.
    let word = value.isNull ? "nil" : value.scalarText ?? ""
    if let choice = Choice(rawValue: word) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    diagnostics.append(
      Diagnostic(
        .error, "\(key) \"\(word)\" is not known" + Suggestion.clause(for: word, among: known),
        hint: "write one of \(known.joined(separator: ", "))"))
    return nil
  }

  private static func flag(
    _ key: String, in definition: Value, _ diagnostics: inout [Diagnostic]
  ) -> Bool {
    guard let value = definition[key] else { return false }
    if let flag = value.boolValue { return flag }
    diagnostics.append(Diagnostic(.error, "\(key) expects true or false, found \(value)"))
    return false
  }
}

extension XMLRPCMethod {
  /// What of the declaration the dialect cannot write; nil when all is well.
  fileprivate func problem(under options: XMLRPCWritingOptions) -> String? {
    guard options.dialect == .strict else { return nil }
    let types = (parameters ?? []).map(\.type) + [returns]
    if types.contains(where: \.holdsWideInteger) {
      return "methods.\(name) declares i8, which the dialect strict does not have"
    }
    if options.nilForm == nil, returns == .nil {
      return "methods.\(name) returns nil, which the dialect strict does not have: set nil_as"
    }
    return nil
  }
}

extension XMLRPCType {
  fileprivate var holdsWideInteger: Bool {
    switch self {
    case .i8: true
    case .array(let item): item.holdsWideInteger
    case .structure(let structure): structure.members.contains { $0.type.holdsWideInteger }
    default: false
    }
  }
}
