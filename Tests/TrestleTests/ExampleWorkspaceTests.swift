import Foundation
import Testing
import Trestle

/// The workspace at the repository's root: one system of each kind.
@Suite("The example workspace")
struct ExampleWorkspaceTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A call of each system, and a part of what its file says it answers.
  static let calls: [(system: String, operation: String, parameters: Value, reply: Value)] = [
    (
      "credit-scoring", "GetScoreHistory", ["applicantId": "A-1001"],
      [
        "applicantId": "A-1001",
        "entry": [
          ["score": 712, "decision": "APPROVED", "scoredAt": "2024-11-22T09:30:00Z"],
          ["score": 655, "decision": "REFERRED", "scoredAt": "2023-05-02T16:04:11.250Z"],
        ],
      ]
    ),
    (
      "document-classifier", "classifier.listLabels", [:],
      [
        ["label": "invoice", "trained_on": 48210, "retired": false],
        ["label": "credit_note", "trained_on": 3120, "retired": false, "parent": "invoice"],
        ["label": "telex", "trained_on": 17, "retired": true],
      ]
    ),
    (
      "fraud-switch", "scoreTransaction",
      [
        "card": "4000000000000002", "amount": "129.50", "currency": "EUR",
        "merchant": "Bäcker & Söhne",
        "category": "5462", "trade_date": "2024-11-22",
      ],
      ["risk": "0.9910", "verdict": "BLOCK", "rules": ["stolen-card"], "settle_on": "2024-11-25"]
    ),
    (
      "fraud-switch", "blockCard", ["card": "1", "reason": "lost"],
      ["case": "C-20441", "blocked": true]
    ),
    (
      "ledger", "getBalance", ["account": "4711"], ["balance": "1250.00", "currency": "EUR"]
    ),
    (
      "ledger", "transfer", ["from": "1", "to": "2", "amount": "12.50"],
      ["entry": "E-1001", "booked": "2024-11-25"]
    ),
    (
      "core-banking", "inquire", ["account": "42"],
      [
        "tran": "CINQ", "rc": "00", "name": "M. LÉVY", "balance": "1234.50", "limit": "-99.99",
        "opened": "2020-02-29",
        "entries": [
          ["date": "2026-01-15", "amount": "10.00", "text": "DEPOSIT"],
          ["date": "2026-01-16", "amount": "-2.50", "text": "FEE"],
        ],
      ]
    ),
    (
      "card-host", "authorise", ["pan": "4111111111111111", "amount_minor": "1250"],
      ["approved": true, "code": "00", "auth": "A1B2C3"]
    ),
    (
      "card-host", "authorise", ["pan": "4111111111111111", "amount_minor": "250000"],
      ["approved": false, "code": "05"]
    ),
    ("card-host", "echo", [:], ["code": "00"]),
    (
      "hospital", "admit", ["mrn": "A-1", "family": "D^OE & SÖHNE", "given": "Jane"], ["ack": "AA"]
    ),
    (
      "helpdesk", "openTicket", ["body": ["title": "No sound", "priority": "high"]],
      ["id": 1043, "title": "No sound", "priority": "high", "state": "open"]
    ),
    (
      "helpdesk", "listTickets", ["state": "open", "limit": 1],
      [
        [
          "id": 1042, "title": "Printer on floor 3 is out of toner", "state": "open",
          "priority": "low", "tags": ["printer"],
        ],
        [
          "id": 1041, "title": "VPN drops every hour", "state": "waiting", "priority": "high",
          "tags": ["network", "vpn"],
        ],
      ]
    ),
    ("boiler", "status", ["device": "7"], ["state": "ON", "temp": "21.50"]),
    ("boiler", "setTemperature", ["device": "7;8", "degrees": "22.5"], ["temp": "22.5"]),
    (
      "validator1", "validator1.arrayOfStructsTest",
      ["structs": [["moe": 1, "larry": 2, "curly": 3], ["moe": 0, "larry": 0, "curly": -30]]], -27
    ),
    (
      "validator1", "validator1.countTheEntities", ["text": "<<a>&'\"\"\""],
      [
        "ctLeftAngleBrackets": 2, "ctRightAngleBrackets": 1, "ctAmpersands": 1, "ctApostrophes": 1,
        "ctQuotes": 3,
      ]
    ),
    (
      "validator1", "validator1.manyTypesTest",
      [
        "number": 7, "boolean": true, "string": "a", "double": -3.25,
        "dateTime": "20241122T09:30:00", "base64": "AP9wbmc=",
      ],
      [
        7, true, "a", -3.25, .dateTime("20241122T09:30:00"), .bytes([0, 255, 0x70, 0x6E, 0x67]),
      ]
    ),
    (
      "validator1", "validator1.moderateSizeArrayCheck", ["texts": ["one", "two", "three"]],
      "onethree"
    ),
    (
      "validator1", "validator1.nestedStructTest",
      ["calendar": ["2000": ["04": ["01": ["moe": 1, "larry": 2, "curly": 3]]]]], 6
    ),
    (
      "validator1", "validator1.simpleStructReturnTest", ["number": -3],
      ["times10": -30, "times100": -300, "times1000": -3000]
    ),
  ]

  /// The stubs that answer with faults.
  static let faults: [(system: String, operation: String, parameters: Value, fault: Fault)] = [
    (
      "credit-scoring", "GetScoreHistory", ["applicantId": "X-0000"],
      Fault(
        code: "Client", message: "no applicant X-0000 in the register",
        detail: ["ApplicantUnknown": ["applicantId": "X-0000", "register": "retail"]])
    ),
    (
      "document-classifier", "classifier.submitFeedback",
      ["document_id": "1", "label": "unicorn", "weight": 0.5],
      Fault(code: "404", message: "no such label: unicorn")
    ),
    (
      "helpdesk", "getTicket", ["id": 9001],
      Fault(
        code: "404", message: "There is no ticket 9001.",
        detail: ["title": "Not Found", "status": 404, "detail": "There is no ticket 9001."])
    ),
    (
      "fraud-switch", "blockCard", ["card": "4000000000009999", "reason": "lost"],
      Fault(code: "14", message: "no such card")
    ),
    (
      "ledger", "getBalance", ["account": "X-1"],
      Fault(code: "0014", message: "no account X-1")
    ),
    (
      "ledger", "transfer", ["from": "1", "to": "2", "amount": "1250.01"],
      Fault(code: "0051", message: "not enough money")
    ),
    (
      "core-banking", "inquire", ["account": "0000000000"],
      Fault(code: "12", message: "the system answered with an error")
    ),
    (
      "hospital", "discharge", ["mrn": "000", "disposition": "01"],
      Fault(code: "AE", message: "unknown patient 000")
    ),
    (
      "boiler", "status", ["device": "99"],
      Fault(code: "E12", message: "the system answered with an error")
    ),
  ]

  private func workspace() throws -> Workspace { try Workspace.load(directory: Self.root) }

  @Test("its files and contracts are without a mistake")
  func diagnostics() throws {
    let workspace = try workspace()
    #expect(
      workspace.systems.map(\.name) == [
        "boiler", "card-host", "core-banking", "credit-scoring", "document-classifier",
        "fraud-switch", "helpdesk", "hospital", "ledger", "validator1",
      ])
    #expect(workspace.diagnostics == [])
    for system in workspace.systems {
      #expect(system.diagnostics == [], "\(system.name)")
      #expect(system.isUsable, "\(system.name)")
    }
  }

  @Test("each system is called in process and over a socket", arguments: [true, false])
  func calls(usesMocks: Bool) async throws {
    let workspace = try workspace()
    try await withMocks(workspace) { mocks in
      let options = Bridge.Options(endpoints: mocks.endpoints, usesMocks: usesMocks)
      try await withBridge(workspace, options: options) { bridge in
        for call in Self.calls {
          let reply = try await bridge.callLegacySystem(
            call.system, operation: call.operation, parameters: call.parameters)
          #expect(reply == call.reply)
        }
        for call in Self.faults {
          let reply = try await bridge.call(
            call.system, operation: call.operation, parameters: call.parameters)
          #expect(reply.fault?.code == call.fault.code)
          #expect(reply.fault?.message == call.fault.message)
          #expect(reply.fault?.detail == call.fault.detail)
        }
      }
    }
  }

  @Test("the XML-RPC mock says which methods it has")
  func listMethods() async throws {
    let system = try workspace().system(named: "document-classifier")
    let service = try system.mockService()
    let call = Call(operation: "system.listMethods")
    guard case .now(let response) = service.handle(try service.codec.encode(call)) else {
      Issue.record("expected an answer at once")
      return
    }
    let names = try service.codec.decode(response, answering: call).value?.arrayValue ?? []
    for name in system.contract.operations.map(\.name) + ["system.listMethods"] {
      #expect(names.contains(.string(name)), "\(name)")
    }
  }
}
