import Testing
import TrestleCore

@testable import TrestleXMLRPC

/// Bytes of foreign peers: a misreading that reader and writer share would not survive them.
@Suite struct XMLRPCGoldenTests {
  private func read(_ name: String, _ options: XMLRPCReadingOptions = .init()) throws
    -> XMLRPCDocument
  {
    try XMLRPCReader(options).read(try Fixture.bytes(name))
  }

  private func strict(_ name: String) throws -> XMLRPCMessage {
    try read(name, XMLRPCReadingOptions(isStrict: true, dialect: .i8)).message
  }

  @Test("Python's call of every type")
  func pythonCall() throws {
    let document = try read("python-call.xml")
    #expect(
      document.message
        == .call(
          method: "sample.types",
          parameters: [
            // XML makes one line feed of the carriage return and line feed that Python left bare.
            7, -2_147_483_648, true, false, "a < b & \"c\" é\n  ", 1.5, -0.25, .double(1e300),
            .dateTime("19980717T14:08:55"), .bytes(Array(0...255)), [1, "two", [], .emptyObject],
            ["name": "n & m", "nested": ["list": [3.0, .null]], "": ""],
          ]))
    #expect(
      document.warnings == [
        "params[7], line 28: 1e+300 has an exponent, which the spec does not allow"
      ])
  }

  @Test("Python's response, calls without parameters, and fault")
  func pythonOthers() throws {
    #expect(
      try strict("python-response.xml")
        == .response([
          "label": "invoice", "confidence": 0.94, "classified_at": .dateTime("20241122T09:30:00"),
          "alternatives": [["label": "credit_note", "confidence": 0.04]],
        ]))
    #expect(
      try strict("python-empty-call.xml") == .call(method: "system.listMethods", parameters: []))
    #expect(
      try strict("python-fault.xml")
        == .fault(Fault(code: "404", message: "no such label: <unicorn>")))
    #expect(
      try strict("python-server-fault.xml")
        == .fault(
          Fault(
            code: "1",
            message: "<class 'Exception'>:method \"calc.nope\" is not supported")))
    #expect(
      try strict("python-list-methods-response.xml")
        == .response([
          "calc.add", "system.listMethods", "system.methodHelp", "system.methodSignature",
          "system.multicall",
        ]))
  }

  @Test("Python's multicall, both ways")
  func pythonMulticall() throws {
    guard case .call(let method, let parameters) = try strict("python-multicall-request.xml"),
      case .response(let answer) = try strict("python-multicall-response.xml")
    else {
      Issue.record("is no call and response")
      return
    }
    #expect(method == "system.multicall")
    #expect(parameters.first?[0] == ["methodName": "calc.add", "params": [7, 3]])
    #expect(answer[0] == [10])
    #expect(answer[1]?["faultCode"] == 1)
    #expect(answer[2]?["faultCode"] == 1)
  }

  @Test("xmlrpc-c's responses and faults")
  func xmlrpcC() throws {
    #expect(
      try strict("xmlrpc-c-quote-response.xml")
        == .response([
          "symbol": "ACME", "price": 101.25, "quantity": 7, "total": 708.75,
          "at": .dateTime("20240102T03:04:05"),
        ]))
    guard case .response(let orders) = try strict("xmlrpc-c-orders-response.xml") else {
      Issue.record("is no response")
      return
    }
    #expect(orders.arrayValue?.count == 3)
    #expect(orders[2]?["note"] == "line & 2 of customer order")
    #expect(
      try strict("xmlrpc-c-fault.xml")
        == .fault(Fault(code: "-506", message: "Method 'Nope' not defined")))
    guard case .fault(let fault) = try strict("xmlrpc-c-type-fault.xml") else {
      Issue.record("is no fault")
      return
    }
    #expect(fault.code == "-501" || fault.code == "-502")
  }
}
