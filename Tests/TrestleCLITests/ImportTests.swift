import Foundation
import Testing
import Trestle

@testable import TrestleCLI

@Suite("trestle import")
struct ImportTests {
  static let contract =
    ExampleWorkspace.files.first { $0.path.hasSuffix(".wsdl") }?.text ?? ""

  /// The example's contract with its types in a file beside it, and those of its ids in one above.
  private func source() throws -> TemporaryDirectory {
    let marks = ("<xs:schema", "</xs:schema>")
    let text = Self.contract
    let start = try #require(text.range(of: marks.0))
    let end = try #require(text.range(of: marks.1))
    let schema = String(text[start.lowerBound..<end.upperBound])
      .replacingOccurrences(
        of: marks.0,
        with:
          "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"urn:example:stock\""
      )
      .replacingOccurrences(
        of: "elementFormDefault=\"qualified\">",
        with: "elementFormDefault=\"qualified\"><xs:include schemaLocation=\"../common/note.xsd\"/>"
      )
    let main = text.replacingCharacters(
      in: start.lowerBound..<end.upperBound,
      with: """
        <xs:schema><xs:import namespace="urn:example:stock" schemaLocation="types.xsd"/></xs:schema>
        """)
    return try TemporaryDirectory([
      "api/Stock Service.wsdl": main, "api/types.xsd": schema,
      "common/note.xsd": """
      <xs:schema targetNamespace="urn:example:stock"
        xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note" type="xs:string"/></xs:schema>
      """,
    ])
  }

  @Test("a contract and what it imports are copied unchanged, pinned and described")
  func imported() async throws {
    let source = try source()
    let workspace = try TemporaryDirectory()
    let ran = await workspace.run(
      ["import", source.path + "/api/Stock Service.wsdl"], registry: .standard)
    #expect(
      ran
        == Ran(
          status: 0,
          out: """
            Stock-Service: 1 operation
              wsdl/Stock-Service/api/Stock Service.wsdl
              wsdl/Stock-Service/api/types.xsd
              wsdl/Stock-Service/common/note.xsd
              wsdl/Stock-Service/trestle.lock
              adapters/Stock-Service.yaml

            Try:
              trestle describe Stock-Service
              trestle describe Stock-Service GetStock --template
              trestle mock Stock-Service

            """, err: ""))
    #expect(
      workspace.text(of: "wsdl/Stock-Service/api/types.xsd") == source.text(of: "api/types.xsd"))
    #expect(
      workspace.text(of: "adapters/Stock-Service.yaml") == """
        # yaml-language-server: $schema=../.trestle/schema/adapter.json
        system: "Stock-Service"
        protocol: soap
        wsdl: "../wsdl/Stock-Service/api/Stock Service.wsdl"
        endpoint: "${env:STOCK_SERVICE_URL:-http://127.0.0.1:8201/stock}"

        mock:
          port: 8101
          fallback: sample

        """)
    #expect(workspace.exists(".trestle/schema/adapter.json"))
    let call = await workspace.run(
      ["call", "Stock-Service", "GetStock", "sku=A-1", "--mock"], registry: .standard)
    #expect(call.status == 0)
    #expect(call.out.hasPrefix(#"{"quantity":1,"price":"#))
  }

  @Test("list says where an imported contract has changed")
  func lock() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    _ = await workspace.run(["import", workspace.path + "/stock.wsdl"], registry: .standard)
    #expect(await workspace.run(["list", "--strict"], registry: .standard).status == 0)
    try workspace.write(Self.contract + "\n", to: "wsdl/stock/stock.wsdl")
    let ran = await workspace.run(["list"], registry: .standard)
    #expect(ran.status == 0)
    #expect(
      ran.err == """
        wsdl/stock/stock.wsdl: warning: the file has changed since it was imported
          if that was meant, write its new checksum: sha256sum stock.wsdl beside trestle.lock

        """)
    #expect(await workspace.run(["list", "--strict"], registry: .standard).status == 3)
  }

  @Test("a system that was described by hand is not overwritten, with --force or without")
  func byHand() async throws {
    let workspace = try TemporaryDirectory([
      "stock.wsdl": Self.contract, "adapters/stock.yaml": "protocol: soap\n",
    ])
    let words = ["import", workspace.path + "/stock.wsdl"]
    for words in [words, words + ["--force"]] {
      #expect(
        await workspace.run(words, registry: .standard)
          == Ran(
            status: 3, out: "",
            err: """
              error: the system "stock" is already described in adapters/stock.yaml
                choose another name with --name

              """))
    }
    #expect(!workspace.exists("wsdl"))
  }

  @Test("a contract that is imported again is compared, and replaced with --force")
  func twice() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    let words = ["import", workspace.path + "/stock.wsdl"]
    #expect(await workspace.run(words, registry: .standard).status == 0)
    #expect(
      await workspace.run(words, registry: .standard)
        == Ran(
          status: 0, out: "stock: nothing has changed since it was imported\n", err: ""))
    try workspace.write(Self.contract + "\n", to: "stock.wsdl")
    try workspace.write(
      (workspace.text(of: "adapters/stock.yaml") ?? "") + "# mine\n", to: "adapters/stock.yaml")
    let lock = workspace.text(of: "wsdl/stock/trestle.lock")
    #expect(
      await workspace.run(words, registry: .standard)
        == Ran(
          status: 3, out: "",
          err: """
            error: the contract of "stock" has changed since it was imported; nothing was written
              changed  wsdl/stock/stock.wsdl
              --force replaces it

            """))
    #expect(workspace.text(of: "wsdl/stock/stock.wsdl") == Self.contract)
    #expect(workspace.text(of: "wsdl/stock/trestle.lock") == lock)
    try workspace.write("mine too", to: "wsdl/stock/notes.txt")
    let forced = await workspace.run(words + ["--force"], registry: .standard)
    #expect(workspace.text(of: "wsdl/stock/notes.txt") == "mine too")
    #expect(forced.status == 0 && forced.err == "changed  wsdl/stock/stock.wsdl\n")
    #expect(workspace.text(of: "wsdl/stock/stock.wsdl") == Self.contract + "\n")
    #expect(workspace.text(of: "adapters/stock.yaml")?.hasSuffix("# mine\n") == true)
    #expect(await workspace.run(["list", "--strict"], registry: .standard).status == 0)
    let second = await workspace.run(words + ["--name", "stock2"], registry: .standard)
    #expect(second.status == 0)
    #expect(workspace.text(of: "adapters/stock2.yaml")?.contains("port: 8102") == true)
  }

  @Test(
    "what cannot be imported is told, and nothing is written",
    arguments: [
      (
        "https://user:hush@x.example/a?wsdl", 2,
        "error: the URL has a user name in it\n  leave it out and give the credentials with --auth"
      ),
      ("ftp://x.example/a.wsdl", 2, "error: ftp://x.example/a.wsdl is no address of a contract\n"),
      (
        "http://127.0.0.1:1/a?wsdl", 4,
        "error: http://127.0.0.1:1/a?wsdl cannot be fetched: connection refused by 127.0.0.1:1\n"
      ),
      ("DIR/nowhere.wsdl", 2, "error: no such file: DIR/nowhere.wsdl\n"),
      (
        "DIR/broken.wsdl", 3,
        "DIR/broken.wsdl:1:4: error: the contract cannot be read: not well-formed: "
      ),
      ("DIR/other.xml", 3, "DIR/other.xml:1: error: the document is no WSDL: its root is other\n"),
      ("DIR/notes.txt", 2, "error: DIR/notes.txt is not known by its name to be a contract\n"),
    ])
  func refused(source: String, status: Int32, message: String) async throws {
    let workspace = try TemporaryDirectory([
      "broken.wsdl": "<a>", "other.xml": "<other/>", "notes.txt": "",
    ])
    let path = source.replacingOccurrences(of: "DIR", with: workspace.path)
    let ran = await workspace.run(["import", path], registry: .standard)
    #expect(ran.status == status)
    #expect(ran.err.hasPrefix(message), "\(ran)")
    #expect(!workspace.exists("adapters"))
    #expect(!workspace.exists("wsdl"))
  }

  @Test("when a file cannot be written, none is, and what was there stays")
  func unwritable() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    let words = ["import", workspace.path + "/stock.wsdl"]
    // A file where the directory of adapters would be.
    try workspace.write("", to: "adapters")
    let ran = await workspace.run(words, registry: .standard)
    #expect(ran.status == 3)
    #expect(ran.err.hasPrefix("error: cannot make the directory DIR/adapters"), "\(ran)")
    #expect(workspace.names == ["adapters", "stock.wsdl"])
  }

  // MARK: - From a URL

  /// Serves a workspace's contract by its mock.
  private func served(
    _ workspace: TemporaryDirectory, _ body: (_ url: String) async throws -> Void
  ) async throws {
    let source = try Workspace.load(directory: workspace.path, registry: .standard)
    try await withMocks(source) { mocks in
      try await body(try #require(mocks.endpoints.first?.value) + "?wsdl")
    }
  }

  @Test("a contract that a service hands out is fetched with all it imports, and can be called")
  func fetched() async throws {
    let source = try source()
    let server = try TemporaryDirectory()
    _ = await server.run(
      ["import", source.path + "/api/Stock Service.wsdl", "--name", "depot"], registry: .standard)
    try await served(server) { url in
      let base = url.dropLast("?wsdl".count)
      let workspace = try TemporaryDirectory()
      let ran = await workspace.run(["import", url, "--name", "stock"], registry: .standard)
      #expect(
        ran
          == Ran(
            status: 0,
            out: """
              stock: 1 operation
                wsdl/stock/stock.wsdl
                wsdl/stock/types.xsd
                wsdl/stock/note.xsd
                wsdl/stock/trestle.lock
                adapters/stock.yaml

              Try:
                trestle describe stock
                trestle describe stock GetStock --template
                trestle mock stock

              """,
            err: """
              \(url) → stock.wsdl
              \(base)?xsd=types.xsd → types.xsd
              \(base)?xsd=../common/note.xsd → note.xsd

              """))
      let types = try #require(workspace.text(of: "wsdl/stock/types.xsd"))
      #expect(types.contains("schemaLocation=\"\(base)?xsd="), "nothing is rewritten")
      #expect(
        workspace.text(of: "wsdl/stock/trestle.lock")?.contains("# \(url)\n") == true)
      #expect(await workspace.run(["list", "--strict"], registry: .standard).status == 0)
      for words in [["--mock"], []] {
        let call = await workspace.run(
          ["call", "stock", "GetStock", "sku=A-1"] + words, registry: .standard)
        #expect(call.status == 0, "\(call)")
        #expect(call.out.hasPrefix(#"{"quantity":1,"price":"#))
      }
      // What was fetched can be served on, and be fetched from there.
      try await served(workspace) { url in
        let third = try TemporaryDirectory()
        let ran = await third.run(["import", url, "--name", "stock", "-q"], registry: .standard)
        #expect(ran.status == 0 && ran.err == "", "\(ran)")
      }
      let again = await workspace.run(
        ["import", url, "--name", "stock", "-q"], registry: .standard)
      #expect(again.out == "stock: nothing has changed since it was imported\n")
    }
  }

  @Test("the pinned files alone are enough: a fetched contract is read without its server")
  func offline() async throws {
    let server = try TemporaryDirectory(["stock.wsdl": Self.contract])
    _ = await server.run(["import", server.path + "/stock.wsdl"], registry: .standard)
    let workspace = try TemporaryDirectory()
    try await served(server) { url in
      _ = await workspace.run(["import", url, "--name", "s"], registry: .standard)
    }
    let ran = await workspace.run(
      ["call", "s", "GetStock", "sku=A-1", "--mock"], registry: .standard)
    #expect(ran.status == 0 && ran.err == "", "\(ran)")
    // The WSDL's own path, without its adapter file, and a copy under another name.
    let file = workspace.path + "/wsdl/s/stock.wsdl"
    #expect(
      await workspace.run(["describe", file, "GetStock"], registry: .standard).status == 0)
    let copy = await workspace.run(["import", file, "--name", "copy"], registry: .standard)
    #expect(copy.status == 0, "\(copy)")
    #expect(
      workspace.text(of: "wsdl/copy/trestle.lock") == workspace.text(of: "wsdl/s/trestle.lock"))
  }

  @Test("when a document cannot be fetched, nothing is written")
  func halfway() async throws {
    let server = try source()
    _ = await server.run(
      ["import", server.path + "/api/Stock Service.wsdl", "--name", "stock"], registry: .standard)
    // The mock hands the import out as it stands, since it does not have the file itself.
    let path = "wsdl/stock/api/Stock Service.wsdl"
    let broken = try #require(server.text(of: path)).replacingOccurrences(
      of: "<xs:schema>",
      with: "<xs:schema><xs:import namespace=\"urn:x\" schemaLocation=\"gone.xsd\"/>")
    try server.write(broken, to: path)
    try await served(server) { url in
      let workspace = try TemporaryDirectory()
      let ran = await workspace.run(["import", url, "--name", "stock"], registry: .standard)
      #expect(ran.status == 3)
      #expect(ran.err.contains("/gone.xsd (stock.wsdl:"), "\(ran)")
      #expect(ran.err.contains("cannot be fetched: HTTP 405"))
      #expect(workspace.names == [])
    }
  }

  @Test("a name that is none is told")
  func name() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    let ran = await workspace.run(
      ["import", workspace.path + "/stock.wsdl", "--name", "../x"], registry: .standard)
    #expect(
      ran
        == Ran(
          status: 2, out: "",
          err: """
            error: "../x" is no name for a system
              give one of letters, digits, . _ - with --name

            """))
  }

  // MARK: - Live services

  /// A service that the program's own mock stands in for.
  private static let service = """
    system: box
    protocol: xml_rpc
    methods:
      box.put:
        summary: "Stores it: under #1"
        params:
          - { name: key, type: string, summary: "Where, e.g. 'a'" }
          - { name: wait, type: boolean? }
        returns: { struct: { stored: boolean } }
      box.get: { effects: read, params: [{ name: key, type: string }], returns: string }
      "on": {}
    mock: { responses: { box.get: hello } }
    """

  @Test("a live service is asked for its methods, and asked again")
  func service() async throws {
    let far = try TemporaryDirectory(["adapters/box.yaml": Self.service])
    let mock = try Binary.start(["mock", "box", "--port", "0"], in: far)
    defer { mock.terminate() }
    let line = await mock.notes(lines: 1)
    let port = try #require(line.first?.firstMatch(of: /:([0-9]+)/)?.output.1)
    let here = try TemporaryDirectory()
    let words = [
      "import", "http://127.0.0.1:\(port)/RPC2", "--name", "box", "--auth", "basic:ada:hush",
    ]
    let ran = await here.run(words, registry: .standard)
    #expect(ran.status == 0, "\(ran)")
    #expect(
      ran.err == """
        of 1 it does not say what parameters methods take: they are given by position, params:='[…]'
        1 have flags at the end, or what is described as optional, which are taken for such: correct what is not
        1 named like readers are taken for such (effects: read): correct what is not
        the password is not written: calls take it from BOX_PASSWORD

        """)
    #expect(
      here.text(of: "adapters/box.yaml") == """
        # yaml-language-server: $schema=../.trestle/schema/adapter.json
        # What the service at http://127.0.0.1:\(port)/RPC2 tells of itself by introspection.
        system: box
        protocol: xml_rpc
        endpoint: "${env:BOX_URL:-http://127.0.0.1:\(port)/RPC2}"
        auth: { basic: { user: ada, password: "${env:BOX_PASSWORD:-}" } }

        methods:
          box.put:
            summary: "Stores it: under #1"
            params:
              - { name: key, type: string }
              - { name: wait, type: "boolean?" }
            returns: struct
          box.get:
            effects: read
            params:
              - { name: key, type: string }
            returns: string
          "on": {}

        mock:
          port: 8101
          fallback: sample

        """)
    #expect(await here.run(["list", "--strict"], registry: .standard).status == 0)
    let call = await here.run(["call", "box", "box.get", "key=a"], registry: .standard)
    #expect(call.out == "\"hello\"\n", "\(call)")

    let again = await here.run(words, registry: .standard)
    #expect(again.out == "box: nothing has changed since it was imported\n")
    let mine =
      (here.text(of: "adapters/box.yaml") ?? "")
      .replacingOccurrences(
        of: "key, type: string }\n      - {", with: "key, type: int }\n      - {"
      )
      .replacingOccurrences(of: "box.get:", with: "box.take:") + "# mine\n"
    try here.write(mine, to: "adapters/box.yaml")
    #expect(
      await here.run(words, registry: .standard)
        == Ran(
          status: 3, out: "",
          err: """
            error: what "box" offers is not what adapters/box.yaml declares; nothing was written
              changed  box.put(key: int, wait: boolean?) → struct: now (key: string, wait: boolean?) → struct
              new      box.get
              gone     box.take
              --force replaces its methods, and leaves the rest of the file

            """))
    #expect(here.text(of: "adapters/box.yaml") == mine)
    #expect(await here.run(words + ["--force"], registry: .standard).status == 0)
    let text = here.text(of: "adapters/box.yaml") ?? ""
    #expect(text.hasSuffix("fallback: sample\n# mine\n"))
    #expect(text.contains("  box.get:\n") && !text.contains("box.take"))
    let third = await here.run(words, registry: .standard)
    #expect(third.out == "box: nothing has changed since it was imported\n")
  }

  @Test("a URL that is neither a service nor a contract is told as both")
  func neither() async throws {
    let workspace = try TemporaryDirectory()
    let refused = await workspace.run(
      ["import", "http://127.0.0.1:1/RPC2", "--as", "xml_rpc"], registry: .standard)
    #expect(refused.status == 4)
    #expect(refused.err.contains("connection refused"))
    let file = await workspace.run(["import", "x.wsdl", "--as", "xml_rpc"], registry: .standard)
    #expect(file.status == 2)
    #expect(file.err.contains("x.wsdl is no URL"))
    #expect(!workspace.exists("adapters"))
  }
}
