import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

@Suite("C: workflows of states")
struct RowCTests {
  /// Two states, and a service that says in which of them it is.
  static let simple: Value = [
    "services": ["data_service": ["spec": "./data-api.yaml", "port": 8001]],
    "states": [
      "initial": ["services": ["data_service": ["/status": ["at": "initial"]]], "actions": []],
      "other": [
        "services": [
          "data_service": ["/status": ["at": "other", "n": "${n}"], "/data": ["n": "${n}"]]
        ],
        "actions": [],
      ],
    ],
  ]

  func withWorkflow(
    _ data: Value, options: WorkflowOptions = WorkflowOptions(), notes: Notes = Notes(),
    _ body: (StateDrivenAIWorkflow, MockLoopClient) async throws -> Void
  ) async throws {
    var options = options
    options.observe = { if case .warning(let text) = $0 { notes.add(text) } }
    try await withMocks(isStrict: options.isStrict, notes: notes) { mocks in
      let workflow = StateDrivenAIWorkflow(
        try ExampleWorkflows.definition(data), mocks: mocks, options: options)
      try await workflow.setupWorkflow()
      try await body(workflow, mocks)
      await workflow.stop()
    }
  }

  @Test("C1: it begins in the state \"initial\", without history or context")
  func initialValues() async throws {
    let workflow = StateDrivenAIWorkflow(try ExampleWorkflows.definition(Self.simple))
    #expect(await workflow.currentState == "initial")
    #expect(await workflow.stateHistory.isEmpty)
    #expect(await workflow.context == [:])
  }

  @Test("C2: setting up starts the mocks of all services, named workflow_SERVICE")
  func setUp() async throws {
    let data = try ExampleWorkflows.fixture("ml_pipeline_workflow.json")
    try await withWorkflow(data) { _, mocks in
      #expect(
        await mocks.mocks.map(\.id) == [
          "workflow_data_service", "workflow_model_service", "workflow_validation_service",
        ])
      for mock in await mocks.mocks {
        let path = mock.id == "workflow_validation_service" ? "/reports" : "/status"
        let answer = try await RawHTTP.get(path, port: mock.port)
        #expect(answer.status == 200)
      }
    }
  }

  @Test("C3: a state that there is none of is told, and changes nothing")
  func unknownState() async throws {
    try await withWorkflow(Self.simple) { workflow, _ in
      let error = try await workflowError {
        try await workflow.transitionToState("zebra", contextUpdates: ["n": 1])
      }
      #expect(error?.kind == .notFound)
      #expect(error?.message == "Unknown state: zebra")
      #expect(await workflow.currentState == "initial")
      #expect(await workflow.stateHistory.isEmpty)
      #expect(await workflow.context == [:])
    }
  }

  @Test("C3: the context is updated before the transition is noted")
  func contextFirst() async throws {
    try await withWorkflow(Self.simple) { workflow, _ in
      try await workflow.transitionToState("other", contextUpdates: ["n": 1, "kept": "a"])
      try await workflow.transitionToState("initial", contextUpdates: ["n": 2])
      #expect(
        await workflow.stateHistory.map(\.context) == [
          ["n": 1, "kept": "a"], ["n": 2, "kept": "a"],
        ])
      #expect(await workflow.currentState == "initial")
    }
  }

  @Test("C4: a transition has the state before and behind it, a time, and a context of its own")
  func history() async throws {
    try await withWorkflow(Self.simple) { workflow, _ in
      let before = Double(WallTime.now.milliseconds) / 1000
      try await workflow.transitionToState("other", contextUpdates: ["n": 1])
      let after = Double(WallTime.now.milliseconds) / 1000
      let record = try #require(await workflow.stateHistory.first).jsonValue
      #expect(
        record.objectValue?.names == ["from_state", "to_state", "timestamp", "context"])
      #expect(record["from_state"] == "initial")
      #expect(record["to_state"] == "other")
      let time = try #require(record["timestamp"]?.scalarText.flatMap { Double($0) })
      #expect(time >= before - 0.01 && time <= after + 0.01)
      // What comes later is not in it.
      try await workflow.transitionToState("initial", contextUpdates: ["n": 2, "more": true])
      #expect(await workflow.stateHistory.first?.jsonValue == record)
      #expect(record["context"] == ["n": 1])
    }
  }

  @Test("C5: the mocks answer for the new state when the transition is made")
  func services() async throws {
    try await withWorkflow(Self.simple) { workflow, mocks in
      let port = await mocks.port(of: "workflow_data_service")
      try await workflow.transitionToState("initial")
      #expect(try await RawHTTP.get("/status", port: port).json == ["at": "initial"])
      for number in 1...5 as ClosedRange<Int64> {
        try await workflow.transitionToState("other", contextUpdates: ["n": .integer(number)])
        #expect(
          try await RawHTTP.get("/status", port: port).json
            == ["at": "other", "n": .string(String(number))])
        #expect(
          try await RawHTTP.get("/data", port: port).json == ["n": .string(String(number))])
      }
    }
  }

  @Test("C5: no call sees some answers of the new state and then one of the old")
  func atomic() async throws {
    try await withWorkflow(Self.simple) { workflow, mocks in
      let port = await mocks.port(of: "workflow_data_service")
      try await workflow.transitionToState("other", contextUpdates: ["n": 0])
      func number(_ path: String) async throws -> Int {
        let value = try await RawHTTP.get(path, port: port).json?["n"]
        return value?.stringValue.flatMap { Int($0) } ?? -1
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for number in 1...50 as ClosedRange<Int64> {
            try await workflow.transitionToState("other", contextUpdates: ["n": .integer(number)])
          }
        }
        for (first, second) in [("/status", "/data"), ("/data", "/status")] {
          group.addTask {
            var last = 0
            while last < 50 {
              let earlier = try await number(first)
              let later = try await number(second)
              #expect(earlier >= last)
              #expect(later >= earlier)
              last = later
              if earlier < 0 || later < earlier { return }
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  /// Template, context, as text, typed.
  static let fillings: [(template: Value, context: Record, text: Value, typed: Value)] = [
    (["size": "${n}"], ["n": 32], ["size": "32"], ["size": 32]),
    (["say": "n is ${n}, ${n}!"], ["n": 32], ["say": "n is 32, 32!"], ["say": "n is 32, 32!"]),
    (["on": "${flag}"], ["flag": true], ["on": "true"], ["on": true]),
    (["x": "${list}"], ["list": [1, "a"]], ["x": #"[1,"a"]"#], ["x": [1, "a"]]),
    (["${key}": 1], ["key": "name"], ["name": 1], ["name": 1]),
    ([["deep": ["${n}", 7]]], ["n": 1], [["deep": ["1", 7]]], [["deep": [1, 7]]]),
    ("${a}", ["a": #"say "hi" \ there"#], #"say "hi" \ there"#, #"say "hi" \ there"#),
    (
      ["t": "<${a}>"], ["a": "two\nlines\tand\r\u{1}"], ["t": "<two\nlines\tand\r\u{1}>"],
      ["t": "<two\nlines\tand\r\u{1}>"]
    ),
    (
      ["t": "${a}"], ["a": #"","admin":"yes"#], ["t": #"","admin":"yes"#], ["t": #"","admin":"yes"#]
    ),
    // What a value holds is not filled in a second time.
    (["t": "${a}"], ["a": "${b}", "b": "no"], ["t": "${b}"], ["t": "${b}"]),
    (
      ["t": "${unheard}", "n": "${n}"], ["n": 1], ["t": "${unheard}", "n": "1"],
      ["t": "${unheard}", "n": 1]
    ),
    (["plain": 7, "none": nil], [:], ["plain": 7, "none": nil], ["plain": 7, "none": nil]),
  ]

  @Test(
    "C6: ${key} is filled in from the context: text by default, typed where the file says so",
    arguments: fillings)
  func templates(template: Value, context: Record, text: Value, typed: Value) async throws {
    let plain = StateDrivenAIWorkflow(try ExampleWorkflows.definition(Self.simple))
    #expect(try plain.processResponseTemplate(template, context: context) == text)
    var data = Self.simple.objectValue ?? [:]
    data["substitution"] = "typed"
    let keeping = StateDrivenAIWorkflow(try ExampleWorkflows.definition(.object(data)))
    #expect(try keeping.processResponseTemplate(template, context: context) == typed)
  }

  @Test(
    "C6: what nothing is known of stands, with one warning in a run; under strictness it is an error"
  )
  func unknownVariables() async throws {
    let notes = Notes()
    try await withWorkflow(Self.simple, notes: notes) { workflow, mocks in
      for _ in 0..<3 { try await workflow.transitionToState("other") }
      let port = await mocks.port(of: "workflow_data_service")
      #expect(
        try await RawHTTP.get("/status", port: port).json == ["at": "other", "n": "${n}"])
    }
    #expect(notes.all.filter { $0.contains("${n}") }.count == 1)
    try await withWorkflow(Self.simple, options: WorkflowOptions(isStrict: true)) { workflow, _ in
      let error = try await workflowError { try await workflow.transitionToState("other") }
      #expect(error?.kind == .invalid)
      #expect(error?.message.contains("${n}") == true)
    }
  }
}
