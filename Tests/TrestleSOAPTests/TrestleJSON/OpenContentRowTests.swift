import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

@Suite("Trestle JSON: open content")
struct OpenContentRowTests {
  @Test("what wildcards take is _any as XML text and _anyAttributes, each with its namespaces")
  func wildcards() throws {
    try expectBothWays(
      """
      <t:Open xmlns:x="urn:x" x:mark="m"><t:known>1</t:known><x:a n="1">t<x:b/></x:a><y xmlns="urn:y"/></t:Open>
      """,
      #"{"_anyAttributes":{"{urn:x}mark":"m"},"known":1,"_any":["<x:a xmlns:x=\"urn:x\" n=\"1\">t<x:b/></x:a>","<y xmlns=\"urn:y\"/>"]}"#
    )
    try expectUnwritable("Open", #"{"known":1,"_any":["<x>"]}"#, "_any[0]", "is not XML")
    try expectUnwritable("Open", #"{"known":1,"_any":[1]}"#, "_any[0]", "expects XML text")
    try expectUnwritable(
      "Order", #"{"title":"a","year":1,"sold":true,"_any":["<x/>"]}"#, "_any", "is not a member")
  }

  @Test("what nobody declared is kept in the same places, with a warning")
  func strangers() throws {
    let element =
      "<t:Order new='1'><t:title>a</t:title><t:year>1</t:year><t:sold>1</t:sold><t:more>2</t:more></t:Order>"
    let call = try GalleryContract.codec().decode(GalleryContract.request(element))
    #expect(call.parameters["_any"] == ["<t:more xmlns:t=\"urn:gallery\">2</t:more>"])
    #expect(call.parameters["_anyAttributes"] == ["new": "1"])
    #expect(call.warnings.count == 2)
    try expectUnreadable(element, "Order", "has the attribute new", isStrict: true)
  }

  @Test("xs:anyType is what it holds: text, typed text, or members that say their namespace")
  func anyType() throws {
    try expectBothWays(
      """
      <t:Anything><t:value>text</t:value><t:value xsi:type="xsd:int">7</t:value>\
      <t:value xsi:nil="true"/><t:value u:by="x" n="1"><u:a><b>1</b></u:a><u:c>2</u:c></t:value>\
      <t:value xsi:type="t:Fresco"><t:title>F</t:title><t:wall>1</t:wall></t:value></t:Anything>
      """,
      #"{"value":["text",{"_type":"xsd:int","_text":7},null,{"_{urn:loan}by":"x","_n":"1","{urn:loan}a":{"b":"1"},"{urn:loan}c":"2"},{"_type":"{urn:gallery}Fresco","title":"F","wall":1}]}"#
    )
    try expectUnwritable("Anything", #"{"value":[{"a b":1}]}"#, "value[0]", "is no XML name")
    try expectUnwritable(
      "Anything", #"{"value":[{"_type":"{urn:gallery}Fresco","title":"F"}]}"#, "value[0].wall",
      "is required")
  }

  @Test("mixed content is _xml, its attributes beside it")
  func mixed() throws {
    try expectBothWays(
      "<t:Mixed><t:text lang='en'>a &lt; <t:b>bold</t:b> end</t:text></t:Mixed>",
      #"{"text":{"_lang":"en","_xml":"a &lt; <t:b xmlns:t=\"urn:gallery\">bold</t:b> end"}}"#)
    try expectUnwritable("Mixed", #"{"text":{"_xml":"a <b>"}}"#, "text._xml", "is not XML")
  }
}
