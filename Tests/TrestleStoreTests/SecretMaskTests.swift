import Foundation
import Testing
import TrestleCore

@testable import TrestleStore

@Suite("Masking secrets before they are written")
struct SecretMaskTests {
  private func wire(
    _ text: String, names: [String], secrets values: [Value] = [], isRead: Bool = true,
    isFramed: Bool = false
  ) -> String {
    let secrets = values.map { Secret($0, text: $0.scalarText ?? "") }
    return String(
      decoding: SecretMask(paths: names).masked(
        Array(text.utf8), own: secrets, others: [], isRead: isRead, isFramed: isFramed),
      as: UTF8.self)
  }

  @Test("decoded values lose what stands at the paths, wherever these end")
  func values() {
    let mask = SecretMask(paths: ["password", "card.pan"])
    var secrets: [Secret] = []
    let masked = mask.masked(
      [
        "login": ["password": "p1", "user": "u"], "card": ["pan": 4111, "name": "n"],
        "cards": [["card": ["pan": ["_text": "x", "_type": "y"]]]], "pan": "kept",
      ],
      secrets: &secrets)
    #expect(
      masked == [
        "login": ["password": "***", "user": "u"], "card": ["pan": "***", "name": "n"],
        "cards": [["card": ["pan": ["_text": "***", "_type": "***"]]]], "pan": "kept",
      ])
    #expect(secrets.count == 4)
  }

  @Test(
    "messages lose what stands under the names",
    arguments: [
      ("<a><pw>s3</pw><b/></a>", "<a><pw>***</pw><b/></a>"),
      ("<a><n:pw x='>'>s3<c>d</c></n:pw>e</a>", "<a><n:pw x='>'>***</n:pw>e</a>"),
      ("<a><pw><![CDATA[</pw>s3]]></pw></a>", "<a><pw>***</pw></a>"),
      ("<a><pw><pw>s</pw>3</pw>e</a>", "<a><pw>***</pw>e</a>"),
      ("<a><pw>s3 cut off", "<a><pw>***"),
      ("<a><pw/><!-- <pw> -->e</a>", "<a><pw/><!-- <pw> -->e</a>"),
      ("<pwd>kept</pwd>", "<pwd>kept</pwd>"),
      (
        "<member><name>pw</name><value><string>s3</string></value></member>",
        "<member><name>pw</name><value>***</value></member>"
      ),
      (#"{"pw": "s\"3", "x": 1}"#, #"{"pw": "***", "x": 1}"#),
      (#"{"pw":{"a":[1,"}"]},"x":1}"#, #"{"pw":"***","x":1}"#),
      (#"{"a":"pw","pw":12}"#, #"{"a":"pw","pw":"***"}"#),
    ])
  func names(text: String, masked: String) {
    #expect(wire(text, names: ["pw"]) == masked)
  }

  @Test("the values' own bytes are masked too, in every form they may have")
  func forms() {
    #expect(
      wire("<v>a&amp;b&lt;c</v>", names: ["x"], secrets: ["a&b<c"]) == "<v>***</v>")
    #expect(wire("<v>12</v><w>x12</w>", names: ["x"], secrets: ["12"]) == "<v>***</v><w>x12</w>")
    #expect(wire("PAN=4111;", names: ["x"], secrets: ["4111"], isFramed: true) == "PAN=****;")
    let mask = SecretMask(paths: ["x"])
    func framed(_ bytes: [UInt8], _ secret: Value) -> [UInt8] {
      mask.masked(
        bytes, own: [Secret(secret, text: secret.scalarText ?? "")], others: [], isRead: true,
        isFramed: true)
    }
    #expect(framed([1, 0x41, 0x11, 0x22, 2], "411122") == [1, 0x2A, 0x2A, 0x2A, 2])
    #expect(framed([1, 0xC1, 0xF2, 2], "A2") == [1, 0x2A, 0x2A, 2])
    #expect(framed([1, 9, 8, 7, 2], .bytes([9, 8, 7])) == [1, 0x2A, 0x2A, 0x2A, 2])
  }

  @Test("a secret that is not found in its message withholds the message")
  func lost() {
    #expect(wire("no such thing", names: ["x"], secrets: ["hunter2"]) == SecretMask.withheld)
    #expect(wire("\u{1}\u{2}", names: ["x"], isRead: false, isFramed: true) == SecretMask.withheld)
    #expect(wire("\u{1}\u{2}", names: [], isRead: false, isFramed: true) == "\u{1}\u{2}")
  }

  @Test("WS-Security's secrets are masked without being named")
  func security() {
    let text =
      "<e><UsernameToken><o:Password Type='t'>s3</o:Password><Nonce>n0</Nonce></UsernameToken></e>"
    let masked = wire(text, names: [])
    #expect(!masked.contains("s3"))
    #expect(!masked.contains("n0"))
  }

  @Test("no file of the journal has a secret's bytes")
  func file() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path)
    let service = JournalFolder.service(
      recorder: journal.lane(for: "s", mask: SecretMask(paths: ["password"])))
    let body = JSONWriter.bytes([
      "password": "hunter2-\"quoted\"", "text": "boom", "echo": "hunter2-\"quoted\"",
    ])
    _ = service.handle(
      WireRequest(
        target: "/x?p=hunter2-%22quoted%22",
        headers: [
          "Authorization": "Basic c2VjcmV0", "Cookie": "k=c00kie", "X-Api-Key": "ap1key",
          "Proxy-Authorization": "Bearer pr0xy", "X-Shown": "shown",
        ], body: body))
    _ = service.handle(WireRequest(body: Array(#"{"password": "hunter2 cut"#.utf8)))
    await journal.flush()
    for secret in ["hunter2", "c2VjcmV0", "c00kie", "ap1key", "pr0xy"] {
      #expect(try !folder.contains(secret), "\(secret)")
    }
    #expect(try folder.contains("shown"))
    #expect(try folder.contains("Basic ***"))
    await journal.close()
    #expect(try !folder.contains("hunter2"))
  }
}
