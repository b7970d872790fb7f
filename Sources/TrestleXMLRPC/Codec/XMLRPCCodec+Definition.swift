public import TrestleCore

extension XMLRPCCodec {
  /// Makes the codec of an adapter file, whose whole mapping is the definition.
  ///
  /// Reads the keys `methods`, `dialect`, `nil_as`, `on_invalid_char`, `encoding`, `error_when`,
  /// `success` and `strict`; what
  /// is wrong with them is appended to the diagnostics, and the rest works.
  public static func make(
    definition: Value, name: String, diagnostics: inout [Diagnostic]
  ) -> XMLRPCCodec {
    var problems: [ValueProblem] = []
    var codec = make(definition: definition, name: name, problems: &problems)
    let found = problems.map { problem in
      Diagnostic(
        problem.severity, "\(problem.path) \(problem.message)", hint: problem.hint,
        operations: problem.operations)
    }
    codec.contract.diagnostics = found
    diagnostics += found
    return codec
  }

  /// Makes the codec of an adapter file; what is wrong with it is told with its place in the file's
  /// data.
  package static func make(
    definition: Value, name: String, problems: inout [ValueProblem]
  ) -> XMLRPCCodec {
    var declarations = XMLRPCDeclarations()
    let methods = definition["methods"].map { declarations.methods($0) }
    problems += declarations.problems
    let nilForm: XMLRPCWritingOptions.NilForm? = choice("nil_as", in: definition, &problems)
    let characters: InvalidCharacterPolicy? = choice("on_invalid_char", in: definition, &problems)
    let isStrict = flag("strict", in: definition, &problems)
    let options = XMLRPCWritingOptions(
      dialect: choice("dialect", in: definition, &problems) ?? .i8, nilForm: nilForm,
      invalidCharacters: characters ?? .error,
      encoding: choice("encoding", in: definition, &problems) ?? .utf8)
    for method in methods ?? [] {
      if let problem = method.problem(under: options) {
        problems.append(
          ValueProblem(
            .error, problem, at: ValuePath([.member("methods"), .member(method.name)]),
            operations: [method.name]))
      }
    }
    var codec = XMLRPCCodec(
      name: name, methods: methods, isStrict: isStrict, writing: options,
      invalidCharacters: characters)
    codec.shapes = shapes(in: definition, &problems)
    return codec
  }

  private static func shapes(
    in definition: Value, _ problems: inout [ValueProblem]
  ) -> ResultShapes? {
    func shape(_ key: String, _ wanted: ResultShape.Place) -> ResultShape? {
      guard let value = definition[key] else { return nil }
      let path = ValuePath([.member(key)])
      let shape = ResultShape(value, at: path, problems: &problems)
      if let shape, !shape.places.contains(wanted) {
        problems.append(
          ValueProblem(
            .error, "has no {{\(wanted.rawValue)}}", at: path,
            hint: "write {{\(wanted.rawValue)}} where it stands in the result"))
        return nil
      }
      return shape
    }
    let success = shape("success", .value)
    guard let failure = shape("error_when", .code) else {
      if definition["success"] != nil, definition["error_when"] == nil {
        problems.append(
          ValueProblem(
            .error, "says how a success looks, and nothing says how a failure does",
            at: ValuePath([.member("success")]), hint: "write error_when: too"))
      }
      return nil
    }
    return ResultShapes(failure: failure, success: success)
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, in definition: Value, _ problems: inout [ValueProblem]
  ) -> Choice? {
    guard let value = definition[key] else { return nil }
    // YAML reads an unquoted false as a boolean, and null as nothing.
    let word = value.isNull ? "nil" : value.scalarText ?? ""
    if let choice = Choice(rawValue: word) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    problems.append(
      ValueProblem(
        .error, "\"\(word)\" is not known" + Suggestion.clause(for: word, among: known),
        at: ValuePath([.member(key)]), hint: "write one of \(known.joined(separator: ", "))"))
    return nil
  }

  private static func flag(
    _ key: String, in definition: Value, _ problems: inout [ValueProblem]
  ) -> Bool {
    guard let value = definition[key] else { return false }
    if let flag = value.boolValue { return flag }
    problems.append(
      ValueProblem(.error, "expects true or false, found \(value)", at: ValuePath([.member(key)])))
    return false
  }
}

extension XMLRPCMethod {
  /// What of the declaration the dialect cannot write; nil when all is well.
  fileprivate func problem(under options: XMLRPCWritingOptions) -> String? {
    guard options.dialect == .strict else { return nil }
    let types = (parameters ?? []).map(\.type) + [returns]
    if types.contains(where: \.holdsWideInteger) {
      return "declares i8, which the dialect strict does not have"
    }
    if options.nilForm == nil, returns == .nil {
      return "returns nil, which the dialect strict does not have: set nil_as"
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
