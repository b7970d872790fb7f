import Testing
import TrestleCore

@testable import Trestle

@Suite("TCP profiles")
struct TCPProfileTests {
  /// The codec of an adapter file, and what loading it told.
  private static func load(_ text: String) throws -> (codec: any Codec, told: [String]) {
    let document = try #require(try YAMLReader.read(text).first?.value.objectValue)
    let context = LoadContext(root: "/", directory: "/", file: "adapters/test.yaml")
    let definition = AdapterDefinition(
      system: "test", protocolName: "custom_tcp", document: document)
    let codec = try ProtocolRegistry.standard.codec(for: definition, context: context)
    return (codec, context.diagnostics.map(\.message))
  }

  /// Sends a call through both roles, frames included; both directions' bytes on the wire.
  private static func exchange(
    _ codec: any Codec, _ operation: String, _ parameters: Record, answer: Reply
  ) throws -> (call: Call, reply: Reply, wire: (request: [UInt8], reply: [UInt8])) {
    guard case .framed(let framing, _) = codec.wire else {
      throw CodecError(reason: "a TCP codec is framed")
    }
    let call = Call(operation: operation, parameters: parameters)
    let request = try framing.requests.frame(try codec.encode(call).body)
    let received = try codec.decode(
      WireRequest(body: try message(request, framing.requests)))
    let reply = try framing.replies.frame(try codec.encode(answer, answering: received).body)
    let result = try codec.decode(
      WireResponse(body: try message(reply, framing.replies)), answering: call)
    return (received, result, (request, reply))
  }

  private static func message(_ bytes: [UInt8], _ framing: any Framing) throws -> [UInt8] {
    var decoder = framing.makeDecoder()
    decoder.append(bytes)
    return try #require(try decoder.next())
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).map { UInt8(String(UnicodeScalar($0)), radix: 16) ?? 0 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  @Test("every profile loads without a remark", arguments: TCPProfile.all.map(\.name))
  func loads(_ name: String) throws {
    let (codec, told) = try Self.load("profile: \(name)")
    #expect(told == [])
    #expect(!codec.contract.operations.isEmpty)
  }

  @Test(
    "every operation of every profile goes through both roles, with a value and with a fault",
    arguments: [
      (
        "fix44", "logon", ["sender": "A", "target": "B", "interval": 30],
        ["sender": "B", "seq": 2, "interval": 30]
      ),
      ("fix44", "test_request", ["sender": "A", "target": "B", "id": "x"], ["id": "x"]),
      ("fix44", "logout", ["sender": "A", "target": "B", "text": "bye"], ["text": "ok"]),
      (
        "fix44", "new_order_single",
        [
          "sender": "A", "target": "B", "id": "1", "symbol": "X", "side": "1", "quantity": "10",
          "type": "1",
        ],
        ["order": "o", "execution": "e", "status": "0", "filled": "0", "left": "10", "price": "0"]
      ),
      ("hl7_mllp", "admit", ["mrn": "1", "family": "D^E"], ["ack": "AA"]),
      (
        "hl7_mllp", "discharge", ["mrn": "1", "family": "D", "class": "I"],
        ["ack": "AA", "text": "x"]
      ),
      ("hl7_mllp", "update", ["mrn": "1", "family": "D", "given": "J"], ["ack": "AA"]),
      ("modbus_tcp", "read_coils", ["unit": 1, "address": 0, "count": 4], ["bits": [13]]),
      (
        "modbus_tcp", "read_discrete_inputs", ["unit": 1, "address": 0, "count": 4], ["bits": [13]]
      ),
      (
        "modbus_tcp", "read_input_registers", ["unit": 1, "address": 0, "count": 1],
        ["registers": [7]]
      ),
      (
        "modbus_tcp", "write_coil", ["unit": 1, "address": 172, "value": 65280],
        ["address": 172, "value": 65280]
      ),
      ("resp", "command", ["words": ["LRANGE", "a"]], ["x", 1]),
      ("resp", "ping", [:], ["alive": true]), ("resp", "get", ["key": "a"], ["value": "b"]),
      ("resp", "set", ["key": "a", "value": "b"], ["done": true]),
      ("resp", "del", ["key": "a"], ["count": 1]), ("resp", "exists", ["key": "a"], ["count": 0]),
      ("resp", "incr", ["key": "a"], ["value": 5]),
      ("stomp", "connect", ["host": "h"], ["version": "1.2", "session": "s"]),
      ("stomp", "send", ["destination": "/q", "body": "a\u{0}b"], ["taken": true]),
      ("stomp", "subscribe", ["id": "0", "destination": "/q"], ["taken": true]),
      ("stomp", "unsubscribe", ["id": "0"], ["taken": true]),
      ("stomp", "disconnect", [:], ["taken": true]),
      (
        "swift_mt", "mt103",
        [
          "sender": "BANKBEBBAXXX", "receiver": "BANKDEFFXXXX", "reference": "R",
          "value": "260115EUR1,",
          "ordering": "/1\nJANE", "beneficiary": "/2\nJOE", "charges": "SHA",
        ], ["time": "2601150930", "accepted": true]
      ),
    ] as [(String, String, Record, Value)])
  func roles(_ name: String, _ operation: String, _ parameters: Record, _ result: Value) throws {
    let codec = try Self.load("profile: \(name)").codec
    let (call, reply, _) = try Self.exchange(codec, operation, parameters, answer: .value(result))
    #expect(call.operation == operation)
    #expect(call.parameters == parameters)
    #expect(reply.value == result)
    let code =
      name == "modbus_tcp" ? "2" : name == "hl7_mllp" ? "AE" : name == "stomp" ? "ERROR" : "3"
    let fault = try Self.exchange(
      codec, operation, parameters, answer: .fault(Fault(code: code, message: "no"))
    ).reply.fault
    #expect(fault != nil)
    if !["stomp", "resp", "swift_mt"].contains(name) { #expect(fault?.code == code) }
  }

  // pymodbus 3.16.1 built them (FramerSocket.buildFrame).
  @Test(
    "Modbus frames are those of another library",
    arguments: [
      (
        "read_holding_registers", ["unit": 17, "address": 107, "count": 3],
        ["registers": [555, 0, 100]],
        "0001000000061103006b0003", "000100000009110306022b00000064"
      ),
      (
        "read_coils", ["unit": 17, "address": 19, "count": 10], ["bits": [205, 3]],
        "00010000000611010013000a", "000100000005110102cd03"
      ),
      (
        "write_register", ["unit": 17, "address": 1, "value": 3], ["address": 1, "value": 3],
        "000100000006110600010003", "000100000006110600010003"
      ),
      (
        "write_registers", ["unit": 17, "address": 1, "registers": [10, 258]],
        ["address": 1, "value": 2],
        "00010000000b11100001000204000a0102", "000100000006111000010002"
      ),
    ] as [(String, Record, Value, String, String)])
  func modbus(
    _ operation: String, _ parameters: Record, _ result: Value, _ request: String, _ reply: String
  ) throws {
    let codec = try Self.load("profile: modbus_tcp").codec
    let exchange = try Self.exchange(codec, operation, parameters, answer: .value(result))
    #expect(exchange.wire.request == Self.bytes(hex: request))
    #expect(exchange.wire.reply == Self.bytes(hex: reply))
    #expect(exchange.call.parameters == parameters)
    #expect(exchange.reply.value == result)
  }

  // pymodbus 3.16.1 built it of ExceptionResponse(3, 2).
  @Test("a Modbus exception is a fault, both ways")
  func exception() throws {
    let codec = try Self.load("profile: modbus_tcp").codec
    let exchange = try Self.exchange(
      codec, "read_holding_registers", ["unit": 0, "address": 1, "count": 1],
      answer: .fault(Fault(code: "2", message: "illegal address")))
    #expect(exchange.wire.reply == Self.bytes(hex: "000100000003008302"))
    #expect(exchange.reply.fault?.code == "2")
  }

  // redis-py 8.1.0 packed it (PythonRespSerializer).
  @Test("a RESP command is that of another library")
  func resp() throws {
    let codec = try Self.load("profile: resp").codec
    let exchange = try Self.exchange(
      codec, "set", ["key": "k", "value": "v é"], answer: .value(["done": true]))
    #expect(Self.text(exchange.wire.request) == "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\nv é\r\n")
    #expect(Self.text(exchange.wire.reply) == "+OK\r\n")
  }

  @Test("a RESP command is known in small letters too, and a key that is not there is null")
  func respCase() throws {
    let codec = try Self.load("profile: resp").codec
    let request = WireRequest(body: Array("*2\r\n$3\r\ngEt\r\n$1\r\nK\r\n".utf8))
    let call = try codec.decode(request)
    #expect(call.operation == "get" && call.parameters == ["key": "K"])
    let nothing = try codec.encode(.value(["value": nil]), answering: call)
    #expect(Self.text(nothing.body) == "$-1\r\n")
    let reply = try codec.decode(nothing, answering: call)
    #expect(reply.value == ["value": nil])
    let output = try #require(codec.contract.operation(named: "get")).output
    #expect(SchemaValidator.issues(in: ["value": nil], against: output).isEmpty)
  }

  // pynmea2 1.19.0 wrote it.
  @Test("an NMEA sentence of another library is read, whatever its talker")
  func nmea() throws {
    let codec = try Self.load("profile: nmea0183").codec
    guard case .framed(let framing, _) = codec.wire else { return }
    let wire = Array("$GPGLL,5057.970,N,00146.110,E,142451,A*27\r\n".utf8)
    let message = try Self.message(wire, framing.replies)
    let reply = try codec.decode(
      WireResponse(body: message), answering: Call(operation: "query", parameters: [:]))
    #expect(
      reply.value
        == [
          "sentence": "GPGLL", "latitude": "5057.970", "north_south": "N",
          "longitude": "00146.110", "east_west": "E", "time": "142451", "status": "A",
        ])
    let exchange = try Self.exchange(
      codec, "query", ["sentence": "GLL"], answer: .value(try #require(reply.value)))
    #expect(Self.text(exchange.wire.request) == "$CCGPQ,GLL*2D\r\n")
    #expect(exchange.wire.reply == wire)
  }

  @Test("ASTM records travel in acknowledged frames, each record in one")
  func astm() throws {
    let codec = try Self.load("profile: astm").codec
    guard case .framed(let framing, _) = codec.wire else { return }
    #expect(framing.linkLayer != nil)
    let exchange = try Self.exchange(
      codec, "query", ["sender": "HOST", "sample": "S1"],
      answer: .value([
        "results": [["code": "GLU", "value": "5.4", "unit": "mmol/L", "status": "F"]]
      ]))
    let text = Self.text(exchange.wire.request)
    #expect(text.hasPrefix("\u{5}\u{2}1H|\\^&|||HOST|||||||P|1|"))
    #expect(text.hasSuffix("\u{2}2Q|1|^S1||ALL\r\u{3}6F\r\n\u{2}3L|1|N\r\u{3}06\r\n\u{4}"))
    #expect(
      exchange.reply.value == [
        "results": [["code": "GLU", "value": "5.4", "unit": "mmol/L", "status": "F"]]
      ])
  }

  @Test("what a file says of the link goes before the profile's")
  func astmLink() throws {
    let (codec, told) = try Self.load(
      "profile: astm\nframe: { link: { astm: { split: message } }, max: 2m }")
    #expect(told == [])
    let request = try codec.encode(
      Call(operation: "query", parameters: ["sender": "HOST", "sample": "S1"]))
    guard case .framed(let framing, _) = codec.wire else { return }
    #expect(Self.text(try framing.frame(request.body)).contains("\rQ|1|^S1||ALL\rL|1|N\r\u{3}"))
  }

  @Test("ASTM frames without acknowledgements have their number, end and sum")
  func astmFrames() throws {
    let codec = try Self.load("profile: astm_frames").codec
    let exchange = try Self.exchange(
      codec, "query", ["sender": "HOST", "sample": "S1"],
      answer: .value([
        "results": [["code": "GLU", "value": "5.4", "unit": "mmol/L", "status": "F"]]
      ]))
    #expect(Self.text(exchange.wire.request).contains("\rQ|1|^S1||ALL\rL|1|N\r\u{3}"))
    #expect(exchange.wire.request.starts(with: Array("\u{2}1H|\\^&|||HOST|||||||P|1|".utf8)))
    #expect(
      exchange.reply.value == [
        "results": [["code": "GLU", "value": "5.4", "unit": "mmol/L", "status": "F"]]
      ])
  }

  @Test("a mock knows the requests of others, who leave out what is optional")
  func foreign() throws {
    // simplefix 1.0.17 wrote it, of the fields that FIX 4.4 requires.
    let order =
      "8=FIX.4.4|9=99|35=D|49=BUY|56=SELL|34=2|52=20260115-09:30:00|11=7|55=X|54=1"
      + "|60=20260115-09:30:00|38=5|40=2|44=1.5|10=223|"
    let codec = try Self.load("profile: fix44").codec
    let call = try codec.decode(WireRequest(body: Array(order.replacing("|", with: "\u{1}").utf8)))
    #expect(call.operation == "new_order_single")
    #expect(call.parameters["quantity"] == "5")
    let stomp = try Self.load("profile: stomp").codec
    let connect = try stomp.decode(
      WireRequest(body: Array("CONNECT\naccept-version:1.1,1.2\nhost:h\n\n\0".utf8)))
    #expect(connect.operation == "connect")
  }

  @Test("the file's own keys go before the profile's, and mappings merge")
  func merged() throws {
    let (codec, told) = try Self.load(
      """
      profile: fix44
      frame: { max: 2m }
      operations:
        logon: { request: { set: { SenderCompID: BRIDGE, TargetCompID: VENUE } } }
        heartbeat: null
        cancel: { request: { set: { MsgType: F, OrigClOrdID: "{{request.id}}" } } }
      """)
    #expect(told == [])
    #expect(codec.contract.operation(named: "heartbeat") == nil)
    #expect(codec.contract.operation(named: "cancel") != nil)
    let request = try codec.encode(
      Call(operation: "logon", parameters: ["sender": "x", "target": "y", "interval": 5]))
    #expect(Self.text(request.body).contains("\u{1}49=BRIDGE\u{1}56=VENUE\u{1}34=1\u{1}"))
  }

  @Test("a frame or layout of another kind replaces the profile's")
  func replaced() throws {
    let (codec, told) = try Self.load(
      """
      profile: hl7_mllp
      frame: { length: { bytes: 2 }, max: 64k }
      layout: { hl7: { version: "2.3" } }
      operations: { send: { summary: mine } }
      """)
    #expect(told == [])
    guard case .framed(let framing, _) = codec.wire else { return }
    #expect(try framing.requests.frame([0x41]) == [0, 1, 0x41])
  }

  @Test("an unknown profile is told, with the nearest name")
  func unknown() throws {
    let error = #expect(throws: LoadError.self) { try Self.load("profile: fix4x4") }
    #expect(error?.message == "Unknown profile: fix4x4; did you mean \"fix44\"?")
    #expect(error?.hint?.contains("modbus_tcp") == true)
  }
}
