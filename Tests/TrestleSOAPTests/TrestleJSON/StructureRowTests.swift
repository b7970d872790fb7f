import Testing
import TrestleCore

@testable import TrestleSOAP

@Suite("Trestle JSON: content models and derived types")
struct StructureRowTests {
  @Test("a choice is flat keys, of which one alternative is given")
  func choice() throws {
    try expectBothWays(
      "<t:Choice><t:number>7</t:number><t:note>n</t:note></t:Choice>", #"{"number":7,"note":"n"}"#)
    try expectBothWays(
      "<t:Choice><t:artist>A</t:artist><t:title>T</t:title></t:Choice>",
      #"{"artist":"A","title":"T"}"#)
    try expectUnwritable(
      "Choice", #"{"number":7,"artist":"A"}"#, "", "more than one alternative of a choice")
    try expectInvalid("Choice", #"{"number":7,"artist":"A"}"#, "", "exactly one of")
    try expectUnwritable("Choice", #"{"note":"n"}"#, "", "needs one of number, artist")
    try expectUnwritable("Choice", #"{"title":"T"}"#, "artist", "is required")
  }

  @Test("the repetitions of a choice or a sequence are _seq, in their order")
  func repetitions() throws {
    try expectBothWays(
      "<t:Steps><t:hang>a</t:hang><t:lift>2</t:lift><t:hang>b</t:hang><t:hang>c</t:hang></t:Steps>",
      #"{"_seq":[{"hang":"a"},{"lift":2},{"hang":"b"},{"hang":"c"}]}"#)
    try expectBothWays("<t:Steps/>", "{}")
    try expectBothWays(
      """
      <t:Rooms><t:room>N</t:room><t:work>1</t:work><t:work>2</t:work><t:room>S</t:room></t:Rooms>
      """, #"{"_seq":[{"room":"N","work":[1,2]},{"room":"S"}]}"#)
    try expectBothWays(
      """
      <t:Tours><t:guide>A</t:guide><t:see>1</t:see><t:pause>tea</t:pause><t:see>2</t:see>\
      <t:guide>B</t:guide></t:Tours>
      """,
      #"{"_seq":[{"guide":"A","_seq":[{"see":1},{"pause":"tea"},{"see":2}]},{"guide":"B"}]}"#)
    try expectUnwritable("Rooms", #"{"room":"N"}"#, "_seq", "is required")
    try expectUnwritable("Rooms", #"{"_seq":[]}"#, "_seq", "at least 1")
    try expectUnwritable("Steps", #"{"_seq":{"lift":2}}"#, "_seq", "expects an array of objects")
    try expectUnwritable(
      "Steps", #"{"_seq":[{"lift":2},{"lift":1,"hang":"a"}]}"#, "_seq[1]",
      "more than one repetition")
    try expectUnwritable("Steps", #"{"_seq":[{"lft":2}]}"#, "_seq[0]", "needs one of lift, hang")
  }

  @Test("all, groups, attribute groups and extensions are flat, the base's members first")
  func flattened() throws {
    try expectBothWays("<t:Unordered><t:a>1</t:a><t:b>2</t:b></t:Unordered>", #"{"a":1,"b":2}"#)
    try expectBothWays(
      """
      <t:Flat id="1" by="me"><t:title>T</t:title><t:width>3</t:width><t:height>4</t:height>\
      <t:frame>f</t:frame></t:Flat>
      """, #"{"_id":1,"_by":"me","title":"T","width":3,"height":4,"frame":"f"}"#)
    // xs:all comes in any order, and is written in the schema's.
    let call = try GalleryContract.codec().decode(
      GalleryContract.request("<t:Unordered><t:b>2</t:b><t:a>1</t:a></t:Unordered>"))
    #expect(call.parameters == ["a": 1, "b": 2])
    #expect(call.warnings == [])
    try expectUnwritable("Unordered", #"{"b":2}"#, "a", "is required")
    try expectUnwritable(
      "Flat", #"{"title":"T","width":3,"frame":"f"}"#, "height", "is required")
  }

  @Test("a derived type is named by _type, at any depth; an abstract one must be")
  func derivedTypes() throws {
    try expectBothWays(
      """
      <t:Works><t:work xsi:type="t:Painting"><t:title>P</t:title></t:work>\
      <t:work xsi:type="t:Fresco"><t:title>F</t:title><t:paint>lime</t:paint><t:wall>2</t:wall></t:work>\
      <t:first xsi:type="t:Fresco"><t:title>G</t:title><t:wall>1</t:wall></t:first></t:Works>
      """,
      #"{"work":[{"_type":"Painting","title":"P"},{"_type":"Fresco","title":"F","paint":"lime","wall":2}],"first":{"_type":"Fresco","title":"G","wall":1}}"#
    )
    try expectBothWays(
      "<t:Works><t:first><t:title>G</t:title></t:first></t:Works>",
      #"{"work":[],"first":{"title":"G"}}"#)
    try expectUnwritable(
      "Works", #"{"work":[{"title":"P"}]}"#, "work[0]", "one of Painting, Fresco")
    try expectUnwritable(
      "Works", #"{"work":[{"_type":"Work","title":"P"}]}"#, "work[0]", "is of an abstract type")
    try expectUnwritable(
      "Works", #"{"first":{"_type":"Frescoe","title":"P"}}"#, "first._type",
      "did you mean \"Fresco\"?")
    try expectInvalid("Works", #"{"work":[{"title":"P"}]}"#, "work[0]._type", "is missing")
    try expectInvalid("Works", #"{"work":[{"_type":"X"}]}"#, "work[0]._type", "names no type")
  }

  @Test("text of a derived simple type has its type beside it, in _text")
  func derivedText() throws {
    try expectBothWays(
      """
      <t:Order><t:title xsi:type="t:Code">A-1</t:title><t:year>1</t:year><t:sold>true</t:sold></t:Order>
      """, #"{"title":{"_type":"Code","_text":"A-1"},"year":1,"sold":true}"#)
    try expectUnwritable(
      "Order", #"{"title":{"_type":"Cod","_text":"A-1"},"year":1,"sold":true}"#, "title._type",
      "did you mean \"Code\"?")
    try expectUnwritable(
      "Order", #"{"title":{"_text":"A-1"},"year":1,"sold":true}"#, "title", "found an object")
  }

  @Test("of two derived types of one local name the second says its namespace")
  func sameTypeNames() throws {
    try expectBothWays(
      """
      <t:Works><t:work xsi:type="u:Fresco"><t:title>F</t:title><u:lender>L</u:lender></t:work></t:Works>
      """, #"{"work":[{"_type":"{urn:loan}Fresco","title":"F","lender":"L"}]}"#)
    try expectUnwritable(
      "Works", #"{"work":[{"_type":"Fresco","title":"F","lender":"L"}]}"#, "work[0].wall",
      "is required")
  }

  @Test("an xsi:type that no contract knows is told, and the declared type read")
  func unknownType() throws {
    let element =
      "<t:Works><t:first xsi:type='t:Etching'><t:title>E</t:title></t:first></t:Works>"
    let call = try GalleryContract.codec().decode(GalleryContract.request(element))
    #expect(call.parameters["first"] == ["title": "E"])
    #expect(call.warnings.first?.contains("t:Etching") == true)
  }

  @Test("a substitute is named by _type, with its text in _text where it has nothing else")
  func substitutes() throws {
    try expectBothWays(
      """
      <t:Media><t:medium><t:age>1</t:age></t:medium><t:bronze><t:age>2</t:age></t:bronze>\
      <t:bronze xsi:nil="true"/><t:sign>here</t:sign></t:Media>
      """,
      #"{"medium":[{"age":1},{"_type":"bronze","age":2},{"_type":"bronze","_nil":true}],"label":{"_type":"sign","_text":"here"}}"#
    )
    try expectBothWays(
      "<t:Media><u:bronze><t:age>3</t:age></u:bronze></t:Media>",
      #"{"medium":[{"_type":"{urn:loan}bronze","age":3}]}"#)
    try expectUnwritable("Media", #"{"label":"x"}"#, "label", "one of sign")
    try expectUnwritable(
      "Media", #"{"medium":[{"_type":"gold","age":1}]}"#, "medium[0]._type", "names no type")
  }
}
