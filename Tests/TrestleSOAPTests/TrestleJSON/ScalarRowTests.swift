import Testing
import TrestleCore

@testable import TrestleSOAP

@Suite("Trestle JSON: simple types")
struct ScalarRowTests {
  @Test(
    "what every JSON reader holds exactly is a number, wider numbers are text with every digit",
    arguments: [
      ("flag", "true", "true"), ("flag", "false", "false"), ("byte", "-128", "-128"),
      ("int", "2147483647", "2147483647"), ("float", "1.5", "1.5"), ("double", "0.1", "0.1"),
      ("double", "INF", #""INF""#), ("double", "-INF", #""-INF""#), ("double", "NaN", #""NaN""#),
      ("float", "-INF", #""-INF""#), ("long", "9007199254740993", #""9007199254740993""#),
      ("integer", "123456789012345678901234", #""123456789012345678901234""#),
      ("unsignedInt", "4294967295", #""4294967295""#), ("decimal", "10.500", #""10.500""#),
    ])
  func numbers(_ name: String, _ text: String, _ json: String) throws {
    try expectBothWays(
      "<t:Numbers><t:\(name)>\(text)</t:\(name)></t:Numbers>", "{\"\(name)\":\(json)}")
  }

  @Test(
    "a number is taken as a number or as text, whichever form replies have",
    arguments: [
      (#"{"long":9007199254740993}"#, #"{"long":"9007199254740993"}"#),
      (#"{"decimal":10.500}"#, #"{"decimal":"10.500"}"#),
      (#"{"decimal":1e3}"#, #"{"decimal":"1000"}"#),
      (#"{"int":"7"}"#, #"{"int":7}"#), (#"{"double":"1e3"}"#, #"{"double":1000}"#),
    ])
  func eitherForm(_ given: String, _ read: String) throws {
    let codec = GalleryContract.codec()
    let call = try codec.decode(codec.encode(GalleryContract.call("Numbers", given)))
    #expect(JSONWriter.text(.object(call.parameters)) == read)
  }

  @Test(
    "a number outside its type is refused by its key, on both sides",
    arguments: [
      ("flag", "yes", "expects xs:boolean"), ("byte", "128", "expects xs:byte"),
      ("int", "2147483648", "expects xs:int"), ("int", "1.0", "expects xs:int"),
      ("double", "inf", "expects xs:double"), ("double", "0x10", "expects xs:double"),
      ("long", "1e3", "expects xs:long"), ("integer", "one", "expects xs:integer"),
      ("decimal", "1,5", "expects xs:decimal"), ("unsignedInt", "1.0", "expects xs:unsignedInt"),
    ])
  func wrongNumbers(_ name: String, _ text: String, _ reason: String) throws {
    try expectUnreadable(
      "<t:Numbers><t:\(name)>\(text)</t:\(name)></t:Numbers>", "Numbers.\(name)", reason)
    try expectUnwritable("Numbers", "{\"\(name)\":\"\(text)\"}", name, reason)
  }

  @Test(
    "dates and times keep their text: a zone or none, nine digits of a second",
    arguments: [
      ("date", "2026-02-28"), ("date", "2026-02-28+05:30"), ("time", "23:59:59.123456789"),
      ("dateTime", "2026-01-15T09:30:00"), ("dateTime", "2026-01-15T09:30:00.123456789Z"),
      ("dateTime", "2026-01-15T09:30:00.500-08:00"), ("dateTime", "-0044-03-15T12:00:00"),
      ("year", "1824"), ("month", "1824-05"), ("birthday", "--09-05"),
      ("duration", "P1Y2M3DT4H5.6S"),
    ])
  func times(_ name: String, _ text: String) throws {
    try expectBothWays(
      "<t:Times><t:\(name)>\(text)</t:\(name)></t:Times>", "{\"\(name)\":\"\(text)\"}")
  }

  @Test(
    "what is no date is refused by its key, on both sides",
    arguments: [
      ("date", "2026-02-30"), ("date", "28.02.2026"), ("date", "2026-02-28T00:00:00"),
      ("time", "25:00:00"), ("dateTime", "2026-01-15 09:30:00"), ("dateTime", "2026-01-15T09:30Z"),
      ("year", "24"), ("birthday", "09-05"), ("duration", "1 day"), ("duration", "P"),
    ])
  func wrongTimes(_ name: String, _ text: String) throws {
    try expectUnreadable(
      "<t:Times><t:\(name)>\(text)</t:\(name)></t:Times>", "Times.\(name)", "expects xs:")
    try expectUnwritable("Times", "{\"\(name)\":\"\(text)\"}", name, "expects xs:")
  }

  @Test("base64 and hexadecimal are text, by the type's own alphabet")
  func binary() throws {
    try expectBothWays(
      "<t:Bytes><t:base64>AAEC/w==</t:base64><t:hex>000102FF</t:hex></t:Bytes>",
      #"{"base64":"AAEC/w==","hex":"000102FF"}"#)
    let call = try GalleryContract.codec().decode(
      GalleryContract.request("<t:Bytes><t:base64>AAEC\n  /w==</t:base64></t:Bytes>"))
    #expect(call.parameters["base64"] == "AAEC/w==")
    for (name, text) in [("base64", "A"), ("base64", "****"), ("hex", "0F0"), ("hex", "XY")] {
      try expectUnreadable(
        "<t:Bytes><t:\(name)>\(text)</t:\(name)></t:Bytes>", "Bytes.\(name)", "expects")
      try expectUnwritable("Bytes", "{\"\(name)\":\"\(text)\"}", name, "expects")
    }
  }

  @Test("facets bind whoever writes; default and fixed stand for an empty element")
  func facets() throws {
    let codec = GalleryContract.codec()
    try expectBothWays(
      """
      <t:Rules><t:status>lent</t:status><t:code>A-1</t:code><t:height>120</t:height><t:unit>cm</t:unit></t:Rules>
      """, #"{"status":"lent","code":"A-1","height":120,"unit":"cm"}"#)
    let call = try GalleryContract.codec().decode(
      GalleryContract.request(
        "<t:Rules><t:status/><t:code>A-1</t:code><t:height>1</t:height><t:unit/></t:Rules>"))
    #expect(call.parameters == ["status": "shown", "code": "A-1", "height": 1, "unit": "cm"])
    // The one value that a member may have need not be given.
    let short = try GalleryContract.call("Rules", #"{"status":"lent","code":"A-1","height":1}"#)
    #expect(try GalleryContract.codec().decode(codec.encode(short)).parameters["unit"] == "cm")
    #expect(
      SchemaValidator.issues(
        in: .object(short.parameters),
        against: try #require(codec.contract.operation(named: "Rules")?.input)) == [])
    try expectInvalid("Numbers", #"{"unsignedInt":"-1"}"#, "unsignedInt", "xs:unsignedInt")
    for (json, path, reason) in [
      (#""status":"sold","code":"A-1","height":1"#, "status", "\"lent\", \"shown\""),
      (#""status":"lent","code":"a1","height":1"#, "code", "[A-Z]-[0-9]+"),
      (#""status":"lent","code":"A-1","height":500"#, "height", "500"),
      (#""status":"lent","code":"A-1","height":1,"unit":"in""#, "unit", "is fixed to \"cm\""),
    ] {
      try expectInvalid("Rules", "{\(json)}", path, reason)
    }
  }

  @Test("a list is an array, a union the text as it stands")
  func listsAndUnions() throws {
    try expectBothWays(
      "<t:Words rooms='1 2'><t:sizes>3 4 5</t:sizes><t:weight>007</t:weight></t:Words>",
      #"{"_rooms":[1,2],"sizes":[3,4,5],"weight":"007"}"#)
    try expectBothWays(
      "<t:Words><t:sizes/><t:weight>unknown</t:weight></t:Words>",
      #"{"sizes":[],"weight":"unknown"}"#)
    try expectUnwritable("Words", #"{"sizes":[1,"x"],"weight":"1"}"#, "sizes[1]", "expects xs:int")
    try expectUnwritable("Words", #"{"sizes":1,"weight":"1"}"#, "sizes", "expects an array")
    try expectInvalid("Words", #"{"sizes":[1],"weight":"heavy"}"#, "weight", "heavy")
    try expectUnreadable(
      "<t:Words><t:sizes>1 x</t:sizes><t:weight>1</t:weight></t:Words>", "Words.sizes[1]",
      "expects xs:int")
  }
}
