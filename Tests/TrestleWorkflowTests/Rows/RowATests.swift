import Testing
import TrestleCore
import TrestleWorkflow

@Suite("A: mocks that a workflow generates, changes and asks")
struct RowATests {
  @Test("A1: a client without arguments has its defaults, no mocks, and needs no network")
  func defaults() async {
    let client = MockLoopClient()
    #expect(await client.mocks.isEmpty)
    #expect(client.options.directory == ".")
    #expect(!client.options.isStrict)
    #expect(!client.options.usesFreePorts)
  }

  @Test("A2: of a specification a mock is made that listens, under the name that is given")
  func generated() async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(
        specURLOrPath: "./data-api.yaml", outputDirName: "pipeline_data")
      #expect(mock.id == "pipeline_data")
      #expect(mock.url == "http://localhost:\(mock.port)")
      let answer = try await RawHTTP.get("/status", port: mock.port)
      #expect(answer.status == 200)
      #expect(answer.json == ["status": "ready", "data_available": true])
      // Without a name it has the file's.
      let other = try await mocks.generateMockAPI(specURLOrPath: "model-api.yaml")
      #expect(other.id == "model-api")
      #expect(await mocks.mocks.map(\.id) == ["pipeline_data", "model-api"])
    }
  }

  @Test("A2: an absolute path is taken as well, and a port that is asked for is the one")
  func generatedAtPort() async throws {
    let port = try await RawPeer.freePort()
    let mocks = MockLoopClient()
    let mock = try await mocks.generateMockAPI(
      specURLOrPath: ExampleWorkflows.path("data-api.yaml"), port: port)
    #expect(mock.port == port)
    #expect(try await RawHTTP.get("/data", port: port).status == 200)
    await mocks.stop()
    // What is stopped listens no more.
    await #expect(throws: (any Error).self) { try await RawConnection(to: port) }
  }

  @Test("A2: a specification that is not there is told by name, with the nearest one")
  func missing() async throws {
    try await withMocks { mocks in
      let error = try await workflowError {
        try await mocks.generateMockAPI(specURLOrPath: "./dta-api.yaml")
      }
      #expect(error?.kind == .notFound)
      #expect(error?.message == "no such file: ./dta-api.yaml; did you mean \"data-api.yaml\"?")
      #expect(await mocks.mocks.isEmpty)
    }
  }

  @Test("A2: a file that describes no API is told, and a URL is not fetched")
  func noSpecification() async throws {
    try await withMocks { mocks in
      let broken = try await workflowError {
        try await mocks.generateMockAPI(specURLOrPath: "ml_pipeline_workflow.yaml")
      }
      #expect(broken?.kind == .invalid)
      let remote = try await workflowError {
        try await mocks.generateMockAPI(specURLOrPath: "http://example.org/api.yaml")
      }
      #expect(remote?.kind == .notFound)
      #expect(await mocks.mocks.isEmpty)
    }
  }

  /// Of every kind that JSON has, with what is hard to write.
  static let odd: Value = [
    "text": "a \"quoted\" \\ back\\slash\nline\ttab ü 𝄞 </script> ${not} {x}", "empty": "",
    "yes": true, "no": false, "nothing": nil, "zero": 0, "large": 9_007_199_254_740_993,
    "list": [1, [2, ["three": [:]]], []], "object": ["a b": ["": "empty name"]],
  ]

  @Test(
    "A3: the next call to that path returns exactly what was set, and doing it again changes nothing"
  )
  func updated() async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      let before = try await RawHTTP.get("/data", port: mock.port)
      #expect(before.json != Self.odd)
      for _ in 0..<3 {
        try await mocks.manageMockData(
          serverURL: mock.url, operation: "update_response", endpointPath: "/data",
          responseData: Self.odd)
        let answer = try await RawHTTP.get("/data", port: mock.port)
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
        #expect(answer.json == Self.odd)
        #expect(try await RawHTTP.get("/data", port: mock.port).body == answer.body)
      }
      // The others are as they were.
      #expect(
        try await RawHTTP.get("/status", port: mock.port).json
          == ["status": "ready", "data_available": true])
    }
  }

  @Test(
    "A3: data may be of any kind",
    arguments: [
      [1, 2, 3], "text", 7, true, [:], [], ["reply": "hello"], ["fault": "none"],
      ["raw": "text", "status": "cooked"], ["status": 1, "headers": 2],
    ] as [Value])
  func anyKind(data: Value) async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      try await mocks.manageMockData(
        serverURL: mock.url, endpointPath: "/status", responseData: data)
      let answer = try await RawHTTP.get("/status", port: mock.port)
      #expect(answer.status == 200)
      #expect(answer.json == data)
    }
  }

  @Test("A3: all methods of a path answer what was set for it")
  func allMethods() async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      try await mocks.manageMockData(
        serverURL: mock.url, endpointPath: "/data", responseData: ["set": true])
      #expect(try await RawHTTP.get("/data", port: mock.port).json == ["set": true])
      let posted = try await RawHTTP.post(
        "/data", #"{"records": [{"id": 1, "text": "a"}]}"#, port: mock.port)
      #expect(posted.json == ["set": true])
    }
  }

  @Test("A3: a path that the specification lacks is created, with a warning")
  func created() async throws {
    let notes = Notes()
    try await withMocks(notes: notes) { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      #expect(try await RawHTTP.get("/statistics", port: mock.port).status == 404)
      try await mocks.manageMockData(
        serverURL: mock.url, endpointPath: "/statistics", responseData: ["rows": 7])
      let answer = try await RawHTTP.get("/statistics", port: mock.port)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
      #expect(answer.json == ["rows": 7])
    }
    #expect(notes.all.count == 1)
    #expect(notes.all.first?.contains("/statistics") == true)
  }

  @Test("A3: under strictness, a path that the specification lacks is an error and is not created")
  func createdStrictly() async throws {
    try await withMocks(isStrict: true) { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      let error = try await workflowError {
        try await mocks.manageMockData(
          serverURL: mock.url, endpointPath: "/statistics", responseData: ["rows": 7])
      }
      #expect(error?.kind == .invalid)
      #expect(error?.message.contains("/statistics") == true)
      #expect(try await RawHTTP.get("/statistics", port: mock.port).status == 404)
      // What the specification has is set all the same.
      try await mocks.manageMockData(
        serverURL: mock.url, endpointPath: "/status", responseData: ["status": "failed"])
      #expect(try await RawHTTP.get("/status", port: mock.port).json == ["status": "failed"])
    }
  }

  @Test(
    "A3: where no mock listens is told, with those that do; so is an operation that there is none of"
  )
  func unknownServer() async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      let port = try await RawPeer.freePort()
      let error = try await workflowError {
        try await mocks.manageMockData(
          serverURL: "http://localhost:\(port)", endpointPath: "/status", responseData: [:])
      }
      #expect(error?.kind == .notFound)
      #expect(error?.message == "no mock listens at http://localhost:\(port)")
      #expect(error?.hint == "mocks: data-api at \(mock.url)")
      let operation = try await workflowError {
        try await mocks.manageMockData(
          serverURL: mock.url, operation: "update_respones", endpointPath: "/status",
          responseData: [:])
      }
      #expect(operation?.kind == .unsupported)
      #expect(operation?.message.hasPrefix("Unsupported operation: update_respones") == true)
    }
  }

  @Test("A4: scenarios are created, listed and switched, and switching gives the one before")
  func scenarios() async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      func manage(_ operation: String, _ name: String = "", _ config: Value = [:]) async throws
        -> Value
      {
        try await mocks.manageMockData(
          serverURL: mock.url, operation: operation, scenarioName: name, scenarioConfig: config)
      }
      func status() async throws -> Value? {
        try await RawHTTP.get("/status", port: mock.port).json?["status"]
      }
      #expect(try await manage("list_scenarios") == [])
      _ = try await manage("create_scenario", "busy", ["/status": ["status": "loading"]])
      _ = try await manage("create_scenario", "broken", ["/status": ["status": "failed"]])
      // Creating one does not switch to it.
      #expect(try await status() == "ready")
      #expect(
        try await manage("list_scenarios") == [
          ["name": "busy", "active": false], ["name": "broken", "active": false],
        ])
      #expect(try await manage("switch_scenario", "busy") == .null)
      #expect(try await status() == "loading")
      #expect(try await manage("switch_scenario", "broken") == "busy")
      #expect(try await status() == "failed")
      #expect(
        try await manage("list_scenarios") == [
          ["name": "busy", "active": false], ["name": "broken", "active": true],
        ])
      #expect(try await manage("switch_scenario", "broken") == "broken")
      let unknown = try await workflowError { _ = try await manage("switch_scenario", "borken") }
      #expect(unknown?.kind == .notFound)
      #expect(unknown?.message.contains("borken") == true)
      #expect(try await status() == "failed")
    }
  }

  @Test(
    "A4: what is said last holds: a scenario that is switched to, or a response that is set behind it"
  )
  func scenariosAndResponses() async throws {
    try await withMocks { mocks in
      let mock = try await mocks.generateMockAPI(specURLOrPath: "./data-api.yaml")
      func set(_ status: Value) async throws {
        try await mocks.manageMockData(
          serverURL: mock.url, endpointPath: "/status", responseData: ["status": status])
      }
      func status() async throws -> Value? {
        try await RawHTTP.get("/status", port: mock.port).json?["status"]
      }
      try await set("one")
      try await mocks.manageMockData(
        serverURL: mock.url, operation: "create_scenario", scenarioName: "busy",
        scenarioConfig: ["/status": ["status": "loading"]])
      #expect(try await status() == "one")
      try await mocks.manageMockData(
        serverURL: mock.url, operation: "switch_scenario", scenarioName: "busy")
      #expect(try await status() == "loading")
      try await set("two")
      #expect(try await status() == "two")
    }
  }

  @Test("A5: of every protocol the calls are kept, and analysed when that is asked for")
  func logs() async throws {
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      for type in ["soap", "xml_rpc", "custom_tcp", "rest"] {
        try await integrator.registerLegacySystem(
          type,
          config: [
            "protocol_adapter": ["type": .string(type), "responses": ["/rate": ["grade": "B"]]]
          ])
      }
      let rest = try #require(await integrator.protocolAdapters["rest"])
      for _ in 0..<3 {
        #expect(
          try await RawHTTP.get("/rate", port: Int(rest.url.split(separator: ":").last ?? "") ?? 0)
            .status == 200)
      }
      let logs = try await mocks.queryMockLogs(serverURL: rest.url, analyze: true)
      #expect(logs["count"] == 3)
      #expect(
        logs["logs"]?.arrayValue?.map { $0["operation"] } == [
          "GET /rate", "GET /rate", "GET /rate",
        ])
      #expect(logs["analysis"]?["total"] == 3)
      #expect(logs["analysis"]?["status"] == ["200": 3])
    }
  }

  @Test(
    "A5: a legacy protocol's calls are kept and analysed like those of HTTP",
    arguments: ["soap", "xml_rpc", "custom_tcp"])
  func legacyLogs(type: String) async throws {
    try await withMocks { mocks in
      let integrator = LegacyAISystemIntegrator(mocks: mocks)
      try await integrator.registerLegacySystem(
        "scoring",
        config: [
          "protocol_adapter": ["type": .string(type), "responses": ["Rate": ["grade": "B"]]]
        ])
      for number in 1...2 as ClosedRange<Int64> {
        _ = try await integrator.callLegacySystem(
          "scoring", operation: "Rate", parameters: ["params": [["id": .integer(number)]]])
      }
      let url = try #require(await integrator.protocolAdapters["scoring"]?.url)
      let plain = try await mocks.queryMockLogs(serverURL: url)
      #expect(plain["analysis"] == nil)
      #expect(plain["logs"]?.arrayValue?.count == 2)
      let logs = try await mocks.queryMockLogs(serverURL: url, analyze: true)
      let entries = try #require(logs["logs"]?.arrayValue)
      #expect(entries.map { $0["operation"] } == ["Rate", "Rate"])
      #expect(entries.allSatisfy { $0["outcome"] == "ok" })
      let analysis = try #require(logs["analysis"])
      #expect(analysis["total"] == 2)
      #expect(analysis["operations"] == ["scoring Rate": 2])
      #expect(analysis["outcomes"] == ["ok": 2])
      #expect(analysis["milliseconds"]?["count"] == 2)
      #expect(analysis["insights"]?.arrayValue?.isEmpty == false)
    }
  }
}
