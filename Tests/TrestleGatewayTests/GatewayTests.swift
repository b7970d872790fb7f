import Foundation
import Synchronization
import Testing
import Trestle

@testable import TrestleGateway

@Suite("The gateway", .timeLimit(.minutes(3)))
struct GatewayTests {
  @Test("systems and operations are listed a page at a time, each once")
  func pages() async throws {
    try await ServedGateway.run { served in
      var names: [Value?] = []
      var target = "/v1/systems?limit=2"
      while true {
        let page = try await served.client.get(target)
        names += (page.value["systems"]?.arrayValue ?? []).map { $0["system"] }
        guard let next = page.value["next"]?.stringValue else { break }
        target = "/v1/systems?limit=2&after=\(next)"
      }
      #expect(names == ["boiler", "claims", "forms", "ledger", "orders"])
      let operations = try await served.client.get("/v1/systems/forms/operations?limit=2")
      #expect(operations.value["next"] == "Describe")
      let rest = try await served.client.get("/v1/systems/forms/operations?after=Describe")
      #expect(rest.value["operations"]?.arrayValue?.map { $0["operation"] } == ["Note"])
      #expect(try await served.client.get("/v1/systems?after=x").status == 400)
    }
  }

  @Test("everything that is told of operations fits the document, for every operation")
  func describes() async throws {
    try await ServedGateway.run { served in
      let systems = try await served.client.get("/v1/systems").value["systems"]?.arrayValue ?? []
      for system in systems.compactMap({ $0["system"]?.stringValue }) {
        #expect(try await served.client.get("/v1/systems/\(system)").value["problems"] == [])
        #expect(try await served.client.get("/v1/systems/\(system)/contract").status == 200)
        let list = try await served.client.get("/v1/systems/\(system)/operations")
        for operation in list.value["operations"]?.arrayValue ?? [] {
          let path = try #require(operation["path"]?.stringValue)
          for part in ["", "/schema", "/sample"] {
            #expect(try await served.client.get(path + part).status == 200, "\(path)\(part)")
          }
        }
      }
    }
  }

  @Test("the sample of every operation is taken, and what comes back is what the document tells")
  func samplesAreTrue() async throws {
    try await ServedGateway.run { served in
      let paths = served.client.document["paths"]?.objectValue ?? [:]
      var count = 0
      for path in paths where path.name.hasPrefix("/v1/systems/") && !path.name.contains("{") {
        let body = path.value["post"]?["requestBody"]?["content"]?["application/json"]
        let example = try #require(body?["example"])
        for query in ["", "?envelope=true"] {
          // The client holds what comes against the document.
          let answer = try await served.client.send("POST", path.name + query, example)
          #expect(answer.status < 300, "\(path.name): \(answer.value)")
        }
        let check = SchemaCheck(document: served.client.document)
        #expect(check.findings(in: example, against: body?["schema"] ?? .null) == [])
        count += 1
      }
      #expect(count >= 9)
    }
  }

  @Test("the document says choices, derived types and abstract ones as rules")
  func documentIsExact() async throws {
    try await ServedGateway.run { served in
      let document = served.client.document
      let check = SchemaCheck(document: document)
      let schema: Value = ["$ref": "#/components/schemas/forms.Draw.parameters"]
      func findings(_ change: (inout Record) -> Void) -> [String] {
        var canvas: Record = [
          "_size": 1, "title": .null, "byId": "1", "shape": ["_type": "Circle", "radius": "1"],
          "amount": "1",
        ]
        change(&canvas)
        return check.findings(in: ["canvas": .object(canvas)], against: schema)
      }
      #expect(findings { _ in } == [])
      #expect(findings { $0["byName"] = "x" } != [])
      #expect(findings { $0["byId"] = nil } != [])
      #expect(findings { $0["shape"] = ["radius": "1"] } != [])
      #expect(findings { $0["shape"] = ["_type": "Circle"] } != [])
      #expect(findings { $0["weight"] = ["_unit": "kg", "_nil": true] } == [])
      #expect(findings { $0["ratio"] = "NaN" } == [])
      #expect(findings { $0["ratio"] = "much" } != [])
      #expect(findings { $0["_size"] = nil } != [])
    }
  }

  @Test(
    "a system that is called as a group of routes is, and operations without parameters, are told of well"
  )
  func documentIsValidForOddNames() async throws {
    let adapters = [
      "service.yaml": """
      protocol: xml_rpc
      methods: { ping: { params: [], returns: nil, effects: read } }
      """
    ]
    try await ServedGateway.run(adapters: adapters) { served in
      let tags = served.client.document["tags"]?.arrayValue?.map { $0["name"] } ?? []
      #expect(tags.filter { $0 == "service" }.count == 1)
      let path = "/v1/systems/service/operations/ping"
      let body = served.client.document["paths"]?[path]?["post"]?["requestBody"]
      #expect(body?["content"]?["application/json"]?["example"] == [:])
      let answer = try await served.call("service", "ping", "{}")
      #expect(answer.value == Value.null)
    }
  }

  @Test("a WSDL is given as it was written, with the address where it is called")
  func givesContracts() async throws {
    try await ServedGateway.run { served in
      let answer = try await served.client.get("/v1/systems/forms/contract")
      let text = String(decoding: answer.raw.body, as: UTF8.self)
      #expect(answer.raw["content-type"] == "text/xml; charset=utf-8")
      let mock = try #require(served.mocks.endpoints["forms"])
      #expect(
        text == FormsContract.wsdl.replacingOccurrences(of: "http://forms.example/ws", with: mock))
      let declared = try await served.client.get("/v1/systems/ledger/contract")
      #expect(declared.value["methods"]?["join"]?["effects"] == "read")
      #expect(declared.value["mock"] == nil)
      let none = try await served.client.get("/v1/systems/forms/contract?document=x.xsd")
      #expect(none.status == 404)
    }
  }

  @Test("a contract tells the names of secrets, and none of them")
  func hidesSecrets() async throws {
    let adapter = """
      protocol: custom_tcp
      frame: { lines: crlf, max: 8k }
      layout: { kv: { separator: ";", assign: "=" } }
      operations: { read: { request: { set: { CMD: READ, PIN: "${env:HOME}" } }, reply: { map: { value: V } } } }
      mock: { responses: { read: { value: a } } }
      """
    try await ServedGateway.run(adapters: ["safe.yaml": adapter]) { served in
      let contract = try await served.client.get("/v1/systems/safe/contract")
      #expect(
        contract.value["operations"]?["read"]?["request"]?["set"]?["PIN"] == "${env:HOME}")
    }
  }

  @Test("where only reading is allowed, writes are refused and not told of")
  func onlyReads() async throws {
    try await ServedGateway.run(options: .onAnyPort { $0.isReadOnly = true }) { served in
      let write = try await served.call("orders", "place", #"{"sku":"A","amount":1}"#)
      #expect(write.status == 403)
      #expect(write.error["hint"]?.stringValue?.contains("effects: read") == true)
      // Nothing is known of what it does.
      #expect(try await served.call("claims", "Whatever", "{}").status == 403)
      #expect(try await served.call("ledger", "join", #"{"left":"a","right":"b"}"#).value == "ab")
      let stub = try await served.client.post("/v1/mocks/orders/stubs", ["operation": "count"])
      #expect(stub.status == 403)
      #expect(try await served.client.get("/v1/mocks/orders").status == 200)
      #expect(try await served.client.post("/v1/verify", ["checks": []]).status == 200)
      let paths = served.client.document["paths"]?.objectValue?.names ?? []
      #expect(paths.contains("/v1/systems/ledger/operations/join"))
      #expect(!paths.contains("/v1/systems/ledger/operations/post"))
      #expect(!paths.contains("/v1/reset"))
      #expect(try await served.mocks.calls().count == 1)
    }
  }

  @Test("the admin API is on the same port")
  func steersMocks() async throws {
    try await ServedGateway.run { served in
      _ = try await served.client.put("/v1/mocks/orders/responses/count", 8)
      #expect(try await served.call("orders", "count").value == 8)
      #expect(try await served.client.get("/v1/calls").value["calls"]?.arrayValue?.count == 1)
    }
  }

  @Test("it says that it is there, whether calls can be made, and its version")
  func tellsHowItIs() async throws {
    try await ServedGateway.run { served in
      #expect(try await served.client.get("/healthz").value == ["status": "ok"])
      let ready = try await served.client.get("/readyz")
      #expect(ready.value == ["status": "ready", "systems": 5, "mocks": 5, "problems": []])
      #expect(try await served.client.get("/version").value["version"] == "0.1.0")
    }
  }

  @Test("a gateway that others can reach wants a token for everything but its state")
  func wantsTokens() async throws {
    try await ServedGateway.run(
      options: .onAnyPort { $0.token = try? AccessToken("0123456789abcdef") }
    ) { served in
      var stranger = served.client
      stranger.token = nil
      #expect(try await stranger.get("/v1/systems").status == 401)
      let call = try await stranger.send(
        "POST", "/v1/systems/orders/operations/count", json: nil)
      #expect(call.status == 401)
      #expect(try await stranger.get("/readyz").status == 200)
      #expect(try await served.client.get("/v1/systems").status == 200)
    }
  }

  @Test("paths have the methods that they have")
  func answersMethods() async throws {
    try await ServedGateway.run { served in
      let path = "/v1/systems/forms/operations/Draw"
      let put = try await served.client.send("PUT", path, [:])
      #expect(put.status == 405)
      #expect(
        put.raw["allow"] == "POST, GET, HEAD, OPTIONS"
          || put.raw["allow"] == "GET, POST, HEAD, OPTIONS")
      let head = try await served.client.send("HEAD", "/v1/systems/forms")
      #expect(head.status == 200)
      #expect(head.raw.body.isEmpty)
      #expect(try await served.client.send("OPTIONS", path).status == 204)
    }
  }

  @Test("operations of a file that changed are new, and calls go on")
  func takesUpChanges() async throws {
    try await ServedGateway.run { served in
      let file = served.directory + "/adapters/ledger.yaml"
      let text = (ServedGateway.adapters["ledger.yaml"] ?? "").replacingOccurrences(
        of: "join: {", with: "joined: {")
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      await served.gateway.takeUp(try Workspace.load(directory: served.directory))
      #expect(try await served.call("ledger", "join", #"{"left":"a","right":"b"}"#).status == 404)
      let client = try await AdminClient(port: served.gateway.port)
      let paths = client.document["paths"]?.objectValue?.names ?? []
      #expect(paths.contains("/v1/systems/ledger/operations/joined"))
    }
  }

  @Test("a call under way is answered before the gateway stops")
  func drains() async throws {
    try await ServedGateway.run { served in
      _ = try await served.client.post("/v1/mocks/orders/faults", ["late": "700ms"])
      async let answer = served.call("orders", "count")
      // The mock has it, so it is under way.
      while try served.mocks.faults(of: "orders").first?.times == 0 {
        await Task.yield()
      }
      await served.gateway.stop()
      #expect(try await answer.value == 7)
      await #expect(throws: (any Error).self) { try await served.call("orders", "count") }
    }
  }
}
