import Synchronization
import Testing
import TrestleCore
import TrestleXMLRPC

@testable import Trestle

/// What a service answers to one method: nil where it does not know it.
private typealias Methods = @Sendable (_ method: String, _ parameters: [Value]) -> Value?

@Suite("Asking an XML-RPC service what it offers")
struct XMLRPCDiscoveryTests {
  private static let help = [
    "box.put": "Stores a word.\n\n@param string key  Under what\n@param boolean wait  Until done",
    "box.get": "<p>Gives a <b>word</b> back.</p><p>box.get(key)</p>",
  ]
  private static let signatures: [String: Value] = [
    "box.put": [["boolean", "string", "boolean"]], "box.get": [["string", "string"]],
  ]

  /// A service with two methods and introspection.
  private static let box: Methods = { method, parameters in
    let name = parameters.first?.stringValue ?? ""
    return switch method {
    case "system.listMethods":
      ["box.put", "box.get", "system.listMethods", "system.methodHelp", "system.methodSignature"]
    case "system.methodHelp": help[name].map(Value.string)
    case "system.methodSignature": signatures[name] ?? "undef"
    default: nil
    }
  }

  /// The same with a multicall whose results are arrays of one, or bare as Supervisor has them.
  private static func batching(isBare: Bool) -> Methods {
    { method, parameters in
      switch method {
      case "system.listMethods":
        return box(method, parameters)?.arrayValue.map { .array($0 + ["system.multicall"]) }
      case "system.multicall":
        return .array(
          (parameters.first?.arrayValue ?? []).map { call in
            let name = call["methodName"]?.stringValue ?? ""
            let value = box(name, call["params"]?.arrayValue ?? [])
            guard let value else { return ["faultCode": 1, "faultString": "unknown"] }
            return isBare ? value : [value]
          })
      default: return box(method, parameters)
      }
    }
  }

  /// What is learned of a service, and the methods it was asked for.
  private func learn(
    _ methods: @escaping Methods
  ) async throws -> (findings: XMLRPCDiscovery.Findings, asked: [String]) {
    let asked = Mutex<[String]>([])
    let page: @Sendable (WireRequest, String) -> DocumentServer.Page? = { request, _ in
      let message = try? XMLRPCReader().read(request.body).message
      guard case .call(let method, let parameters)? = message else {
        return DocumentServer.Page("no call", status: 400)
      }
      asked.withLock { $0.append(method) }
      let writer = XMLRPCWriter()
      let reply = methods(method, parameters).flatMap { try? writer.response($0) }
      return DocumentServer.Page(
        String(
          decoding: reply ?? writer.fault(code: 1, message: "no method \(method)"), as: UTF8.self))
    }
    return try await DocumentServer.run(page) { _, port in
      let workspace = try TemporaryWorkspace().load(.standard)
      let system = workspace.service(at: "http://127.0.0.1:\(port)/RPC2")
      let findings = try await withBridge(workspace) { bridge in
        try await XMLRPCDiscovery(system, bridge: bridge) { _ in }.run()
      }
      return (findings, asked.withLock { $0 })
    }
  }

  private static let learned = [
    "box.put(key: string, wait: boolean?) → boolean", "box.get(key: string) → string",
  ]

  @Test("signatures, names and words are learned by single calls where there is no multicall")
  func oneByOne() async throws {
    let (findings, asked) = try await learn(Self.box)
    #expect(findings.methods.map { $0.name + $0.signature } == Self.learned)
    #expect(findings.methods.map(\.summary) == ["Stores a word.", "Gives a word back."])
    #expect(findings.methods.map(\.effects) == [.write, .read])
    #expect(asked.count == 2 + 2 * 2)
  }

  @Test("one multicall asks for all, and its results may be bare", arguments: [false, true])
  func multicall(isBare: Bool) async throws {
    let (findings, asked) = try await learn(Self.batching(isBare: isBare))
    #expect(findings.methods.map { $0.name + $0.signature } == Self.learned)
    #expect(asked == ["system.getCapabilities", "system.listMethods", "system.multicall"])
  }

  @Test("a service that fails a multicall whole is asked one by one")
  func brokenMulticall() async throws {
    let (findings, asked) = try await learn { method, parameters in
      if method == "system.multicall" { return nil }
      return Self.batching(isBare: false)(method, parameters)
    }
    #expect(findings.methods.map { $0.name + $0.signature } == Self.learned)
    #expect(asked.count == 3 + 2 * 2)
  }

  @Test("a service that only lists its methods is not asked for more")
  func namesAlone() async throws {
    let (findings, asked) = try await learn { method, _ in
      method == "system.listMethods" ? ["a", "b", "a", 7, ""] : nil
    }
    #expect(findings.methods.map { $0.name + $0.signature } == ["a(…) → any", "b(…) → any"])
    #expect(asked == ["system.getCapabilities", "system.listMethods"])
  }

  @Test("what a hostile service says is neither filled in, nor breaks the file, nor forges lines")
  func hostile() async throws {
    let help =
      "Gets ${env:HOME}\u{9B}31m \u{85}${secret:X}\n@param string name ${env:HOME}\n"
      + String(repeating: "<", count: 200_000)
    let (findings, _) = try await learn { method, parameters in
      switch method {
      case "system.listMethods":
        [
          "good", "bad\u{9B}name", "bad\nname", .string(String(repeating: "x", count: 2000)),
          "\u{FEFF}bom", "a: b", "#x", "${env:HOME}", "system.methodHelp", "system.methodSignature",
        ]
      case "system.methodHelp": .string(help)
      case "system.methodSignature": [["string", "string"]]
      default: nil
      }
    }
    #expect(findings.methods.map(\.name) == ["good", "#x", "${env:HOME}"])
    let imported = XMLRPCImport(
      findings, name: "far", endpoint: "http://127.0.0.1:9/", user: nil, mockPort: 8101)
    let text = String(decoding: imported.file.bytes, as: UTF8.self)
    let files = try TemporaryWorkspace([imported.file.path: text])
    let workspace = try files.load(.standard)
    #expect(workspace.diagnostics.isEmpty && workspace.systems.flatMap(\.diagnostics).isEmpty)
    let contract = try workspace.system(named: "far").contract
    #expect(contract.operations.map(\.name) == ["good", "#x", "${env:HOME}"])
    #expect(contract.operations.first?.summary?.hasPrefix("Gets $ {env:HOME}31m") == true)
  }

  @Test("a service that does not list its methods says so; what is none is told apart")
  func nothing() async throws {
    let refusing = await #expect(throws: XMLRPCDiscovery.Failure.self) {
      _ = try await learn { _, _ in nil }
    }
    #expect(refusing?.speaksXMLRPC == true)
    #expect(refusing?.error.reason.contains("no method system.listMethods") == true)
    try await DocumentServer.run(["/page": .init("<html>hello</html>")]) { _, port in
      let workspace = try TemporaryWorkspace().load(.standard)
      let system = workspace.service(at: "http://127.0.0.1:\(port)/page")
      let failure = await #expect(throws: XMLRPCDiscovery.Failure.self) {
        try await withBridge(workspace) { bridge in
          _ = try await XMLRPCDiscovery(system, bridge: bridge) { _ in }.run()
        }
      }
      #expect(failure?.speaksXMLRPC == false)
      #expect(failure?.error.stage == .decoding)
    }
  }
}
