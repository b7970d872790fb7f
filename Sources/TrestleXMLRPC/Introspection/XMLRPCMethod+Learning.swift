package import TrestleCore

extension XMLRPCMethod {
  /// A method as a service describes it.
  ///
  /// `signatures` is what `system.methodSignature` answered: a list of `[result, parameters…]`, one
  /// such list alone (Supervisor), or whatever else says that there are none; `help` is the text of
  /// `system.methodHelp`. What several signatures disagree about is `any`. Parameters that
  /// only the longer ones have may be left out, and so may those at the end that are flags or are
  /// described as optional: a signature has no way to say it, and the service itself decides.
  package init(learned name: String, signatures: Value?, help: String?) {
    let help = MethodHelp(help ?? "", of: name)
    let lists = Self.signatures(signatures)
    let effects: Operation.Effects = Self.isNamedLikeReader(name) ? .read : .write
    guard let longest = lists.map(\.count).max(), let shortest = lists.map(\.count).min() else {
      self.init(
        name: name, summary: help.summary, effects: effects,
        parameters: Self.untyped(help))
      return
    }
    let words = Self.parameters(of: help, count: longest - 1)
    var isEnd = true
    let parameters: [Parameter] = (1..<longest).reversed().map { position in
      let types = lists.filter { $0.count > position }.map { Self.type($0[position]) }
      let (type, summary) = (Self.common(types), words?[position - 1].summary)
      isEnd = isEnd && (type == .boolean || Self.isCalledOptional(summary))
      return Parameter(
        name: words?[position - 1].name ?? "param\(position)", type: type,
        isOptional: position >= shortest || isEnd, summary: summary)
    }.reversed()
    self.init(
      name: name, summary: help.summary, effects: effects, parameters: parameters,
      returns: Self.common(lists.map { Self.type($0[0]) }))
  }

  private static func signatures(_ value: Value?) -> [[String]] {
    guard case .array(let items)? = value else { return [] }
    let words = items.compactMap(\.stringValue)
    if words.count == items.count { return words.isEmpty ? [] : [words] }
    if let types = sampledTypes(items) { return [types] }
    return items.compactMap { item in
      guard case .array(let words) = item, !words.isEmpty else { return nil }
      let types = words.compactMap(\.stringValue)
      return types.count == words.count ? types : nil
    }
  }

  /// One signature told by a value of each type, as IXR does: `[42, "string", ["array"]]`.
  private static func sampledTypes(_ items: [Value]) -> [String]? {
    // A list of signatures is all arrays, and none of them twice.
    let isList = items.allSatisfy { $0.arrayValue != nil }
    guard !isList || items.count > 1 && items.allSatisfy({ $0 == ["array"] }) else { return nil }
    return items.map { item in
      switch item {
      case .string(let word): word
      case .integer: "int"
      case .bool: "boolean"
      case .double: "double"
      case .dateTime: "dateTime.iso8601"
      case .bytes: "base64"
      case .array: "array"
      case .object: "struct"
      case .null, .number: "any"
      }
    }
  }

  /// Names and words for so many parameters; nil where the help has another number of them, or gives
  /// two one name.
  private static func parameters(of help: MethodHelp, count: Int) -> [MethodHelp.Parameter]? {
    let named = help.signature.map { MethodHelp.Parameter(name: $0) }
    for found in [help.parameters, named]
    where found.count == count && Set(found.map(\.name)).count == count { return found }
    return nil
  }

  /// Parameters that only the help knows. A text in which there are none says nothing.
  private static func untyped(_ help: MethodHelp) -> [Parameter]? {
    let count = max(help.parameters.count, help.signature.count)
    guard count > 0, let found = parameters(of: help, count: count) else { return nil }
    return found.map { Parameter(name: $0.name, type: .any, summary: $0.summary) }
  }

  private static func isCalledOptional(_ summary: String?) -> Bool {
    let words = (summary ?? "").lowercased()
    return ["optional", "default"].contains { words.contains($0) }
  }

  private static func common(_ types: [XMLRPCType]) -> XMLRPCType {
    guard let first = types.first, types.allSatisfy({ $0 == first }) else { return .any }
    return first
  }

  /// The type that a word of a signature means: the spec's words, and those of other languages that
  /// servers write. `i4` is `int`; a struct says nothing of its members.
  private static func type(_ word: String) -> XMLRPCType {
    let word = word.lowercased()
    if word == "i4" || word == "integer" { return .int }
    if let type = XMLRPCType.scalars[word] { return type }
    return switch word {
    case "bool": .boolean
    case "str", "text": .string
    case "float": .double
    case "datetime", "datetime.iso8601", "date": .dateTime
    case "bytes", "binary": .base64
    case "array", "list", "tuple": .array(.any)
    case "struct", "dict", "hash", "map", "object": .record
    default: .any
    }
  }

  // MARK: - Effects

  private static let readers: Set<Substring> = [
    "get", "list", "tell", "is", "has", "count", "find", "search", "read", "fetch", "show",
    "lookup",
    "describe", "exists", "version",
  ]
  private static let writers: Set<Substring> = [
    "and", "or", "clear", "reset", "delete", "remove", "set", "next", "pop", "lock", "create",
    "add",
    "update", "new", "token", "session", "mark",
  ]

  /// Whether a name begins like that of a method that changes nothing (`getProcessInfo`,
  /// `d.list_files`), and has no word in it that says otherwise (`getNextNumber`).
  package static func isNamedLikeReader(_ name: String) -> Bool {
    let last = name.split(separator: ".").last ?? ""
    let words = Self.words(of: last)
    guard let first = words.first, readers.contains(first[...]) else { return false }
    return !words.dropFirst().contains { writers.contains($0[...]) }
  }

  /// `readProcessStdoutLog` and `read_process_log` in lower-case words.
  private static func words(of name: Substring) -> [String] {
    var words: [String] = []
    var wasLower = false
    for character in name {
      guard character.isLetter || character.isNumber else {
        wasLower = false
        words.append("")
        continue
      }
      if words.isEmpty || (character.isUppercase && wasLower) { words.append("") }
      words[words.count - 1] += character.lowercased()
      wasLower = !character.isUppercase
    }
    return words.filter { !$0.isEmpty }
  }
}
