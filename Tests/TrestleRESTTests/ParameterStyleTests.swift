import Testing
import TrestleCore
import TrestleREST

/// The table of styles (OpenAPI 3.1 §4.8.12.4), held as bytes of requests.
@Suite struct ParameterStyleTests {
  private static let values: [String: String] = [
    "string": #""blue""#, "array": #"["blue", "black", "brown"]"#,
    "object": #"{"R": 100, "G": 200, "B": 150}"#,
  ]

  private static func codec(
    _ location: String, _ style: String, explodes: Bool, type: String
  ) throws -> RESTCodec {
    let schema =
      switch type {
      case "array": #"{"type": "array", "items": {"type": "string"}}"#
      case "object":
        #"{"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}}}"#
      default: #"{"type": "string"}"#
      }
    let path = location == "path" ? "/x/{color}" : "/x"
    return try RESTCodec.described(
      """
      {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"\(path)": {"get": {
        "operationId": "get", "parameters": [{"name": "color", "in": "\(location)", "style": "\(style)",
          "explode": \(explodes), "required": true, "schema": \(schema)}],
        "responses": {"200": {"description": "ok"}}}}}}
      """)
  }

  private static let table: [(String, String, Bool, String, String)] = [
    ("path", "simple", false, "string", "x/blue"),
    ("path", "simple", false, "array", "x/blue,black,brown"),
    ("path", "simple", false, "object", "x/R,100,G,200,B,150"),
    ("path", "simple", true, "object", "x/R=100,G=200,B=150"),
    ("path", "label", false, "string", "x/.blue"),
    ("path", "label", false, "array", "x/.blue,black,brown"),
    ("path", "label", true, "array", "x/.blue.black.brown"),
    ("path", "label", false, "object", "x/.R,100,G,200,B,150"),
    ("path", "label", true, "object", "x/.R=100.G=200.B=150"),
    ("path", "matrix", false, "string", "x/;color=blue"),
    ("path", "matrix", false, "array", "x/;color=blue,black,brown"),
    ("path", "matrix", true, "array", "x/;color=blue;color=black;color=brown"),
    ("path", "matrix", false, "object", "x/;color=R,100,G,200,B,150"),
    ("path", "matrix", true, "object", "x/;R=100;G=200;B=150"),
    ("query", "form", true, "string", "x?color=blue"),
    ("query", "form", false, "array", "x?color=blue,black,brown"),
    ("query", "form", true, "array", "x?color=blue&color=black&color=brown"),
    ("query", "form", false, "object", "x?color=R,100,G,200,B,150"),
    ("query", "form", true, "object", "x?R=100&G=200&B=150"),
    ("query", "spaceDelimited", false, "array", "x?color=blue%20black%20brown"),
    ("query", "pipeDelimited", false, "array", "x?color=blue%7Cblack%7Cbrown"),
    ("query", "deepObject", true, "object", "x?color[R]=100&color[G]=200&color[B]=150"),
  ]

  @Test(
    "Each style of the table is written as the table shows, and read back as it was",
    arguments: 0..<table.count)
  func styles(row: Int) throws {
    let (location, style, explodes, type, target) = Self.table[row]
    let codec = try Self.codec(location, style, explodes: explodes, type: type)
    let value = try JSONParser.parse(Self.values[type] ?? "null")
    let request = try codec.encode(Call(operation: "get", parameters: ["color": value]))
    #expect(request.target == target)
    let call = try codec.decode(WireRequest(method: "GET", target: "/" + target))
    #expect(call.parameters["color"] == value)
  }

  @Test("Headers and cookies are written in their styles")
  func fields() throws {
    let array = try JSONParser.parse(Self.values["array"] ?? "null")
    let object = try JSONParser.parse(Self.values["object"] ?? "null")
    for (type, explodes, value, text) in [
      ("array", false, array, "blue,black,brown"), ("object", false, object, "R,100,G,200,B,150"),
      ("object", true, object, "R=100,G=200,B=150"),
    ] {
      let codec = try Self.codec("header", "simple", explodes: explodes, type: type)
      let request = try codec.encode(Call(operation: "get", parameters: ["color": value]))
      #expect(request.headers["color"] == text)
      #expect(try codec.decode(request.onWire).parameters["color"] == value)
    }
    let codec = try Self.codec("cookie", "form", explodes: true, type: "string")
    let request = try codec.encode(Call(operation: "get", parameters: ["color": "dark blue"]))
    #expect(request.headers["Cookie"] == "color=dark%20blue")
    #expect(try codec.decode(request.onWire).parameters["color"] == "dark blue")
  }

  @Test("What a style joins by is encoded inside of an item, and does not separate there")
  func separators() throws {
    let codec = try Self.codec("query", "form", explodes: false, type: "array")
    let request = try codec.encode(
      Call(operation: "get", parameters: ["color": ["a,b", "c&d=e", "f g"]]))
    #expect(request.target == "x?color=a%2Cb,c%26d%3De,f%20g")
    #expect(try codec.decode(request.onWire).parameters["color"] == ["a,b", "c&d=e", "f g"])
    // Many clients encode the comma between the items as well.
    let call = try codec.decode(WireRequest(method: "GET", target: "/x?color=a%2Cb"))
    #expect(call.parameters["color"] == ["a", "b"])
  }

  @Test("Nested members and lists in brackets are read, whichever way a client writes them")
  func brackets() throws {
    let codec = try RESTCodec.described(
      #"""
      {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/x": {"get": {
        "operationId": "get", "parameters": [
          {"name": "filter", "in": "query", "style": "deepObject", "explode": true, "schema": {
            "type": "object", "properties": {"created": {"type": "object", "properties": {
              "gte": {"type": "integer"}}}, "tags": {"type": "array", "items": {"type": "string"}}}}},
          {"name": "expand", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
        "responses": {"200": {"description": "ok"}}}}}}
      """#)
    func read(_ query: String) throws -> Record {
      try codec.decode(WireRequest(method: "GET", target: "/x?" + query)).parameters
    }
    let nested = try read("filter[created][gte]=5&filter[tags][]=a&filter[tags][]=b&expand[]=x")
    #expect(nested["filter"] == ["created": ["gte": 5], "tags": ["a", "b"]])
    #expect(nested["expand"] == ["x"])
    #expect(try read("expand[1]=y&expand[0]=x")["expand"] == ["x", "y"])
    #expect(try read("expand%5B%5D=x")["expand"] == ["x"])
    let request = try codec.encode(
      Call(operation: "get", parameters: ["filter": ["created": ["gte": 5], "tags": ["a", "b"]]]))
    #expect(request.target == "x?filter[created][gte]=5&filter[tags][0]=a&filter[tags][1]=b")
    #expect(
      try codec.decode(request.onWire).parameters["filter"]
        == ["created": ["gte": 5], "tags": ["a", "b"]])
  }
}
