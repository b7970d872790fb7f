import Testing
import TrestleCore

@testable import TrestleSOAP
@testable import TrestleXML

@Suite("Encoded messages")
struct EncodedMessageTests {
  private let codec = FleetContract.codec()

  private static let trip = """
    {"trip":{"driver":{"name":"Ada","license":"900719925474099312"},"stops":["Oslo","Bergen"]}}
    """

  @Test("every operation of an rpc/encoded contract is there, overloads by their input")
  func operations() {
    #expect(
      codec.contract.operations.map(\.name) == ["Plan", "Team", "Find", "Find.byName"])
    #expect(codec.contract.diagnostics.filter { $0.severity == .error }.isEmpty)
  }

  // What PHP 8.2's SoapClient sends for the same call, but for prefixes and where encodingStyle stands.
  @Test("a call is written as section 5 of SOAP 1.1 says: accessors unqualified, types on all")
  func written() throws {
    let wire = try codec.encode(FleetContract.call("Plan", Self.trip))
    let expected = FleetContract.envelope(
      """
      <f:Plan s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\
      <trip xsi:type="t:Trip"><driver xsi:type="t:Driver"><name xsi:type="xsd:string">Ada</name>\
      <license xsi:type="xsd:long">900719925474099312</license></driver>\
      <stops enc:arrayType="xsd:string[2]" xsi:type="t:Stops"><item xsi:type="xsd:string">Oslo</item>\
      <item xsi:type="xsd:string">Bergen</item></stops></trip></f:Plan>
      """)
    #expect(XMLComparison.difference(wire.body, expected) == nil)
    #expect(wire.headers["SOAPAction"] == "\"urn:fleet#Plan\"")
  }

  @Test(
    "what is written is read back the same, in both versions",
    arguments: [
      ("Plan", trip),
      (
        "Plan",
        #"{"trip":{"driver":{"_type":"TruckDriver","name":"Bo","license":"1","mentor":null,"tonnage":"7.50"},"stops":[],"note":{"_type":"xsd:date","_text":"2026-02-01"}}}"#
      ),
      (
        "Plan",
        #"{"trip":{"driver":{"name":"Bo","license":"1"},"stops":["a",null],"note":[1,2]}}"#
      ),
      (
        "Team",
        #"{"team":[{"name":"Bo","license":"1"},null],"grid":[[1,2,3],[4,5,6]],"shifts":[[1],[],[2,3]]}"#
      ),
      ("Team", #"{"team":[],"grid":[],"shifts":[]}"#),
    ])
  func roundTrip(_ operation: String, _ json: String) throws {
    let call = try FleetContract.call(operation, json)
    for version in [SOAPVersion.soap11, .soap12] {
      var codec = codec
      codec.preferredVersion = version
      let wire = try codec.encode(call)
      let read = try codec.decode(wire)
      #expect(Value.object(read.parameters) == Value.object(call.parameters))
      #expect(read.warnings.isEmpty)
      #expect(XMLComparison.difference(wire.body, try codec.encode(read).body) == nil)
    }
  }

  @Test("references are followed wherever what they mean stands, and shared values copied")
  func multiref() throws {
    // As Axis 1 writes it: the values follow the call, each once.
    let call = try codec.decode(
      FleetContract.request(
        """
        <f:Team s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
        <team enc:arrayType="t:Driver[2]" xsi:type="enc:Array"><item href="#id0"/><item href="#id0"/></team>
        <grid enc:arrayType="xsd:int[1,1]"><item>7</item></grid><shifts enc:arrayType="xsd:int[][0]"/>
        </f:Team>
        <multiRef id="id0" enc:root="0" xsi:type="t:Driver"><name href="#id1"/><license>5</license></multiRef>
        <multiRef id="id1" enc:root="0" xsi:type="xsd:string">Ada</multiRef>
        """))
    let driver: Value = ["name": "Ada", "license": "5"]
    #expect(call.parameters["team"] == .array([driver, driver]))
    #expect(call.parameters["grid"] == [[7]])
    #expect(call.parameters["shifts"] == [])
  }

  @Test("accessors come in any order, with or without a namespace and a type")
  func anyOrder() throws {
    let call = try codec.decode(
      FleetContract.request(
        """
        <f:Plan><trip><t:stops enc:arrayType="xsd:string[1]"><a>Oslo</a></t:stops>
        <driver><license>3</license><name>Ada</name></driver></trip></f:Plan>
        """))
    #expect(
      Value.object(call.parameters)
        == ["trip": ["stops": ["Oslo"], "driver": ["license": "3", "name": "Ada"]]])
  }

  @Test(
    "arrays that send only some of their items have null for the others",
    arguments: [
      (#"enc:arrayType="xsd:string[4]" enc:offset="[2]""#, "<i>c</i><i>d</i>", ["", "", "c", "d"]),
      (
        #"enc:arrayType="xsd:string[4]""#,
        #"<i enc:position="[3]">d</i><i enc:position="[1]">b</i>"#, ["", "b", "", "d"]
      ),
      (#"enc:arrayType="xsd:string[3]""#, "<i>a</i>", ["a", "", ""]),
      (#"enc:arrayType="xsd:string[]""#, "<i>a</i><i>b</i>", ["a", "b"]),
    ])
  func sparse(_ attributes: String, _ items: String, _ expected: [String]) throws {
    let call = try codec.decode(
      FleetContract.request(
        "<f:Plan><trip><driver><name/><license>1</license></driver><stops \(attributes)>\(items)</stops></trip></f:Plan>"
      ))
    let stops = expected.map { $0.isEmpty ? Value.null : .string($0) }
    #expect(call.parameters["trip"]?["stops"] == .array(stops))
  }

  @Test("SOAP 1.2 arrays say item type and sizes, and references are enc:ref")
  func twelve() throws {
    var codec = codec
    codec.preferredVersion = .soap12
    let body = """
      <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:f="urn:fleet"
       xmlns:enc="http://www.w3.org/2003/05/soap-encoding" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><s:Body>
      <f:Team s:encodingStyle="http://www.w3.org/2003/05/soap-encoding">
      <team enc:itemType="xsd:anyType" enc:arraySize="2"><i enc:id="a"><name>Ada</name><license>5</license></i><i enc:ref="a"/></team>
      <grid enc:itemType="xsd:int" enc:arraySize="* 2"><i>1</i><i>2</i><i>3</i><i>4</i></grid>
      <shifts enc:arraySize="0"/></f:Team></s:Body></s:Envelope>
      """
    let call = try codec.decode(
      WireRequest(
        headers: ["Content-Type": "application/soap+xml; charset=utf-8"], body: Array(body.utf8)))
    #expect(call.parameters["grid"] == [[1, 2], [3, 4]])
    #expect(call.parameters["team"]?.arrayValue?.count == 2)
    // SOAP 1.2 part 2 §4.2.1: the reply names its result.
    let answer = try codec.encode(.value(["count": 2]), answering: call)
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect(
      text.contains(
        "<rpc:result xmlns:rpc=\"http://www.w3.org/2003/05/soap-rpc\">count</rpc:result>"))
    #expect(try codec.decode(answer, answering: call).value == ["count": 2])
  }

  @Test("overloaded operations are told apart by their accessors where no action does")
  func overloads() throws {
    let byName = try codec.decode(
      FleetContract.request("<f:Find><name xsi:type=\"xsd:string\">Ada</name></f:Find>"))
    #expect(byName.operation == "Find.byName")
    #expect(byName.parameters == ["name": "Ada"])
    let byID = try codec.decode(FleetContract.request("<f:Find><license>7</license></f:Find>"))
    #expect(byID.operation == "Find")
    #expect(byID.parameters == ["license": "7"])
  }

  @Test("headers and faults by type are read and written by their parts")
  func headersAndFaults() throws {
    var call = try FleetContract.call("Plan", Self.trip)
    call.headers = ["session": "abc"]
    let wire = try codec.encode(call)
    let read = try codec.decode(wire)
    #expect(read.headers == ["session": "abc"])
    let fault = Fault(
      code: "Server", message: "gone", detail: ["missing": ["name": "Ada", "license": "9"]])
    let response = try codec.encode(.fault(fault), answering: read)
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(text.contains(":missing xmlns:"))
    #expect(text.contains("urn:fleet:faults"))
    #expect(try codec.decode(response, answering: call).fault?.detail == fault.detail)
  }

  // MARK: - What must not pass

  @Test(
    "bad encoded input is refused with its place",
    arguments: [
      ("<trip href=\"#nobody\"/>", "trip", "no element of the message is called"),
      ("<trip id=\"a\" href=\"#a\"/>", "trip", "leads in a ring"),
      (
        "<trip id=\"a\"><driver><name/><license>1</license><mentor href=\"#d\"/></driver><stops/></trip></f:Plan><m id=\"d\" xsi:type=\"t:Driver\"><name/><license>1</license><mentor href=\"#d\"/></m><f:x id=\"q\">",
        "trip.driver.mentor.mentor", "contains itself"
      ),
      (
        "<trip><driver><name/><license>x</license></driver><stops/></trip>",
        "trip.driver.license", "expects xs:long"
      ),
      (
        "<trip><driver><name/><license>1</license></driver><stops enc:arrayType=\"xsd:string[900000000]\"><i>a</i></stops></trip>",
        "trip.stops", "stands for more elements"
      ),
      (
        "<trip><driver><name/><license>1</license></driver><stops enc:arrayType=\"xsd:string[2\"/></trip>",
        "stops.arrayType", "is no array type"
      ),
      (
        "<trip><driver><name/><license>1</license></driver><stops enc:arrayType=\"xsd:string[2]\"><i enc:position=\"[1]\">a</i><i enc:position=\"[1]\">b</i></stops></trip>",
        "trip.stops", "two items at the place 1"
      ),
    ])
  func refused(_ parameters: String, _ path: String, _ reason: String) throws {
    let isRing = parameters.hasSuffix("<f:x id=\"q\">")
    let body = "<f:Plan>\(parameters)" + (isRing ? "</f:x>" : "</f:Plan>")
    let error = try #require(throws: CodecError.self) {
      try codec.decode(FleetContract.request(body))
    }
    #expect(error.path.hasSuffix(path), "\(error)")
    #expect(error.reason.contains(reason), "\(error)")
    let answer = codec.refuse(FleetContract.request(body), because: error)
    #expect(answer?.status == 500)
  }

  @Test("references that multiply stand for no more elements than a message may have")
  func amplification() throws {
    // Ten levels of ten references each would be ten thousand million items.
    var body =
      "<f:Plan><trip><driver><name/><license>1</license></driver><stops/><note href=\"#l0\"/></trip></f:Plan>"
    for level in 0..<10 {
      let items = String(repeating: "<i href=\"#l\(level + 1)\"/>", count: 10)
      body += "<m id=\"l\(level)\" enc:arrayType=\"xsd:anyType[10]\">\(items)</m>"
    }
    body += "<m id=\"l10\" xsi:type=\"xsd:string\">ha</m>"
    let error = try #require(throws: CodecError.self) {
      try codec.decode(FleetContract.request(body))
    }
    #expect(error.reason.contains("more elements than a message may have"))
  }

  @Test("where nothing is known, a link to what is not there is kept as it is, with a warning")
  func links() throws {
    let request = FleetContract.request("<f:Note><a href=\"#top\">up</a></f:Note>")
    let open = SOAPCodec(open: OpenSOAP(), name: "notes")
    let call = try open.decode(request)
    #expect(call.parameters["a"] == ["_href": "#top", "_text": "up"])
    #expect(call.warnings.count == 1)
    let strict = SOAPCodec(open: OpenSOAP(), name: "notes", isStrict: true)
    #expect(throws: CodecError.self) { try strict.decode(request) }
  }

  @Test("a list whose links are references is read to a depth, and refused past it")
  func chains() throws {
    func list(_ length: Int) -> WireRequest {
      var body = "<f:Plan><trip><driver href=\"#d0\"/><stops/></trip></f:Plan>"
      for index in 0..<length {
        let mentor = index == length - 1 ? "" : "<mentor href=\"#d\(index + 1)\"/>"
        body += "<m id=\"d\(index)\" xsi:type=\"t:Driver\"><name/><license>1</license>\(mentor)</m>"
      }
      return FleetContract.request(body)
    }
    #expect(try codec.decode(list(200)).parameters["trip"] != nil)
    let error = try #require(throws: CodecError.self) { try codec.decode(list(5_000)) }
    #expect(error.reason.contains("nested deeper than"))
  }

  @Test("strict refuses strangers and wrong sizes, lenient keeps and tells them")
  func strictness() throws {
    let body =
      "<f:Plan><trip><driver><name>A</name><license>1</license></driver><stops enc:arrayType=\"xsd:string[1]\"><i>a</i><i>b</i></stops><extra t:x=\"1\">2</extra></trip></f:Plan>"
    let call = try codec.decode(FleetContract.request(body))
    #expect(call.warnings.count == 2)
    #expect(call.parameters["trip"]?["stops"] == ["a", "b"])
    #expect(call.parameters["trip"]?["_any"]?.arrayValue?.count == 1)
    #expect(throws: CodecError.self) {
      try FleetContract.codec(isStrict: true).decode(FleetContract.request(body))
    }
  }

  @Test(
    "values that no encoded message can carry are refused with their place",
    arguments: [
      ("Team", #"{"team":[],"grid":[[1,2],[3]],"shifts":[]}"#, "grid[1]", "not ragged"),
      ("Team", #"{"team":[],"grid":[1],"shifts":[]}"#, "grid[0]", "is a row"),
      ("Team", #"{"team":"x","grid":[],"shifts":[]}"#, "team", "is an array"),
      ("Team", #"{"team":[],"grid":[]}"#, "shifts", "is required"),
      (
        "Plan", #"{"trip":{"driver":{"_type":"Nobody"},"stops":[]}}"#, "trip.driver._type",
        "names no type"
      ),
    ])
  func unwritable(_ operation: String, _ json: String, _ path: String, _ reason: String) throws {
    let call = try FleetContract.call(operation, json)
    let error = try #require(throws: CodecError.self) { try codec.encode(call) }
    #expect(error.path == path)
    #expect(error.reason.contains(reason), "\(error)")
  }
}

@Suite("Names that XML does not have")
struct UnwritableNameTests {
  @Test(
    "an operation whose message would have one is left out, with the name and the line",
    arguments: [
      ("<operation name=\"Plan\">", "<operation name=\"Plan it\">", "Plan it"),
      ("<part name=\"trip\"", "<part name=\"\"", ""),
      ("<part name=\"trip\"", "<part name=\"t:trip\"", "t:trip"),
    ])
  func leftOut(_ right: String, _ wrong: String, _ name: String) throws {
    let wsdl = FleetContract.wsdl.split(separator: right, omittingEmptySubsequences: false)
      .joined(separator: wrong)
    let definitions = WSDLLoader.load(mainPath: "fleet.wsdl") { _ in Array(wsdl.utf8) }
    let codec = SOAPCodec(definitions)
    #expect(!codec.contract.operations.contains { $0.name.hasPrefix("Plan") })
    #expect(codec.contract.operations.contains { $0.name == "Team" })
    let told = codec.contract.diagnostics.filter {
      $0.message.contains("an element called \"\(name)\", which is no name XML has")
    }
    #expect(!told.isEmpty)
    #expect(told.allSatisfy { $0.line != nil && $0.file == "fleet.wsdl" })
  }
}
