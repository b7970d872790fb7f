import Testing
import TrestleCore

@testable import TrestleCLI

@Suite("What a terminal shows")
struct TerminalTests {
  private let call = ["call", "orders", "GetOrder", "id=42", "--mock"]
  private let plain = """
    {
      "id": "42",
      "total": "10.50",
      "line": [
        {
          "sku": "A-1",
          "quantity": 2
        }
      ]
    }

    """

  @Test("JSON is indented, and its names, texts and words are coloured")
  func colours() async throws {
    let ran = try await TemporaryDirectory.orders().run(call, isTerminal: true)
    let blue = "\u{1B}[34m"
    let green = "\u{1B}[32m"
    let yellow = "\u{1B}[33m"
    let off = "\u{1B}[0m"
    #expect(ran.out.contains("\(blue)\"id\"\(off): \(green)\"42\"\(off),"))
    #expect(ran.out.contains("\(blue)\"quantity\"\(off): \(yellow)2\(off)\n"))
  }

  @Test(
    "colours can be turned off",
    arguments: [
      ([], ["NO_COLOR": "1"]), (["--color", "never"], [:]), ([], ["TERM": "dumb"]),
    ] as [([String], [String: String])])
  func withoutColours(options: [String], environment: [String: String]) async throws {
    let ran = try await TemporaryDirectory.orders().run(
      call + options, isTerminal: true, environment: environment)
    #expect(ran == Ran(status: 0, out: plain, err: ""))
  }

  @Test("an empty NO_COLOR says nothing, and --color always goes over it and over a pipe")
  func withColours() async throws {
    let directory = try TemporaryDirectory.orders()
    let empty = await directory.run(call, isTerminal: true, environment: ["NO_COLOR": ""])
    #expect(empty.out.contains("\u{1B}["))
    let always = await directory.run(
      call + ["--color", "always"], environment: ["NO_COLOR": "1"])
    #expect(always.out.contains("\u{1B}["))
  }

  @Test("an error's label is red")
  func errors() async throws {
    let ran = try await TemporaryDirectory.orders().run(["describe", "ordrs"], isTerminal: true)
    #expect(ran.err.hasPrefix("\u{1B}[31merror:\u{1B}[0m No adapter for system: ordrs"))
  }

  @Test("bytes end with a line break on a terminal, and stay as they are in a pipe")
  func bytes() async throws {
    let directory = try TemporaryDirectory.orders()
    let words = ["encode", "orders", "Ping"]
    let message = #"{"operation":"Ping","parameters":{}}"#
    #expect(await directory.run(words, isTerminal: true).out == message + "\n")
    #expect(await directory.run(words).out == message)
  }

  @Test("-v shows what goes over the wire as curl does")
  func wire() async throws {
    let ran = try await TemporaryDirectory.orders().run(
      ["call", "orders", "GetOrder", "id=0", "--mock", "-v"])
    let lines = ran.err.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(
      Array(lines.prefix(9)) == [
        "* the mock in this process", "> POST /orders HTTP/1.1", "> Content-Type: application/json",
        ">", #"> {"operation":"GetOrder","parameters":{"id":"0"}}"#, "* 48 B sent",
        "< HTTP/1.1 500 Internal Server Error", "<",
        #"< {"fault":{"code":"Client","message":"no order 0","detail":{"NotFound":{"id":"0"}}}}"#,
      ])
    #expect(lines[9].hasPrefix("* 83 B received in "))
  }

  @Test("-v shows credentials as stars")
  func credentials() async throws {
    let ran = try await TemporaryDirectory.orders().run([
      "call", "orders", "GetOrder", "id=1", "-v", "--auth", "basic:ada:secret", "-H", "X-Trace: 7",
    ])
    #expect(ran.err.contains("> Authorization: Basic ***\n"))
    #expect(ran.err.contains("> X-Trace: 7\n"))
    #expect(!ran.err.contains("secret"))
    #expect(ran.status == 4)
  }

  @Test("-v shows the field of --auth header and tokens of -H as stars")
  func otherCredentials() async throws {
    let ran = try await TemporaryDirectory.orders().run([
      "call", "orders", "GetOrder", "id=1", "-v", "--auth", "header:X-Mine:hush", "-H",
      "X-Auth-Token: hush",
    ])
    #expect(ran.err.contains("> X-Mine: ***\n"))
    #expect(ran.err.contains("> X-Auth-Token: ***\n"))
    #expect(!ran.err.contains("hush"))
  }

  @Test("--auth mtls names a certificate and its key, which are looked for")
  func clientCertificate() async throws {
    let words = ["call", "orders", "GetOrder", "id=1", "--endpoint", "https://127.0.0.1:1/x"]
    let directory = try TemporaryDirectory.orders()
    let ran = await directory.run(words + ["--auth", "mtls:/no/such.pem:/no/such.key"])
    #expect(ran.status == 3)
    #expect(ran.err.contains("the certificate file /no/such.pem cannot be read"))
    let both = await directory.run(
      words + ["--auth", "mtls:a:b", "--cert", "a", "--key", "b"])
    #expect(both.status == 2 && both.err.contains("say the same"))
  }

  @Test("global options may stand before the command")
  func globalOptionsFirst() async throws {
    let directory = try TemporaryDirectory.orders()
    let behind = await directory.run(["list", "-o", "json", "-q"])
    let before = await directory.run(["-o", "json", "--quiet", "list"])
    #expect(before == behind)
    #expect(behind.out.hasPrefix("["))
  }
}

@Suite("Messages as text")
struct MessageTextTests {
  private static let cases: [(message: String, lines: [String])] = [
    ("", []),
    ("plain\ntext\n", ["plain", "text"]),
    ("<a/>", ["<a/>"]),
    ("<a>text</a>", ["<a>text</a>"]),
    ("<a><b>1</b><c/></a>", ["<a>", "  <b>1</b>", "  <c/>", "</a>"]),
    (
      "<?xml version=\"1.0\"?>\n<a>\n <b x=\"1>2\">y &amp; z</b>\n</a>",
      ["<?xml version=\"1.0\"?>", "<a>", "  <b x=\"1>2\">y &amp; z</b>", "</a>"]
    ),
    ("<a><!-- <b> --><c></c></a>", ["<a>", "  <!-- <b> -->", "  <c></c>", "</a>"]),
    ("<a><![CDATA[<x>]]></a>", ["<a><![CDATA[<x>]]></a>"]),
    ("<a><b>", ["<a>", "  <b>"]),
    ("<a", ["<a"]),
    ("</a></b>", ["</a>", "</b>"]),
  ]

  @Test("XML has an element a line, and is otherwise what it was", arguments: cases)
  func text(message: String, lines: [String]) {
    #expect(MessageText.lines(Array(message.utf8)) == lines)
  }

  @Test("bytes that are no text are hexadecimal")
  func bytes() {
    #expect(
      MessageText.lines([0x00, 0x02, 0x48, 0x69, 0xFF])
        == ["000000  00 02 48 69 ff                                    ..Hi."])
  }

  @Test("a large message is cut, and says by how much")
  func large() {
    let lines = MessageText.lines([UInt8](repeating: 0x61, count: MessageText.limit + 5))
    #expect(lines.count == 2)
    #expect(lines.last == "… 5 more bytes")
  }

  @Test(
    "sizes and times are for people",
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1149, "1.1 kB"), (3_440_000, "3.4 MB"),
    ])
  func sizes(count: Int, text: String) {
    #expect(WirePrinter.size(count) == text)
  }

  @Test(
    "durations are for people",
    arguments: [
      (Duration.microseconds(420), "0.4 ms"), (.milliseconds(14), "14.0 ms"),
      (.milliseconds(1500), "1500 ms"), (.zero, "0.0 ms"),
    ])
  func durations(duration: Duration, text: String) {
    #expect(duration.milliseconds == text)
  }
}
