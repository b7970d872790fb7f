internal import TrestleCore
internal import TrestleXML

/// Reads declared methods as adapter files write them; every mistake is told with its place.
///
/// What is broken is taken as untyped, so that the rest of a file still works.
struct XMLRPCDeclarations {
  private(set) var problems: [ValueProblem] = []
  /// The method at hand.
  private var method = ""

  /// Reads the mapping under `methods`.
  mutating func methods(_ value: Value) -> [XMLRPCMethod] {
    guard case .object(let record) = value else {
      report(
        ValuePath([.member("methods")]),
        "expects a mapping of method names, found \(value.kindName)")
      return []
    }
    return record.map { member in
      method = member.name
      let path = ValuePath([.member("methods"), .member(member.name)])
      checkName(member.name, at: path)
      return read(member.value, at: path)
    }
  }

  private mutating func read(_ value: Value, at path: ValuePath) -> XMLRPCMethod {
    if case .null = value { return XMLRPCMethod(name: method) }
    guard case .object(let record) = value else {
      report(path, "expects a mapping with params and returns, found \(value.kindName)")
      return XMLRPCMethod(name: method)
    }
    checkKeys(of: record, among: ["summary", "effects", "params", "returns", "faults"], at: path)
    return XMLRPCMethod(
      name: method, summary: text(record["summary"], at: path.member("summary")),
      effects: effects(record["effects"], at: path.member("effects")),
      parameters: record["params"].map { parameters($0, at: path.member("params")) },
      returns: record["returns"].map { type($0, at: path.member("returns")).type } ?? .any,
      faults: record["faults"].map { faults($0, at: path.member("faults")) } ?? [])
  }

  private mutating func effects(_ value: Value?, at path: ValuePath) -> Operation.Effects {
    guard let value else { return .write }
    if let effects = value.stringValue.flatMap(Operation.Effects.init) { return effects }
    report(path, "expects read or write, found \(value)")
    return .write
  }

  private mutating func text(_ value: Value?, at path: ValuePath) -> String? {
    guard let value, !value.isNull else { return nil }
    if let text = value.scalarText { return text }
    report(path, "expects text, found \(value.kindName)")
    return nil
  }

  // MARK: - Parameters and faults

  private mutating func parameters(_ value: Value, at path: ValuePath) -> [XMLRPCMethod.Parameter] {
    guard case .array(let items) = value else {
      report(path, "expects a list of {name, type}, found \(value.kindName)")
      return []
    }
    var parameters: [XMLRPCMethod.Parameter] = []
    for (index, item) in items.enumerated() {
      let place = path.item(index)
      guard let parameter = parameter(item, at: place) else { continue }
      if parameters.contains(where: { $0.name == parameter.name }) {
        report(place, "declares \"\(parameter.name)\" a second time", "give each parameter a name")
        continue
      }
      if !parameter.isOptional, let last = parameters.last, last.isOptional {
        report(
          place, "\"\(parameter.name)\" is required, but \"\(last.name)\" before it is optional",
          "only parameters at the end can be left out: XML-RPC passes them by position")
      }
      parameters.append(parameter)
    }
    return parameters
  }

  private mutating func parameter(_ value: Value, at path: ValuePath) -> XMLRPCMethod.Parameter? {
    // A name alone declares the position and leaves the type open.
    if case .string(let word) = value, !word.isEmpty {
      let isOptional = word.hasSuffix("?")
      return XMLRPCMethod.Parameter(
        name: isOptional ? String(word.dropLast()) : word, type: .any, isOptional: isOptional)
    }
    guard case .object(let record) = value else {
      report(path, "expects {name, type}, found \(value.kindName)")
      return nil
    }
    checkKeys(of: record, among: ["name", "type", "summary"], at: path)
    guard let name = record["name"]?.stringValue, !name.isEmpty else {
      report(path, "has no name", "write {name: …, type: …}")
      return nil
    }
    let type = record["type"].map { self.type($0, at: path.member("type")) } ?? (.any, false)
    return XMLRPCMethod.Parameter(
      name: name, type: type.0, isOptional: type.1,
      summary: text(record["summary"], at: path.member("summary")))
  }

  private mutating func faults(_ value: Value, at path: ValuePath) -> [XMLRPCMethod.DeclaredFault] {
    guard case .array(let items) = value else {
      report(path, "expects a list of {code, name, message}, found \(value.kindName)")
      return []
    }
    var faults: [XMLRPCMethod.DeclaredFault] = []
    for (index, item) in items.enumerated() {
      let place = path.item(index)
      guard case .object(let record) = item else {
        report(place, "expects {code, name, message}, found \(item.kindName)")
        continue
      }
      checkKeys(of: record, among: ["code", "name", "message"], at: place)
      let code = record["code"].flatMap { $0.integerValue ?? $0.stringValue.flatMap { Int64($0) } }
      guard let code, let number = Int32(exactly: code) else {
        report(place.member("code"), "expects a number of 32 bits, which faultCode is")
        continue
      }
      faults.append(
        XMLRPCMethod.DeclaredFault(
          code: number, name: text(record["name"], at: place.member("name")),
          message: text(record["message"], at: place.member("message"))))
    }
    return faults
  }

  // MARK: - Types

  /// Reads a type, and whether it ends in `?`.
  private mutating func type(_ value: Value, at path: ValuePath) -> (
    type: XMLRPCType, isOptional: Bool
  ) {
    switch value {
    case .string(let word): return named(word, at: path)
    case .array(let items):
      guard items.count == 1, let item = items.first else {
        report(path, "expects [TYPE], a list of one type, found \(items.count) in it")
        return (.array(.any), false)
      }
      return (.array(type(item, at: path.item(0)).type), false)
    case .object(let record): return structure(record, at: path)
    case .null:
      report(path, "is empty", "write nil (without quotes it is a word) or any")
      return (.any, false)
    default:
      report(path, "expects a type, found \(value)")
      return (.any, false)
    }
  }

  private mutating func named(_ word: String, at path: ValuePath) -> (XMLRPCType, Bool) {
    let isOptional = word.hasSuffix("?")
    let name = isOptional ? String(word.dropLast()) : word
    if let type = XMLRPCType.scalars[name] { return (type, isOptional) }
    if name == "struct" { return (.record, isOptional) }
    if name == "array" { return (.array(.any), isOptional) }
    report(
      path, "\"\(word)\" is no type" + Suggestion.clause(for: name, among: Self.typeWords),
      "types are \(Self.typeWords.joined(separator: ", ")), [TYPE] and {struct: {NAME: TYPE}}")
    return (.any, isOptional)
  }

  private static let typeWords = [
    "int", "i4", "i8", "boolean", "string", "double", "dateTime", "base64", "nil", "any", "struct",
    "array",
  ]

  private mutating func structure(_ record: Record, at path: ValuePath) -> (XMLRPCType, Bool) {
    checkKeys(of: record, among: ["struct", "optional"], at: path)
    let isOptional = record["optional"]?.boolValue ?? false
    guard let content = record["struct"] else {
      report(path, "expects {struct: {NAME: TYPE}}, found \(record.names)")
      return (.any, isOptional)
    }
    guard case .object(let members) = content else {
      report(path.member("struct"), "expects a mapping of member names, found \(content.kindName)")
      return (.any, isOptional)
    }
    let declared = members.map { member in
      checkName(member.name, at: path.member("struct").member(member.name))
      let (type, isOptional) = type(member.value, at: path.member("struct").member(member.name))
      return XMLRPCStructure.Member(name: member.name, type: type, isOptional: isOptional)
    }
    return (.structure(XMLRPCStructure(members: declared)), isOptional)
  }

  // MARK: - Diagnostics

  private mutating func checkKeys(of record: Record, among known: [String], at path: ValuePath) {
    for name in record.names where !known.contains(name) {
      report(
        path.member(name), "is no key here" + Suggestion.clause(for: name, among: known),
        "keys are \(known.joined(separator: ", "))", concernsName: true)
    }
  }

  /// A name goes on the wire as it is.
  private mutating func checkName(_ name: String, at path: ValuePath) {
    var output = XMLOutput(capacity: 0)
    do throws(CodecError) {
      try output.append(text: name)
    } catch {
      report(path, error.reason, concernsName: true)
    }
  }

  private mutating func report(
    _ path: ValuePath, _ message: String, _ hint: String? = nil, concernsName: Bool = false
  ) {
    problems.append(
      ValueProblem(
        .error, message, at: path, hint: hint, operations: method.isEmpty ? [] : [method],
        concernsName: concernsName))
  }
}
