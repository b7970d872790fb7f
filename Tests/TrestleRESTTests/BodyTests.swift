import Testing
import TrestleCore
import TrestleREST

@Suite struct BodyTests {
  private func roundTrip(_ body: Value, as type: String) throws -> (WireRequest, Value?) {
    let codec = try Shop.codec()
    let call = Call(
      operation: "upload", parameters: ["body": body], headers: ["Content-Type": .string(type)])
    let request = try codec.encode(call)
    return (request, try codec.decode(request.onWire).parameters["body"])
  }

  @Test("A form of parts keeps files, numbers, lists and objects apart")
  func multipart() throws {
    let body: Value = [
      "file": .bytes([0, 13, 10, 45, 45, 255]), "count": 3, "meta": ["a": 1], "tags": ["x", "y"],
    ]
    let (request, read) = try roundTrip(body, as: "multipart/form-data")
    #expect(request.headers["Content-Type"]?.hasPrefix("multipart/form-data; boundary=") == true)
    #expect(read == body)
  }

  @Test("A form of pairs has a list as several pairs and an object as JSON")
  func pairs() throws {
    let body: Value = ["count": 3, "tags": ["x y", "&"], "meta": ["a": 1]]
    let (request, read) = try roundTrip(body, as: "application/x-www-form-urlencoded")
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "count=3&tags=x%20y&tags=%26&meta=%7B%22a%22%3A1%7D")
    #expect(read == body)
  }

  @Test("Binary bodies are their bytes, be they given as such or in base64")
  func binary() throws {
    let (request, read) = try roundTrip("AAH/", as: "application/octet-stream")
    #expect(request.body == [0, 1, 255])
    #expect(read == .bytes([0, 1, 255]))
  }

  @Test("What a browser and what curl send as a form of parts is read")
  func foreignMultipart() throws {
    let text = [
      "preamble", "--XX", #"Content-Disposition: form-data; name="count""#, "", "7", "--XX",
      #"content-disposition: form-data; name="file"; filename="a \"b\".txt""#,
      "Content-Type: text/plain", "", "line 1", "--XY", "", "--XX--", "epilogue",
    ].joined(separator: "\r\n")
    let request = WireRequest(
      target: "/files", headers: ["Content-Type": "multipart/form-data; boundary=\"XX\""],
      body: Array(text.utf8))
    let body = try Shop.codec().decode(request).parameters["body"]
    #expect(body?["count"] == 7)
    #expect(body?["file"] == .bytes(Array("line 1\r\n--XY\r\n".utf8)))
  }

  @Test("A form of parts that is cut off, or has no boundary, is refused")
  func brokenMultipart() throws {
    for (type, body) in [
      ("multipart/form-data", "--x--"), ("multipart/form-data; boundary=x", "--x\r\n\r\nabc"),
      ("multipart/form-data; boundary=x", "nothing"),
      ("multipart/form-data; boundary=\(String(repeating: "b", count: 71))", "--b--"),
    ] {
      let request = WireRequest(
        target: "/files", headers: ["Content-Type": type], body: Array(body.utf8))
      #expect(throws: CodecError.self) { try Shop.codec().decode(request) }
    }
  }

  @Test("Media types are read with their parameters, and ranges cover them")
  func mediaTypes() throws {
    let type = try #require(MediaType(#"Text/HTML; Charset="utf-8"; q=0.5"#))
    #expect(type.description == "text/html")
    #expect(type[parameter: "charset"] == "utf-8")
    #expect(MediaType("text/*")?.covers(type) == true)
    #expect(MediaType("*/*")?.covers(type) == true)
    #expect(MediaType("application/json")?.covers(type) == false)
    #expect(MediaType("application/vnd.x+json; v=1")?.form == .json)
    #expect(MediaType("image/png")?.form == .binary)
    for wrong in ["", "text", "text/", "/x", "a/b/c"] { #expect(MediaType(wrong) == nil) }
  }
}
