import Testing
import TrestleCore

@testable import TrestleXMLRPC

@Suite("Failures told inside of results")
struct ResultShapeTests {
  /// XenAPI, and ROS's master.
  private static let xen: Value = [
    "error_when": ["Status": "Failure", "ErrorDescription": ["{{code}}", "{{message}}"]],
    "success": ["Status": "Success", "Value": "{{value}}"],
    "methods": ["VM.count": ["returns": "i8"], "VM.name": ["returns": "string"]],
  ]
  private static let ros: Value = [
    "error_when": ["{{code}}", "{{message}}"], "success": [1, "{{message}}", "{{value}}"],
  ]

  private func codec(_ definition: Value) throws -> XMLRPCCodec {
    var problems: [ValueProblem] = []
    let codec = XMLRPCCodec.make(definition: definition, name: "x", problems: &problems)
    #expect(problems.isEmpty)
    return codec
  }

  private func read(
    _ value: Value, _ definition: Value, _ method: String = "VM.name"
  ) throws -> Reply {
    let response = WireResponse(body: try XMLRPCWriter().response(value))
    return try codec(definition).decode(response, answering: Call(operation: method))
  }

  @Test(
    "a success gives its value, a failure is a fault, all else is as it is",
    arguments: [
      (xen, ["Status": "Success", "Value": "a"], "a", nil),
      (xen, ["Status": "Success", "Value": "a", "more": 1], "a", nil),
      (
        xen, ["Status": "Failure", "ErrorDescription": ["SESSION_INVALID", "OpaqueRef:1"]],
        nil, ["SESSION_INVALID", "OpaqueRef:1"]
      ),
      (
        xen, ["Status": "Failure", "ErrorDescription": ["HOST_OFFLINE"]], nil, ["HOST_OFFLINE", ""]
      ),
      (xen, ["Status": "Other"], ["Status": "Other"], nil),
      (ros, [1, "ok", ["a", 7]], ["a", 7], nil), (ros, [0, "failed", 0], nil, ["0", "failed"]),
      (ros, [-1, "bad caller", 0], nil, ["-1", "bad caller"]),
    ] as [(Value, Value, Value?, [String]?)])
  func reading(_ definition: Value, _ result: Value, _ value: Value?, _ fault: [String]?) throws {
    // Any type: what stands in a result that was not recognised is told by its own.
    var definition = definition
    if case .object(var record) = definition {
      record["methods"] = nil
      definition = .object(record)
    }
    let reply = try read(result, definition)
    #expect(reply.value == value)
    #expect(reply.fault.map { [$0.code, $0.message] } == fault)
    if fault != nil { #expect(reply.fault?.detail == result) }
  }

  @Test("the value is of the declared type, in both directions")
  func typed() throws {
    let codec = try codec(Self.xen)
    let call = Call(operation: "VM.count")
    let response = try codec.encode(.value("9223372036854775807"), answering: call)
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(text.contains("<member><name>Value</name><value><i8>9223372036854775807</i8></value>"))
    #expect(text.contains("<name>Status</name><value><string>Success</string></value>"))
    #expect(try codec.decode(response, answering: call).value == "9223372036854775807")
  }

  @Test(
    "a mock tells its faults the same way, but for those of XML-RPC itself",
    arguments: [
      ("SESSION_INVALID", ["Status": "Failure", "ErrorDescription": ["SESSION_INVALID", "gone"]]),
      ("7", ["Status": "Failure", "ErrorDescription": [7, "gone"]]), ("-32602", nil),
    ] as [(String, Value?)])
  func writing(_ code: String, _ expected: Value?) throws {
    let codec = try codec(Self.xen)
    let call = Call(operation: "VM.name")
    let response = try codec.encode(.fault(Fault(code: code, message: "gone")), answering: call)
    switch try XMLRPCReader().read(response.body).message {
    case .response(let value): #expect(value == expected)
    case .fault(let fault): #expect(expected == nil && fault.code == code)
    case .call: Issue.record("a call")
    }
    let back = try codec.decode(response, answering: call).fault
    #expect(back?.code == code && back?.message == "gone")
  }

  @Test("inside a multicall results are wrapped too, and introspection is not")
  func multicall() async throws {
    let codec = try codec(Self.xen)
    let responder = ClosureResponder { call in
      call.operation == "VM.name" ? .value("a") : .fault(Fault(code: "NO", message: "none"))
    }
    let service = Service(codec: codec, responder: codec.introspecting(responder, operations: []))
    let request = try codec.encode(
      Call(
        operation: "system.multicall",
        parameters: [
          "params": [
            [
              ["methodName": "VM.name", "params": []], ["methodName": "VM.count", "params": []],
            ]
          ]
        ]))
    guard case .now(let response) = service.handle(request) else {
      Issue.record("no answer")
      return
    }
    #expect(
      try XMLRPCReader().read(response.body).message
        == .response([
          [["Status": "Success", "Value": "a"]],
          [["Status": "Failure", "ErrorDescription": ["NO", "none"]]],
        ]))
    let list = try codec.encode(Call(operation: "system.listMethods", parameters: ["params": []]))
    guard case .now(let listed) = service.handle(list),
      case .response(.array(let names)) = try XMLRPCReader().read(listed.body).message
    else {
      Issue.record("no list")
      return
    }
    #expect(names.contains("VM.name"))
  }

  @Test(
    "mistakes are told",
    arguments: [
      (["error_when": ["Status": "Failure"]], "has no {{code}}"),
      (["error_when": ["{{code}}"], "success": ["Value": 1]], "has no {{value}}"),
      (["error_when": ["{{cod}}"]], "{{cod}} is not known here; did you mean \"code\"?"),
      (["success": ["Value": "{{value}}"]], "nothing says how a failure does"),
    ] as [(Value, String)])
  func mistakes(_ definition: Value, _ message: String) {
    var problems: [ValueProblem] = []
    _ = XMLRPCCodec.make(definition: definition, name: "x", problems: &problems)
    #expect(problems.contains { $0.message.contains(message) }, "\(problems)")
  }
}
