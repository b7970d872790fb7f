import Foundation
import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// Messages that foreign toolkits wrote by the contracts of `scripts/interop.d/wsdl`: a misreading that
/// reader and writer share would not survive them.
@Suite("Messages of foreign peers")
struct PeerMessageTests {
  private static let place = """
    {"order":{"_priority":3,"id":"O-1 <&> ü","serial":"9007199254740993",
    "placed":"2024-11-22T09:30:00Z","due":"2024-12-31","status":"ON HOLD",
    "customer":{"_type":"Company","name":"Zoë & Söhne","country":"DE","vat":"DE1","employees":12},
    "line":[
    {"_number":1,"sku":"A-1","quantity":2,"price":{"_currency":"EUR","_text":"10.50"}},
    {"_number":2,"sku":"B-2","quantity":-1,"price":{"_currency":"GBP","_text":"1234567890123.45"}}],
    "tag":[],"sizes":[38,40,41],"note":null,"discount":"0.125","weight":0.25,"express":true,
    "label":"AP9wbmc=","card":"4000-1"}}
    """
  private static let ada = """
    {"name":"Ada <K>","age":36,"height":1.65,"active":true,"born":"1985-12-10",
    "number":"9007199254740993"}
    """
  private static let bob = """
    {"name":"Bob","age":41,"height":1.8,"active":false,"born":"1980-02-29","number":"2"}
    """
  private static let team = #"{"name":"blue","lead":\#(ada),"members":[\#(ada),\#(bob)]}"#
  private static let eve = """
    {"_type":"Employee","name":"Eve","age":36,"height":1.65,"active":true,"born":"1985-12-10",
    "number":"9007199254740993","title":"Clerk & more","salary":"5200.75"}
    """

  /// The repository, four folders up from this file.
  private static let top = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func codec(_ contract: String, isStrict: Bool = false) -> SOAPCodec {
    SOAPCodec(definitions(contract), isStrict: isStrict)
  }

  private func definitions(_ contract: String) -> WSDLDefinitions {
    WSDLLoader.load(
      file: Self.top.appendingPathComponent("scripts/interop.d/wsdl/\(contract).wsdl").path)
  }

  /// A message without its first line, which says who wrote it.
  private func bytes(_ name: String) throws -> [UInt8] {
    let path = Self.top.appendingPathComponent("Tests/TrestleSOAPTests/Fixtures/\(name).xml").path
    let all = Array(try #require(FileManager.default.contents(atPath: path), "no \(path)"))
    let end = try #require(all.firstIndex(of: 0x0A))
    return Array(all[(end + 1)...])
  }

  private func json(_ text: String) throws -> Value { try JSONParser.parse(Array(text.utf8)) }

  /// The value as JSON knows it: a date is text there.
  private func json(_ value: Value?) throws -> Value {
    try JSONParser.parse(JSONWriter.bytes(value ?? .null))
  }

  private func call(_ contract: String, _ name: String) throws -> Call {
    try codec(contract).decode(WireRequest(body: try bytes(name)))
  }

  private func reply(
    _ contract: String, _ operation: String, _ name: String, isStrict: Bool = false
  ) throws -> Reply {
    try codec(contract, isStrict: isStrict).decode(
      WireResponse(body: try bytes(name)), answering: Call(operation: operation))
  }

  @Test(
    "a document/literal call is the same from every toolkit",
    arguments: ["gsoap", "php", "soaplite", "suds", "zeep"])
  func placeOrder(_ peer: String) throws {
    let call = try call("orders", "\(peer)-place-order")
    #expect(call.operation == "PlaceOrder")
    #expect(try json(.object(call.parameters)) == json(Self.place))
    #expect(call.warnings == [])
  }

  @Test(
    "an encoded struct with an array of structs is the same, shared or not, in any order",
    arguments: ["gsoap", "php", "soaplite", "suds", "zeep"])
  func team(_ peer: String) throws {
    let call = try call("roster", "\(peer)-echo-team")
    #expect(call.operation == "EchoTeam")
    #expect(try json(call.parameters["team"]) == json(Self.team))
  }

  @Test("soap4r's dates have a zone and its doubles a sign")
  func soap4r() throws {
    let lead = try call("roster", "soap4r-echo-team").parameters["team"]?["lead"]
    #expect(lead?["height"] == 1.65)
    #expect(lead?["born"]?.scalarText == "1985-12-10Z")
  }

  @Test(
    "an encoded struct of a derived type says so",
    arguments: ["gsoap", "php", "soaplite", "suds", "zeep"])
  func derived(_ peer: String) throws {
    let call = try call("roster", "\(peer)-echo-derived")
    #expect(try json(call.parameters["person"]) == json(Self.eve))
  }

  @Test("an array of two dimensions is an array of arrays", arguments: ["gsoap", "php"])
  func grid(_ peer: String) throws {
    let call = try call("roster", "\(peer)-echo-grid")
    #expect(call.parameters["grid"] == [[1, 2, 3], [4, 5, 6]])
  }

  @Test(
    "an encoded reply is the same from every server, multiref or not",
    arguments: ["gsoap", "php", "soaplite"])
  func teamReply(_ peer: String) throws {
    let reply = try reply("roster", "EchoTeam", "\(peer)-team-reply")
    #expect(try json(reply.value?["return"]) == json(Self.team))
  }

  @Test("rpc:result says which accessor is the result, and is none itself, in rpc/literal too")
  func rpcResult() throws {
    for isStrict in [false, true] {
      let reply = try reply("ledger", "CloseAccount", "php-closed-12-reply", isStrict: isStrict)
      #expect(reply.value == ["closed": true])
      #expect(reply.warnings == [])
    }
  }

  @Test("a fault of SOAP 1.2 has its code and its typed detail", arguments: ["gsoap", "php"])
  func fault12(_ peer: String) throws {
    let fault = try #require(
      try reply("orders", "CancelOrder", "\(peer)-cancel-fault-12-reply").fault)
    #expect(fault.code == "Sender")
    #expect(fault.message == "no order <X> & co.")
    #expect(fault.detail == ["OrderUnknown": ["id": "X", "known": 3, "since": "2024-01-02"]])
  }

  @Test("an encoded fault detail is read by the type of its part")
  func encodedDetail() throws {
    let fault = try #require(try reply("roster", "Dismiss", "php-dismiss-fault-reply").fault)
    #expect(fault.detail == ["NotOnRoster": ["number": "0", "reason": "never was"]])
  }

  @Test(
    "what toolkits write is valid under the contract, SOAP's own attributes and rpc:result included",
    arguments: [
      ("orders", "gsoap-place-order"), ("orders", "php-place-order"),
      ("orders", "soaplite-place-order"), ("orders", "suds-place-order"),
      ("orders", "zeep-place-order"), ("orders", "gsoap-audit-12"), ("orders", "php-audit-12"),
      ("orders", "gsoap-cancel-fault-12-reply"), ("orders", "php-cancel-fault-12-reply"),
      ("ledger", "php-closed-12-reply"), ("roster", "gsoap-echo-team"),
    ])
  func valid(_ contract: String, _ name: String) throws {
    let problems = try ContractValidator(definitions(contract)).problems(
      inEnvelope: try bytes(name))
    #expect(problems.map(\.message) == [])
  }

  @Test("a header's own mistakes are told beside SOAP's attributes on it")
  func invalidHeader() throws {
    let broken = String(decoding: try bytes("php-audit-12"), as: UTF8.self)
      .replacing("<ns1:user>ada</ns1:user>", with: "<ns1:name>ada</ns1:name>")
    let problems = try ContractValidator(definitions("orders")).problems(
      inEnvelope: Array(broken.utf8))
    #expect(problems.count == 1)
    #expect(problems.first?.message.contains("}name': This element is not expected") == true)
  }

  @Test("a header that must be understood comes with its call", arguments: ["gsoap", "php"])
  func header(_ peer: String) throws {
    let call = try call("orders", "\(peer)-audit-12")
    #expect(
      call.headers == [
        "Session": ["_mustUnderstand": true, "user": "ada", "token": "t-1 & 2"]
      ])
  }
}
