import Testing
import Trestle

@testable import TrestleCLI

@Suite("trestle decode --fields")
struct DecodeFieldsTests {
  private func directory() throws -> TemporaryDirectory {
    try TemporaryDirectory([
      "adapters/bank.yaml": """
      system: bank
      protocol: custom_tcp
      endpoint: tcp://127.0.0.1:9
      frame: { length: { bytes: 2, as: be, counts: total, header: 4 } }
      layout:
        ask: { tran: const ASK, account: digits(4) }
        answer: { rc: digits(2), balance: "packed(5,2)", n: uint8, lines: "list(line, count: n)" }
        line: { sign: text(1), amount: uint16 }
      operations:
        balance:
          request: { layout: ask }
          reply: { layout: answer }
          error: { when: "rc != 0", code: rc }

      """,
      "adapters/lab.yaml": "protocol: custom_tcp\nprofile: astm\n",
      "adapters/plc.yaml": "protocol: custom_tcp\nprofile: modbus_tcp\n",
      "adapters/slip.yaml": """
      system: slip
      protocol: custom_tcp
      endpoint: tcp://127.0.0.1:9
      frame: { stuffing: slip }
      layout: { kv: { separator: ";" }, encoding: iso-8859-1 }
      operations: { get: { request: { set: { CMD: GET, ID: "{{request.id}}" } } } }

      """,
    ])
  }

  /// A capture of both sides: a frame with a wrong sum, refused and sent again.
  private static let session =
    "0506 0231487c5c5e260d0330300d0a 15 0231487c5c5e260d0345350d0a 06"
    + " 0232517c317c5e53310d0339450d0a 06 04"

  @Test("a link's bytes are shown with their frames' sums, and taken off")
  func link() async throws {
    let ran = try await ran("decode lab --hex --fields", Self.session)
    let rows = ran.out.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    for row in [
      "0 0000 05 link ENQ", "1 0001 06 link ACK", "29 001d 06 link ACK",
      "2 0002 02 31 link.frame[0].number STX 1", "16 0010 02 31 link.frame[1].number STX 1",
      "15 000f 15 link NAK",
    ] {
      #expect(rows.contains(row), "\(row)\n\(ran.out)")
    }
    #expect(ran.out.contains("frame 1 has the check 00, not "), "\(ran.out)")
    #expect(ran.out.contains("Q-3.2"))
  }

  @Test("bytes short of their frame are told as that", arguments: ["", "ff01", "0001"])
  func short(_ hex: String) async throws {
    let ran = try await ran("decode plc --hex --fields", hex)
    #expect(ran.status == 5)
    #expect(ran.err.contains("error: plc: "))
  }

  private func ran(
    _ command: String, _ input: String, isTerminal: Bool = false
  ) async throws -> Ran {
    await (try directory()).run(
      command.split(separator: " ").map(String.init), input: input, isTerminal: isTerminal,
      registry: .standard)
  }

  @Test("a request shows the parts of its frame and every field with its place")
  func request() async throws {
    let ran = try await ran("decode bank --fields --hex", "000b0000 41534b 30303432")
    #expect(
      ran
        == Ran(
          status: 0,
          out: """
            11 bytes, balance, layout ask
            AT  HEX   BYTES        FIELD         TYPE             VALUE
             0  0000  00 0b        frame.length  be counts total  "11"
             2  0002  00 00        frame.header  bytes
             4  0004  41 53 4b     tran          const ASK        "ASK"
             7  0007  30 30 34 32  account       digits(4)        "0042"

            """, err: ""))
  }

  @Test("a reply shows items by their paths, and as data on demand")
  func reply() async throws {
    let hex = "00100000 3030 12345c 02 2b0001 2d0002"
    let text = try await ran("decode bank balance --reply --fields --hex", hex)
    #expect(text.out.contains("lines[1].amount"))
    #expect(text.out.hasPrefix("16 bytes, a reply to balance, layout answer\n"))
    let json = try await ran("decode bank balance --reply --fields --hex -o json", hex)
    #expect(
      json.out.contains(
        #"{"path":"balance","offset":6,"length":3,"bytes":"12345c","type":"packed(5,2)","value":"123.45"}"#
      ))
  }

  @Test("where reading fails, the fields before it are shown, and the wrong bytes are marked")
  func failed() async throws {
    let ran = try await ran("decode bank balance --reply --fields --hex", "000a0000 3030 1f345c 00")
    #expect(ran.status == 5)
    #expect(ran.out.contains("rc            digits(2)"))
    #expect(!ran.out.contains("balance "))
    #expect(
      ran.err
        == """
        error: bank: byte 6: balance is not packed(5,2): 30 30 [1f 34 5c] 00 "00[.4\\].“
          000000  00 0a 00 00 30 30 1f 34 5c 00                     ....00.4\\.
                                    ^^ ^^ ^^

        """.replacing("“", with: "\""))
  }

  @Test("all frames of a stream are numbered, and what is left over is told")
  func all() async throws {
    let stream = "000b0000 41534b 30303432 000b0000 41534b 30303433 000b00"
    let fields = try await ran("decode bank --fields --all --hex", stream)
    #expect(fields.status == 0)
    #expect(fields.out.contains("frame 2, from byte 11: 11 bytes, balance, layout ask\n"))
    #expect(fields.err == "warning: 3 bytes from byte 22 on are no whole frame\n")
    let values = try await ran("decode bank --all --hex", stream)
    #expect(
      values.out == """
        {"frame":1,"offset":0,"length":11,"operation":"balance","parameters":{"account":"0042"}}
        {"frame":2,"offset":11,"length":11,"operation":"balance","parameters":{"account":"0043"}}

        """)
    let one = try await ran("decode bank --fields --hex", stream)
    #expect(one.err == "14 bytes from byte 11 on are left: --all reads all frames\n")
    let strict = try await ran("decode bank --fields --all --hex --strict", stream)
    #expect(strict.status == 5)
  }

  @Test("a wrong frame among others does not hide those after it")
  func wrongAmongOthers() async throws {
    let stream = "000b0000 41534b 3030343a 000b0000 41534b 30303433"
    let ran = try await ran("decode bank --fields --all --hex", stream)
    #expect(ran.status == 5)
    #expect(ran.out.contains("frame 2, from byte 11"))
    #expect(
      ran.err.hasPrefix("error: frame 1, from byte 0: bank: byte 7: account expects 4 digits"))
  }

  @Test("errors among many frames say which frame, and count in the stream")
  func places() async throws {
    let stream = "000b0000 41534b 30303432 000b0000 41534b 3030343a 000b0000 41534b 3030343b"
    let ran = try await ran("decode bank --all --hex", stream)
    let lines = ran.err.split(separator: "\n").filter { $0.hasPrefix("error") }
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("error: frame 2, from byte 11: bank: byte 18: account expects"))
    #expect(lines[1].hasPrefix("error: frame 3, from byte 22: bank: byte 29: account expects"))
    let json = try await self.ran("decode bank --all --hex -o json", stream)
    #expect(json.err.contains(#""frame":2,"offset":11"#))
    let cut = try await self.ran("decode bank --all --hex", "000b0000 41534b 30303432 00010000")
    #expect(cut.err.hasPrefix("error: after frame 1, from byte 11: bank: byte 11: frame.length"))
  }

  @Test("a layout is named where no operation fits, and bytes without a frame are taken")
  func layouts() async throws {
    let value = try await ran("decode bank --layout line --hex", "2b0102")
    #expect(value.out == "{\"sign\":\"+\",\"amount\":258}\n")
    #expect(
      value.err == "warning: read as a message without a frame: the bytes are no whole frame\n")
    let fields = try await ran("decode bank --layout line --fields --hex", "2b0102")
    #expect(fields.out.contains("\n 1  0001  01 02  amount  uint16   258\n"))
    let unknown = try await ran("decode bank --layout lin --hex", "2b0102")
    #expect(unknown.status == 2)
    #expect(unknown.err.contains("there is no layout \"lin\"; did you mean \"line\"?"))
  }

  @Test("a frame that changes its bytes has places in its message alone")
  func stuffed() async throws {
    let ran = try await ran("decode slip --fields --hex", "434d443d4745543b49443d dbdc c0")
    #expect(ran.out.hasPrefix("14 bytes, get; places are those in the message without its frame\n"))
    #expect(ran.out.contains("ID"))
  }

  @Test("a terminal gets lines as wide as it is")
  func terminal() async throws {
    let fields = FieldTable(
      fields: [
        FieldSpan(
          path: "note", range: 0..<40, type: "text(40)",
          value: .string(String(repeating: "x", count: 40)))
      ], bytes: [UInt8](repeating: 0x78, count: 40), width: 70)
    let lines = fields.text(Palette(isOn: false)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 70 })
    #expect(lines.count == 5)
    #expect(lines.last?.contains("… 16 more bytes") == true)
    #expect(lines[0] == "AT  HEX   BYTES                    FIELD  VALUE")
    let wide = FieldTable(fields: fields.fields, bytes: fields.bytes, width: 100)
    #expect(
      wide.text(Palette(isOn: false)).hasPrefix(
        "AT  HEX   BYTES                    FIELD  TYPE      VALUE"))
  }

  @Test("protocols over HTTP have no fields of bytes")
  func others() async throws {
    let ran = await (try TemporaryDirectory.orders()).run(
      ["decode", "orders", "--fields"], input: "{}")
    #expect(ran.status == 2)
    #expect(ran.err.contains("--fields and --layout are for custom TCP protocols"))
  }
}
