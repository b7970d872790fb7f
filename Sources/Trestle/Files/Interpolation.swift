internal import TrestleCore

/// Fills in `${env:NAME}`, `${env:NAME:-default}` and `${secret:NAME}` when a file is loaded; `$${` is `${` as it stands.
package struct Interpolation {
  /// The value of an environment variable, or nil.
  var environment: (String) -> String?
  /// The value of a secret, or nil.
  var secret: (String) -> String?

  /// Whether references of other kinds stand as they are: of what is filled in later.
  var leavesOthers = false
  private(set) var problems: [ValueProblem] = []

  init(
    environment: @escaping (String) -> String?, secret: @escaping (String) -> String?
  ) {
    self.environment = environment
    self.secret = secret
  }

  /// The value with everything filled in; what cannot be filled in stands as it is and is a problem.
  mutating func fill(_ value: Value, at path: ValuePath = ValuePath()) -> Value {
    switch value {
    case .string(let text) where text.contains("${"): return .string(fill(text, at: path))
    case .array(let items):
      return .array(items.enumerated().map { fill($1, at: path.item($0)) })
    case .object(let record):
      return .object(
        Record(
          uniqueMembers: record.members.map { member in
            Record.Member(
              name: member.name, value: fill(member.value, at: path.member(member.name)))
          }))
    default: return value
    }
  }

  /// The value as a file has it, in which nothing is to be filled in.
  static func escaped(_ value: Value) -> Value { texts(of: value, "${", "$${") }

  /// What a file says by such a value.
  package static func unescaped(_ value: Value) -> Value { texts(of: value, "$${", "${") }

  private static func texts(of value: Value, _ part: String, _ other: String) -> Value {
    switch value {
    case .string(let text): .string(text.replacing(part, with: other))
    case .array(let items): .array(items.map { texts(of: $0, part, other) })
    case .object(let record):
      .object(
        Record(
          uniqueMembers: record.members.map {
            Record.Member(name: $0.name, value: texts(of: $0.value, part, other))
          }))
    default: value
    }
  }

  private mutating func fill(_ text: String, at path: ValuePath) -> String {
    var output = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      output += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        // Whoever fills in the others reads it once more.
        output += leavesOthers ? "$${" : "${"
        rest = rest.dropFirst(3)
        continue
      }
      guard rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") else {
        if rest.hasPrefix("${"), !leavesOthers {
          problems.append(
            ValueProblem(.error, "\"${\" is not closed", at: path, hint: "end it with \"}\""))
          return output + rest
        }
        output.append("$")
        rest = rest.dropFirst()
        continue
      }
      let name = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
      output += filled(name, at: path) ?? String(rest[...end])
      rest = rest[rest.index(after: end)...]
    }
    return output + rest
  }

  private mutating func filled(_ reference: Substring, at path: ValuePath) -> String? {
    if reference.hasPrefix("env:") {
      let rest = reference.dropFirst(4)
      // `:-` gives what stands in for a variable that is not set or empty, as in a shell.
      let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let fallback = parts.count > 1 && parts[1].hasPrefix("-") ? parts[1].dropFirst() : nil
      let name = fallback == nil ? String(rest) : String(parts[0])
      if let value = environment(name), !value.isEmpty || fallback == nil { return value }
      if let fallback { return String(fallback) }
      problems.append(
        ValueProblem(
          .error, "the environment variable \(name) is not set", at: path,
          hint: "set it, or give a default: ${env:\(name):-value}"))
      return nil
    }
    if reference.hasPrefix("secret:") {
      let name = String(reference.dropFirst(7))
      if let value = secret(name) { return value }
      problems.append(
        ValueProblem(
          .error, "there is no secret \(name)", at: path,
          hint: "set TRESTLE_SECRET_\(Self.variable(name)), or write it to .trestle/secrets/\(name)"
        ))
      return nil
    }
    if leavesOthers { return nil }
    let word = reference.prefix { $0 != ":" }
    problems.append(
      ValueProblem(
        .error,
        "unknown ${\(reference)}" + Suggestion.clause(for: String(word), among: ["env", "secret"]),
        at: path, hint: "write ${env:NAME}, ${env:NAME:-default} or ${secret:NAME}"))
    return nil
  }

  /// How a secret's name is spelled as an environment variable.
  static func variable(_ name: String) -> String {
    String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}
