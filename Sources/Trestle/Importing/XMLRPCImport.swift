internal import TrestleCore
internal import TrestleXMLRPC

/// What a live XML-RPC service told of itself, made into an adapter file.
package struct XMLRPCImport: Sendable {
  /// The name of the system.
  package let name: String
  /// The path below the workspace, and the contents.
  package let file: (path: String, bytes: [UInt8])
  private let methods: [XMLRPCMethod]
  /// What a person should know before going on.
  package let notes: [String]

  /// Writes the file of a system. `user` is the one who asked, where the service wants to know: calls
  /// will need the same, with a password that is never written.
  package init(
    _ findings: XMLRPCDiscovery.Findings, name: String, endpoint: String, user: String?,
    mockPort: Int
  ) {
    self.name = name
    methods = findings.methods
    var lines = [AdapterText.schemaComment]
    lines.append("# What the service at \(endpoint) tells of itself by introspection.")
    lines += ["system: \(AdapterText.scalar(name))", "protocol: xml_rpc"]
    if let endpoint = AdapterText.endpoint(endpoint, of: name) { lines.append(endpoint) }
    var notes = Self.notes(findings.methods)
    if let user {
      let variable = AdapterText.variable(name, "PASSWORD")
      lines.append(
        "auth: { basic: { user: \(AdapterText.scalar(user)), password: \"${env:\(variable):-}\" } }"
      )
      notes.append("the password is not written: calls take it from \(variable)")
    }
    self.notes = notes
    lines +=
      [""] + Self.lines(of: findings.methods) + [
        "", "mock:", "  port: \(mockPort)", "  fallback: sample", "",
      ]
    file = ("adapters/\(name).yaml", Array(lines.joined(separator: "\n").utf8))
  }

  /// The methods, in the service's own order.
  package var operations: [String] { methods.map(\.name) }

  private static func lines(of methods: [XMLRPCMethod]) -> [String] {
    ["methods:"] + methods.flatMap(lines)
  }

  private static func lines(of method: XMLRPCMethod) -> [String] {
    let declaration = method.declaration
    let key = "  \(AdapterText.scalar(method.name)):"
    guard !declaration.isEmpty else { return [key + " {}"] }
    var lines = [key]
    for member in declaration.members {
      guard case .array(let parameters) = member.value else {
        let text = member.value.scalarText ?? ""
        lines.append("    \(member.name): \(AdapterText.scalar(text))")
        continue
      }
      guard !parameters.isEmpty else {
        lines.append("    \(member.name): []")
        continue
      }
      lines.append("    \(member.name):")
      lines += parameters.map { "      - " + AdapterText.flow($0.objectValue ?? [:]) }
    }
    return lines
  }

  private static func notes(_ methods: [XMLRPCMethod]) -> [String] {
    var notes: [String] = []
    let undeclared = methods.count { $0.parameters == nil }
    if undeclared > 0 {
      notes.append(
        (undeclared == methods.count
          ? "the service does not say" : "of \(undeclared) it does not say")
          + " what parameters methods take: they are given by position, params:='[…]'")
    }
    let optional = methods.count { $0.parameters?.contains(where: \.isOptional) ?? false }
    if optional > 0 {
      notes.append(
        "\(optional) have flags at the end, or what is described as optional, which are taken"
          + " for such: correct what is not")
    }
    let readers = methods.count { $0.effects == .read }
    if readers > 0 {
      notes.append(
        "\(readers) named like readers are taken for such (effects: read): correct what is not")
    }
    return notes
  }

  // MARK: - What was imported before

  /// What the service offers otherwise than a system declares, a line each; nil where the system is
  /// not XML-RPC with declared methods.
  package func changes(to system: LegacySystem) -> [String]? {
    guard let codec = try? system.codec() as? XMLRPCCodec, !codec.contract.isOpen else {
      return nil
    }
    let known = Dictionary(
      codec.declaredMethods.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var changes = methods.compactMap { method -> String? in
      guard let earlier = known[method.name] else { return "new      \(method.name)" }
      guard earlier.signature != method.signature else { return nil }
      return "changed  \(method.name)\(earlier.signature): now \(method.signature)"
    }
    let names = Set(operations)
    changes += known.keys.filter { !names.contains($0) }.sorted().map { "gone     \($0)" }
    return changes
  }

  /// The text of a system's file with these methods in place of its own.
  ///
  /// - Throws: `LoadError` when the file cannot be read, or its methods cannot be told from the rest.
  package func replacingMethods(
    of system: LegacySystem, in workspace: Workspace
  ) throws(LoadError) -> [UInt8] {
    let bytes = try FilePaths.read(
      FilePaths.absolute(system.file, base: workspace.directory), limit: 4 << 20)
    var lines = String(decoding: bytes, as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("methods:") }) else {
      throw LoadError(
        "\(system.file) has no line \"methods:\" to replace what is below it",
        hint: "move the file away, and import again")
    }
    let rest = lines[(start + 1)...]
    let isOutside = { (line: String) in line.first.map { $0 != " " && $0 != "#" } ?? false }
    var end = rest.firstIndex(where: isOutside) ?? lines.endIndex
    // Comments and empty lines before the next key belong to it.
    while end > start + 1, lines[end - 1].first.map({ $0 == "#" }) ?? true { end -= 1 }
    lines.replaceSubrange(start..<end, with: Self.lines(of: keepingEffects(of: system)))
    let text = lines.joined(separator: "\n")
    guard let document = try? YAMLReader.read(text), document.count == 1,
      document[0].value["methods"]?.objectValue?.count == methods.count
    else {
      throw LoadError(
        "\(system.file) has its methods in a form that cannot be replaced",
        hint: "move the file away, and import again")
    }
    return Array(text.utf8)
  }

  /// What a person has said of a method's effects is worth more than a guess by its name.
  private func keepingEffects(of system: LegacySystem) -> [XMLRPCMethod] {
    let known = Dictionary(
      ((try? system.codec()) as? XMLRPCCodec)?.declaredMethods.map { ($0.name, $0.effects) } ?? [],
      uniquingKeysWith: { first, _ in first })
    return methods.map { method in
      XMLRPCMethod(
        name: method.name, summary: method.summary, effects: known[method.name] ?? method.effects,
        parameters: method.parameters, returns: method.returns, faults: method.faults)
    }
  }
}
