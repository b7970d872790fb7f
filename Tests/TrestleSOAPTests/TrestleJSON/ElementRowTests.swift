import Testing
import TrestleCore

@testable import TrestleSOAP

@Suite("Trestle JSON: elements and attributes")
struct ElementRowTests {
  @Test("elements are keys in schema order, whatever the order of the caller's keys")
  func order() throws {
    try expectBothWays(
      "<t:Order><t:title>Ice</t:title><t:year>1824</t:year><t:sold>true</t:sold></t:Order>",
      #"{"title":"Ice","year":1824,"sold":true}"#)
    let codec = GalleryContract.codec()
    let shuffled = try codec.encode(
      GalleryContract.call("Order", #"{"sold":true,"title":"Ice","year":1824}"#))
    let ordered = try codec.encode(
      GalleryContract.call("Order", #"{"title":"Ice","year":1824,"sold":true}"#))
    #expect(shuffled.body == ordered.body)
    try expectUnwritable("Order", #"{"titel":"Ice"}"#, "title", "is required")
    try expectInvalid("Order", #"{"titel":"Ice"}"#, "titel", "Did you mean \"title\"?")
  }

  @Test("attributes are _name always, and an element that begins with _ is __name")
  func attributes() throws {
    try expectBothWays(
      """
      <t:Attributes id="7" type="oil"><t:id>seven</t:id><t:_hung>1</t:_hung></t:Attributes>
      """, #"{"_id":7,"_type_attribute":"oil","id":"seven","__hung":1}"#)
    try expectUnwritable("Attributes", #"{"id":"x","__hung":1}"#, "_id", "is required")
    try expectUnwritable(
      "Attributes", #"{"_id":"x","id":"x","__hung":1}"#, "_id", "expects xs:int, found \"x\"")
    try expectUnreadable(
      "<t:Attributes id='x'><t:id>a</t:id><t:_hung>1</t:_hung></t:Attributes>", "Attributes._id",
      "expects xs:int, found \"x\"")
  }

  @Test(
    "text beside attributes is _text by its type, with an attribute or without; else it is bare")
  func simpleContent() throws {
    try expectBothWays(
      """
      <t:Prices><t:asked currency="EUR">10.500</t:asked><t:paid>9</t:paid><t:tag>A</t:tag></t:Prices>
      """, #"{"asked":{"_currency":"EUR","_text":"10.500"},"paid":{"_text":"9"},"tag":"A"}"#)
    try expectUnwritable(
      "Prices", #"{"asked":{"_currency":"EUR"},"paid":"9","tag":"A"}"#, "asked._text", "is required"
    )
    try expectUnwritable(
      "Prices", #"{"asked":"1","paid":{"_text":"much"},"tag":"A"}"#, "paid._text",
      "expects xs:decimal, found \"much\"")
    try expectInvalid("Prices", #"{"asked":"1","paid":"9","tag":"A"}"#, "asked", "Write {\"_text\"")
  }

  @Test("of members that have one local name, the second in the schema has a number")
  func sameNames() throws {
    try expectBothWays(
      """
      <t:Names lang="en" xml:lang="fr" _hidden="h"><t:name>own</t:name><u:name>lent</u:name>\
      <t:name_2>two</t:name_2><t:_hidden>e</t:_hidden></t:Names>
      """,
      #"{"_lang":"en","_lang_2":"fr","__hidden":"h","name":"own","name_3":"lent","name_2":"two","__hidden_2":"e"}"#
    )
    // Loading the contract again gives the same names.
    #expect(
      GalleryContract.codec().contract.operation(named: "Names")?.input.objectMemberNames == [
        "_lang", "_lang_2", "__hidden", "name", "name_3", "name_2", "__hidden_2",
      ])
    try expectUnwritable("Names", #"{"name":"own"}"#, "name_3", "is required")
  }

  @Test("what may repeat is an array by its type: none is [], one is [x]")
  func arrays() throws {
    try expectBothWays(
      "<t:Lists><t:one>a</t:one><t:few>1</t:few></t:Lists>", #"{"one":"a","few":[1],"many":[]}"#)
    try expectBothWays(
      "<t:Lists><t:one>a</t:one><t:few>1</t:few><t:few>2</t:few><t:many>x</t:many></t:Lists>",
      #"{"one":"a","few":[1,2],"many":["x"]}"#)
    try expectUnwritable("Lists", #"{"one":"a","few":1}"#, "few", "write [1]")
    try expectInvalid("Lists", #"{"one":"a","few":[1],"many":"x"}"#, "many", "[\"x\"]")
    try expectUnwritable("Lists", #"{"one":["a"],"few":[1]}"#, "one", "found an array")
    try expectUnwritable("Lists", #"{"one":"a","few":[1,2,3,4]}"#, "few", "at most 3")
    try expectUnwritable("Lists", #"{"one":"a","few":[]}"#, "few", "at least 1")
  }

  @Test("absent is no key, xsi:nil is null, and never the one for the other")
  func absentAndNil() throws {
    try expectBothWays(
      "<t:Nothing><t:nil xsi:nil='true'/></t:Nothing>", #"{"nil":null}"#)
    try expectBothWays(
      "<t:Nothing><t:absent/><t:nil/><t:either xsi:nil='1'/></t:Nothing>"
        .replacing("'1'", with: "'true'"), #"{"absent":"","nil":"","either":null}"#)
    try expectBothWays(
      "<t:Nothing><t:nil>x</t:nil><t:price currency='EUR' xsi:nil='true'/></t:Nothing>",
      #"{"nil":"x","price":{"_currency":"EUR","_nil":true}}"#)
    try expectInvalid(
      "Nothing", #"{"nil":"x","price":{"_nil":true,"_text":"1"}}"#, "price._text", "beside \"_nil\""
    )
    try expectUnwritable("Nothing", "{}", "nil", "null is allowed and sends xsi:nil")
    try expectUnwritable("Order", #"{"title":null,"year":1}"#, "title", "does not allow xsi:nil")
    try expectInvalid("Order", #"{"title":null,"year":1,"sold":true}"#, "title", "may not be null")
    try expectInvalid("Nothing", #"{"absent":null,"nil":"x"}"#, "absent", "may not be null")
    try expectUnreadable(
      "<t:Order><t:title xsi:nil='true'/></t:Order>", "Order.title", "is xsi:nil", isStrict: true)
  }

  @Test("xsi:nil where it is not allowed is read as null, and told")
  func strangeNil() throws {
    let call = try GalleryContract.codec().decode(
      GalleryContract.request(
        "<t:Order><t:title xsi:nil='true'/><t:year>1</t:year><t:sold>1</t:sold></t:Order>"))
    #expect(call.parameters["title"] == .null)
    #expect(call.warnings.count == 1 && call.warnings[0].contains("title at Order is xsi:nil"))
  }
}
