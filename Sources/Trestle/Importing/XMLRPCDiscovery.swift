package import TrestleCore
package import TrestleXMLRPC

/// Asks a live XML-RPC service what it offers, by its introspection methods.
///
/// `system.getCapabilities` and `system.listMethods` first, then the signature and the help of every
/// method: many in one `system.multicall` where the service has it, else one by one.
package struct XMLRPCDiscovery: Sendable {
  /// What a service tells of itself.
  package struct Findings: Sendable {
    /// Without the five introspection methods, which every mock answers by itself.
    package var methods: [XMLRPCMethod]
    /// The names of what it says it can; empty where it does not say.
    package var capabilities: [String]

    /// Whether it offers nothing beside introspection.
    package var isEmpty: Bool { methods.isEmpty }
  }

  /// Why nothing was learned.
  package struct Failure: Error {
    package var error: BridgeError
    /// Whether XML-RPC is spoken there at all, as far as is known.
    package var speaksXMLRPC: Bool
  }

  private let bridge: Bridge
  private let system: LegacySystem
  private let progress: @Sendable (String) -> Void

  /// Asks the service behind a system whose methods need not be declared.
  package init(
    _ system: LegacySystem, bridge: Bridge, progress: @escaping @Sendable (String) -> Void
  ) {
    self.system = system
    self.bridge = bridge
    self.progress = progress
  }

  /// More methods than any service has.
  private static let maximumMethods = 10_000
  /// Signature and help of so many methods go into one multicall.
  private static let batch = 50

  package func run() async throws(Failure) -> Findings {
    let capabilities = try await self.capabilities()
    let listed = try await names()
    let names = listed.filter { !XMLRPCIntrospection.isSystemMethod($0) }
    let canBatch =
      listed.contains(XMLRPCIntrospection.multicall)
      || capabilities.contains(XMLRPCIntrospection.multicall)
    let asked = [Self.signature, Self.help].filter { method in
      listed.contains(method) || capabilities.contains("introspection")
    }
    var methods: [XMLRPCMethod] = []
    methods.reserveCapacity(names.count)
    var isBatching = canBatch && !asked.isEmpty
    var start = 0
    while start < names.count {
      let part = names[start..<min(start + Self.batch, names.count)]
      if start > 0 { progress("\(start) of \(names.count) methods") }
      var answers: [[String: Value]]?
      if isBatching { answers = await together(part, asked) }
      // A service that fails a multicall whole is asked one by one from then on.
      if answers == nil { isBatching = false }
      for (position, name) in part.enumerated() {
        let words: [String: Value]
        if let answers { words = answers[position] } else { words = await alone(name, asked) }
        methods.append(
          XMLRPCMethod(
            learned: name, signatures: words[Self.signature],
            help: words[Self.help]?.stringValue))
      }
      start += Self.batch
    }
    return Findings(methods: methods, capabilities: capabilities)
  }

  private static let signature = "system.methodSignature"
  private static let help = "system.methodHelp"

  private func capabilities() async throws(Failure) -> [String] {
    do throws(BridgeError) {
      let reply = try await call("system.getCapabilities", [])
      return reply.value?.objectValue?.names ?? []
    } catch {
      // A service that chokes on what it does not know may still answer the next question; one that is
      // not there will not.
      guard error.stage == .decoding else { throw Failure(error: error, speaksXMLRPC: false) }
      return []
    }
  }

  private func names() async throws(Failure) -> [String] {
    let reply: Reply
    do throws(BridgeError) {
      reply = try await call("system.listMethods", [])
    } catch {
      throw Failure(error: error, speaksXMLRPC: false)
    }
    switch reply.outcome {
    case .fault(let fault):
      throw Failure(
        error: BridgeError(fault, system: system, operation: "system.listMethods"),
        speaksXMLRPC: true)
    case .value(let value):
      var seen: Set<String> = []
      let names = (value.arrayValue ?? []).compactMap(\.stringValue).filter {
        Self.isName($0) && seen.insert($0).inserted
      }
      return Array(names.prefix(Self.maximumMethods))
    }
  }

  /// Whether a text can be a method's name: what is longer, or would forge lines where it is shown, is none.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 200
      && text.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0.properties.generalCategory != .control
          && $0.properties.generalCategory != .format
      }
  }

  /// What a service answers about methods, by the question; nil when it does not take the batch.
  private func together(
    _ names: ArraySlice<String>, _ asked: [String]
  ) async -> [[String: Value]]? {
    let calls = names.flatMap { name in
      asked.map { method -> Value in
        ["methodName": .string(method), "params": [.string(name)]]
      }
    }
    guard
      let results = try? await call(XMLRPCIntrospection.multicall, [.array(calls)]).value?
        .arrayValue,
      results.count == calls.count
    else { return nil }
    // By the spec a success is an array of one; Supervisor gives the value bare. Help, which is text,
    // shows which it is: a bare signature may be an array of one too.
    let isBare = zip(calls, results).contains { call, result in
      call["methodName"] == .string(Self.help) && result.stringValue != nil
    }
    return names.indices.map { index in
      let first = (index - names.startIndex) * asked.count
      return asked.enumerated().reduce(into: [:]) { words, question in
        let result = results[first + question.offset]
        // A failure, a fault's struct, says nothing of the method.
        words[question.element] = isBare ? result : result.arrayValue?.first
      }
    }
  }

  private func alone(_ name: String, _ asked: [String]) async -> [String: Value] {
    var words: [String: Value] = [:]
    for method in asked {
      words[method] = try? await call(method, [.string(name)]).value
    }
    return words
  }

  private func call(_ method: String, _ values: [Value]) async throws(BridgeError) -> Reply {
    try await bridge.call(system, operation: method, parameters: ["params": .array(values)])
  }
}
