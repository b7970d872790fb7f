import Foundation
import Synchronization
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Contracts that change while a server runs", .timeLimit(.minutes(1)))
struct ContractChangeTests {
  private static let path = "wsdl/shop.wsdl"
  private static let contract = LosslessSystems.files[path] ?? ""
  /// The contract with another member in its orders.
  private static let changed = contract.replacing(
    #"<xs:element name="total" type="xs:decimal"/>"#,
    with: #"<xs:element name="total" type="xs:decimal"/><xs:element name="code" type="xs:string"/>"#
  )

  private static func members(_ tools: Value) -> [String] {
    let place = tools["tools"]?.arrayValue?.first { $0["name"] == "shop__Place" }?["inputSchema"]
    return place?["properties"]?["order"]?["properties"]?.objectValue?.names ?? []
  }

  private func expect(
    _ isNews: Bool, is expected: Bool, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(isNews == expected, sourceLocation: location)
  }

  @Test("a contract that changes gives tools of the new one, and mocks that answer by it")
  func takesUp() async throws {
    try await MCPWorkspace.client { client, host, directory in
      _ = try await client.ask(
        "initialize", ["protocolVersion": "2025-11-25", "capabilities": [:]], meta: nil)
      var watch = ContractWatch()
      let before = try await client.ask("tools/list")
      #expect(!Self.members(before["result"] ?? .null).contains("code"))
      // The mock runs by the old contract.
      let old = try await client.call("shop__Peek", ["order": LosslessSystems.order])
      #expect(old["isError"] != true, "\(old)")
      expect(watch.findsChange(in: host.systems), is: false)

      try MCPWorkspace.write(Self.changed, to: Self.path, in: directory)
      expect(watch.findsChange(in: host.systems), is: true)
      await host.reload()
      client.server.workspaceChanged()
      _ = try await client.notification("notifications/tools/list_changed")
      let after = try await client.ask("tools/list")
      #expect(Self.members(after["result"] ?? .null).contains("code"))
      expect(watch.findsChange(in: host.systems), is: false)
      var order = LosslessSystems.order.objectValue ?? [:]
      let refused = try await client.call("shop__Peek", ["order": .object(order)])
      #expect(refused["structuredContent"]?["error"]?["path"] == "/order/code", "\(refused)")
      order["code"] = "C-1"
      let answer = try await client.call("shop__Peek", ["order": .object(order)])
      #expect(answer["structuredContent"]?["order"]?["code"] == "C-1", "\(answer)")
    }
  }

  @Test("a contract that breaks is told of once and the one before goes on, until it is mended")
  func keeps() async throws {
    try await MCPWorkspace.run { directory in
      let told = Mutex<[String]>([])
      var options = WorkspaceHost.Options(directory: directory)
      options.report = { found in told.withLock { $0 += found.map(\.description) } }
      options.note = { note in told.withLock { $0.append(note) } }
      let host = WorkspaceHost(options)
      let client = LineClient(MCPServer(host))
      var watch = ContractWatch()
      let before = try await client.ask("tools/list")
      try MCPWorkspace.write("<definitions", to: Self.path, in: directory)
      expect(watch.findsChange(in: host.systems), is: true)
      await host.reload()
      client.server.workspaceChanged()
      #expect(told.withLock { $0 }.contains { $0.contains("wsdl/shop.wsdl") })
      #expect(told.withLock { $0 }.contains("shop keeps the contract of before"))
      let kept = try await client.ask("tools/list")
      #expect(kept["result"]?["tools"] == before["result"]?["tools"])
      let call = try await client.call("shop__Peek", ["order": LosslessSystems.order])
      #expect(call["isError"] != true, "\(call)")
      // What could not be taken up is not tried again and again.
      expect(watch.findsChange(in: host.systems), is: false)
      try MCPWorkspace.write(Self.changed, to: Self.path, in: directory)
      expect(watch.findsChange(in: host.systems), is: true)
      await host.reload()
      let mended = try await client.ask("tools/list")
      #expect(Self.members(mended["result"] ?? .null).contains("code"))
      await client.connection.end()
      await host.shutdown()
    }
  }

  @Test("files that a contract imports, and copybooks, are its files too")
  func parts() async throws {
    let split = Self.contract.replacing(
      #"<xs:schema targetNamespace="urn:shop" elementFormDefault="qualified">"#,
      with:
        #"<xs:schema targetNamespace="urn:shop" elementFormDefault="qualified"><xs:include schemaLocation="more/extra.xsd"/>"#
    )
    let extra =
      #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:shop"/>"#
    let ledger = """
      protocol: custom_tcp
      frame: { length: { bytes: 2 } }
      layout: { copybook: ../copybooks/ledger.cpy }
      operations: { ask: { effects: read } }
      """
    let files = [
      "adapters/shop.yaml": LosslessSystems.files["adapters/shop.yaml"] ?? "", Self.path: split,
      "wsdl/more/extra.xsd": extra, "adapters/ledger.yaml": ledger,
      "copybooks/ledger.cpy": "       01  REC.\n           05  KIND  PIC X(4).\n",
    ]
    try await MCPWorkspace.run(files) { directory in
      let workspace = try Workspace.load(directory: directory)
      // What nobody has used was not read.
      #expect(workspace.systems.allSatisfy { $0.contractFiles.isEmpty })
      for system in workspace.systems { _ = system.isUsable }
      let names = workspace.systems.flatMap { $0.contractFiles.keys }
        .map { URL(fileURLWithPath: $0).lastPathComponent }
      #expect(Set(names) == ["shop.wsdl", "extra.xsd", "ledger.cpy"])
      var watch = ContractWatch()
      for name in ["wsdl/more/extra.xsd", "copybooks/ledger.cpy"] {
        expect(watch.findsChange(in: workspace.systems), is: false)
        try MCPWorkspace.write(extra + "\n", to: name, in: directory)
        expect(watch.findsChange(in: workspace.systems), is: true)
      }
    }
  }

  @Test("the gateway serves the new contract, and goes on with the old one where that is broken")
  func gateway() async throws {
    try await MCPWorkspace.run { directory in
      let workspace = try Workspace.load(directory: directory)
      let gateway = try await GatewayServer(workspace, options: GatewayOptions(port: 0)).start()
      let client = try await AdminClient(port: gateway.port)
      let target = "/v1/systems/shop/operations/Place/schema"
      let before = try await client.get(target).value
      try MCPWorkspace.write("<definitions", to: Self.path, in: directory)
      let refused = await gateway.takeUp(try Workspace.load(directory: directory))
      #expect(refused.map(\.name) == ["shop"])
      #expect(try await client.get(target).value == before)
      try MCPWorkspace.write(Self.changed, to: Self.path, in: directory)
      let none = await gateway.takeUp(try Workspace.load(directory: directory))
      #expect(none.isEmpty)
      #expect(JSONWriter.text(try await client.get(target).value).contains(#""code""#))
      await gateway.stop()
    }
  }
}
