import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

@Suite("Trestle JSON: headers, faults and encoded messages")
struct MessageRowTests {
  private static let order =
    "<t:Order><t:title>Ice</t:title><t:year>1824</t:year><t:sold>true</t:sold></t:Order>"

  @Test("headers stand beside the parameters, by local name where the contract declares them")
  func headers() throws {
    let codec = GalleryContract.codec()
    let wire = GalleryContract.request(
      Self.order,
      header: """
        <t:session s:mustUnderstand="1">abc</t:session><u:trace s:actor="urn:me"><u:id>1</u:id></u:trace>
        """)
    let call = try codec.decode(wire)
    #expect(
      JSONWriter.text(.object(call.headers))
        == #"{"session":{"_mustUnderstand":true,"_text":"abc"},"{urn:loan}trace":{"_role":"urn:me","id":"1"}}"#
    )
    #expect(call.parameters["session"] == nil)
    #expect(XMLComparison.difference(wire.body, try codec.encode(call).body) == nil)
    var plain = try GalleryContract.call("Order", #"{"title":"Ice","year":1,"sold":true}"#)
    plain.headers = ["session": "abc"]
    #expect(try codec.decode(codec.encode(plain)).headers == ["session": "abc"])
    plain.headers = ["sesion": "abc"]
    let error = try #require(throws: CodecError.self) { try codec.encode(plain) }
    #expect(error.path == "headers.sesion")
    #expect(error.description.contains("did you mean \"session\"?"))
  }

  @Test("encoded references and arrays are what they stand for")
  func encoded() throws {
    // All of it, with what must not pass, in EncodedMessageTests.
    let codec = FleetContract.codec()
    let call = try codec.decode(
      FleetContract.request(
        """
        <f:Team s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
        <team enc:arrayType="t:Driver[2]"><i href="#a"/><i href="#a"/></team>
        <grid enc:arrayType="xsd:int[0,0]"/><shifts enc:arrayType="xsd:int[][0]"/></f:Team>
        <m id="a"><name>Ada</name><license>5</license></m>
        """))
    let json =
      #"{"team":[{"name":"Ada","license":"5"},{"name":"Ada","license":"5"}],"grid":[],"shifts":[]}"#
    #expect(JSONWriter.text(.object(call.parameters)) == json)
    let again = try codec.decode(codec.encode(FleetContract.call("Team", json)))
    #expect(JSONWriter.text(.object(again.parameters)) == json)
    let error = try #require(throws: CodecError.self) {
      try codec.encode(
        FleetContract.call("Team", #"{"team":{"name":"Ada"},"grid":[],"shifts":[]}"#))
    }
    #expect(error.path == "team" && error.description.contains("write ["))
  }

  @Test("a fault has code, message, actor and a detail typed by the contract")
  func fault() throws {
    let codec = GalleryContract.codec()
    let call = try GalleryContract.call("Order", "{}")
    let wire = WireResponse(
      status: 500, headers: ["Content-Type": "text/xml"],
      body: GalleryContract.envelope(
        """
        <s:Fault><faultcode>s:Client</faultcode><faultstring>not &lt;now&gt;</faultstring>\
        <faultactor>urn:desk</faultactor><detail><t:Refused><t:reason>closed</t:reason>\
        <t:until>2026-03-01</t:until></t:Refused></detail></s:Fault>
        """))
    let fault = try #require(try codec.decode(wire, answering: call).fault)
    #expect(
      JSONWriter.text(fault.jsonValue)
        == #"{"code":"Client","message":"not <now>","actor":"urn:desk","detail":{"Refused":{"reason":"closed","until":"2026-03-01"}}}"#
    )
    let written = try codec.encode(.fault(fault), answering: call)
    #expect(written.status == 500)
    #expect(XMLComparison.difference(wire.body, written.body) == nil)
    #expect(try codec.decode(written, answering: call).fault == fault)
    let wrong = Fault(
      code: "Client", message: "m", detail: ["Refused": ["reason": "r", "until": "soon"]])
    let error = try #require(throws: CodecError.self) {
      try codec.encode(.fault(wrong), answering: call)
    }
    #expect(error.path == "detail.Refused.until")
    #expect(error.reason == "expects xs:date, found \"soon\"")
  }
}
