import Testing
import TrestleNet

@testable import Trestle

@Suite("Workspaces")
struct WorkspaceTests {
  /// What is wrong with one adapter file, as its reader sees it.
  private func diagnostics(_ text: String, file: String = "adapters/a.yaml") throws -> [String] {
    let files = try TemporaryWorkspace([file: text])
    let workspace = try files.load()
    return (workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.description)
  }

  @Test(
    "every mistake is told with file, line, column, what was expected and the nearest right word",
    arguments: [
      (
        "system: a\nprotocl: upper-echo\n",
        #"adapters/a.yaml:1:1: error: the file lacks "protocol" (The protocol the system speaks: soap, xml_rpc, custom_tcp or rest.)"#
      ),
      (
        "protocol: upper-ecko\n",
        #"adapters/a.yaml:1:11: error: Unsupported protocol: upper-ecko; did you mean "upper-echo"? (known protocols: upper-echo)"#
      ),
      (
        "protocol: upper-echo\nmock:\n  prot: 8101\n",
        #"adapters/a.yaml:3:3: error: unknown key "prot"; did you mean "port"?"#
      ),
      (
        "protocol: upper-echo\nmock: { port: 810100 }\n",
        #"adapters/a.yaml:2:15: error: mock.port expects a whole number from 0 to 65535, found number "810100""#
      ),
      (
        "protocol: upper-echo\ntimeout: 5 parsecs\n",
        #"adapters/a.yaml:2:10: error: timeout expects a duration like 500ms, 5s or 2m, found string "5 parsecs""#
      ),
      (
        "protocol: upper-echo\nstrict: yes\n",
        #"adapters/a.yaml:2:9: error: strict expects true or false, found string "yes" (YAML 1.2 knows only true and false)"#
      ),
      (
        "protocol: upper-echo\nmock: { fallback: samples }\n",
        #"adapters/a.yaml:2:19: error: mock.fallback expects sample or fault or proxy, found string "samples"; did you mean "sample"?"#
      ),
      (
        "protocol: upper-echo\nmock:\n  stubs:\n    - { operation: shot, reply: 1 }\n",
        #"adapters/a.yaml:4:20: error: a has no operation "shot"; did you mean "shout"? (operations: shout)"#
      ),
      (
        "protocol: upper-echo\nmock:\n  stubs:\n    - { reply: 1 }\n",
        #"adapters/a.yaml:4:7: error: mock.stubs[0] lacks "operation" (The operation it answers.)"#
      ),
      (
        "protocol: upper-echo\nmock:\n  responses:\n    shout: { text: '{{request.tekst + }}' }\n",
        #"adapters/a.yaml:4:20: error: {{request.tekst + }}: expected a value, found the end"#
      ),
      (
        "protocol: upper-echo\nmock: { responses: { shout: ${env:X} } }\n",
        #"(put quotes around "${…}": unquoted inside { } the braces mean something else to YAML)"#
      ),
      (
        "protocol: upper-echo\nmock:\n  responses:\n    shout: {{request.id}}\n",
        #"(put quotes around "{{…}}": unquoted braces mean something else to YAML)"#
      ),
      (
        "protocol: upper-echo\nprotocol: soap\n", #"the name "protocol" stands twice"#
      ),
      (
        "protocol: upper-echo\n\tmock: 1\n", "indent with spaces"
      ),
      ("- a\n- b\n", "adapters/a.yaml:1:1: error: an adapter file is an object, found array"),
      ("", "adapters/a.yaml: warning: the file is empty"),
      (
        "protocol: upper-echo\nendpoint: ${env:TRESTLE_TEST_UNSET}\n",
        "adapters/a.yaml:2:11: error: the environment variable TRESTLE_TEST_UNSET is not set (set it, or give a default: ${env:TRESTLE_TEST_UNSET:-value})"
      ),
      (
        "protocol: upper-echo\nendpoint: http://${host}/\n",
        "adapters/a.yaml:2:11: error: unknown ${host} (write ${env:NAME}, ${env:NAME:-default} or ${secret:NAME})"
      ),
      (
        "protocol: upper-echo\nauth: { bearer: \"${secret:NOPE}\" }\n",
        "adapters/a.yaml:2:17: error: there is no secret NOPE (set TRESTLE_SECRET_NOPE, or write it to .trestle/secrets/NOPE)"
      ),
      (
        "protocol: upper-echo\nauth: { wsse: { user: a } }\n",
        "2:15: error: auth: wsse is not available yet"
      ),
      (
        "protocol: upper-echo\ntls: { ca: nope.pem }\n", "2:12: error: no such file: nope.pem"
      ),
      (
        "protocol: upper-echo\noperations:\n  shuot: { effects: read }\n",
        #"3:10: warning: the contract has no operation "shuot"; did you mean "shout"?"#
      ),
      (
        "protocol: upper-echo\nsystem: &a x\nsummary: *b\n", "this is no YAML"
      ),
    ])
  func mistakes(text: String, message: String) throws {
    let found = try diagnostics(text)
    #expect(found.contains { $0.contains(message) }, "\(found)")
  }

  @Test("a mistake in JSON has its place too")
  func json() throws {
    let found = try diagnostics(
      "{\"protocol\": \"upper-echo\",\n \"timeot\": 1,}", file: "adapters/a.json")
    #expect(
      found.first?.hasPrefix("adapters/a.json:2:14: error: this is no JSON") == true, "\(found)")
    let key = try diagnostics("{\"protocol\": \"soup\"}", file: "adapters/a.json")
    #expect(
      key.first?.hasPrefix("adapters/a.json:1:14: error: Unsupported protocol: soup") == true,
      "\(key)")
  }

  @Test("a broken file hides no other, and says so when its system is called")
  func brokenFile() async throws {
    let files = try TemporaryWorkspace([
      "adapters/bad.yaml": "protocol: [",
      "adapters/half.yaml": "protocol: upper-echo\ntimeout: soon\n",
      "adapters/good.yaml": "protocol: upper-echo\n", "adapters/README.md": "not an adapter",
      "adapters/odd.yaml": "protocol: carrier-pigeon\n",
    ])
    let workspace = try files.load()
    #expect(workspace.systems.map(\.name) == ["good", "half", "odd"])
    #expect(workspace.diagnostics.count == 1)
    let bridge = Bridge(workspace, options: .init(usesMocks: true))
    _ = try await bridge.callLegacySystem("good", operation: "shout", parameters: ["text": "a"])
    let half = await #expect(throws: BridgeError.self) {
      try await bridge.callLegacySystem("half", operation: "shout", parameters: ["text": "a"])
    }
    #expect(
      half?.reason.hasPrefix("half cannot be called: adapters/half.yaml:2: timeout expects") == true
    )
    #expect(half?.exitCode == 3)
    let odd = await #expect(throws: BridgeError.self) {
      try await bridge.callLegacySystem("odd", operation: "shout")
    }
    #expect(odd?.reason == "Unsupported protocol: carrier-pigeon")
    #expect(odd?.exitCode == 3)
  }

  @Test("a name may stand for one system only")
  func duplicateNames() throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": "protocol: upper-echo\nsystem: parrot\n",
      "adapters/b.yaml": "# another\nsystem: parrot\nprotocol: upper-echo\n",
    ])
    let workspace = try files.load()
    #expect(workspace.systems.count == 1)
    #expect(
      workspace.diagnostics.map(\.description) == [
        "adapters/b.yaml:2:9: error: the system \"parrot\" is already described in adapters/a.yaml:2"
          + " (give one of them another name with system:)"
      ])
  }

  @Test("the short form of a system is read as it is, several to a file")
  func shortForm() throws {
    let files = try TemporaryWorkspace([
      "adapters/legacy.yaml": """
      parrot:
        protocol_adapter:
          type: upper-echo
          port: 8199
          responses:
            shout: { text: hi }
      crow:
        protocol_adapter: { type: upper-echo, prot: 1 }
      """,
      "adapters/jay.json": #"{"protocol_adapter": {"type": "upper-echo", "port": 8200}}"#,
    ])
    let workspace = try files.load(
      ProtocolRegistry().registering("upper-echo", keys: []) { definition, _ in
        UpperEchoCodec(definition)
      })
    #expect(workspace.systems.map(\.name) == ["jay", "parrot", "crow"])
    let parrot = try workspace.system(named: "parrot")
    #expect(parrot.diagnostics == [])
    #expect(parrot.protocolName == "upper-echo")
    #expect(parrot.definition.mock.port == 8199)
    #expect(parrot.definition["mock"]?["responses"] == ["shout": ["text": "hi"]])
    let crow = try workspace.system(named: "crow")
    #expect(
      crow.diagnostics.map(\.description) == [
        "adapters/legacy.yaml:8:41: error: unknown key \"prot\"; did you mean \"protocol\"?"
      ])
    #expect(try workspace.system(named: "jay").definition.mock.port == 8200)
  }

  @Test("settings are read, and filled in from the environment and from secrets")
  func settings() throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": """
      protocol: upper-echo
      endpoint: "tcp://${env:TRESTLE_TEST_UNSET:-127.0.0.1:9}"
      timeout: 1.5s
      auth: { basic: { user: svc, password: "${secret:A_PASSWORD}" } }
      tls: { ca: ../ca.pem }
      mock: { port: "${env:TRESTLE_TEST_UNSET:-8123}", host: 0.0.0.0 }
      """,
      ".trestle/secrets/A_PASSWORD": "geheim\n", "ca.pem": "",
    ])
    let system = try files.load().system(named: "a")
    #expect(system.diagnostics == [])
    #expect(system.endpoint == "tcp://127.0.0.1:9")
    #expect(system.timeout == .milliseconds(1500))
    #expect(system.definition.credentials == .basic(user: "svc", password: "geheim"))
    #expect(system.definition.connectTimeout == .seconds(10))
    #expect(system.definition.proxy == nil)
    #expect(system.definition.tls.authorities == files.directory + "/ca.pem")
    #expect(system.definition.mock.port == 8123)
    #expect(system.definition.mock.host == "0.0.0.0")
  }

  @Test(
    "credentials are read, each kind by its name",
    arguments: [
      ("basic: { user: u, password: p }", .basic(user: "u", password: "p")),
      ("digest: { user: u, password: p }", .digest(user: "u", password: "p")),
      ("bearer: t", .bearer("t")),
      ("header: { name: X-Key, value: k }", .field(.init(name: "X-Key", value: "k"))),
    ] as [(String, HTTPCredentials)])
  func credentials(written: String, credentials: HTTPCredentials) throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": "protocol: upper-echo\nauth:\n  \(written)\n"
    ])
    let system = try files.load().system(named: "a")
    #expect(system.diagnostics == [])
    #expect(system.definition.credentials == credentials)
  }

  @Test("limits and proxies of connections are read")
  func connections() throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": """
      protocol: upper-echo
      connect_timeout: 250ms
      compress: gzip
      proxy: "http://u:p@proxy.example:3128"
      """,
      "adapters/b.yaml": "protocol: upper-echo\nproxy: none\n",
    ])
    let workspace = try files.load()
    let system = try workspace.system(named: "a")
    #expect(system.diagnostics == [])
    #expect(system.definition.connectTimeout == .milliseconds(250))
    #expect(system.definition.compression == .gzip)
    #expect(
      try system.definition.proxy == .always(HTTPProxy("http://u:p@proxy.example:3128")))
    #expect(try workspace.system(named: "b").definition.proxy == .direct)
  }

  @Test(
    "credentials and proxies that cannot be used are told with their place",
    arguments: [
      (
        "auth: { basic: { user: 'a:b', password: p } }",
        "a.yaml:2:24: error: the user of HTTP Basic has a colon in its name"
      ),
      ("auth: { digest: { user: u } }", "a.yaml:2:17: error: auth.digest lacks \"password\""),
      (
        "auth: { digest: { user: u, password: p }, bearer: t }",
        "a.yaml:2:7: error: auth has digest and bearer; it can have one"
      ),
      ("proxy: socks5://h:1", "a.yaml:2:8: error: the proxy's scheme socks5:// is not spoken"),
      ("compress: gzp", "a.yaml:2:11: error: compress expects gzip or deflate, found string"),
      ("connect_timeout: soon", "a.yaml:2:18: error: connect_timeout expects"),
    ])
  func unusableConnections(line: String, message: String) throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": "protocol: upper-echo\n\(line)\n"])
    let system = try files.load().system(named: "a")
    let found = system.diagnostics.map(\.description)
    #expect(found.contains { $0.hasPrefix("adapters/\(message)") }, "\(found)")
    #expect(!system.isUsable)
  }

  @Test("names of files lead to files of the workspace only")
  func confinement() throws {
    let files = try TemporaryWorkspace(["adapters/a.yaml": "", "wsdl/a.wsdl": "<x/>"])
    let context = LoadContext(root: files.directory, directory: files.directory + "/adapters")
    #expect(try context.read("../wsdl/a.wsdl") == Array("<x/>".utf8))
    #expect(throws: LoadError.self) { try context.read("../../../../etc/passwd") }
    #expect(throws: LoadError.self) { try context.read("/etc/passwd") }
    let missing = #expect(throws: LoadError.self) { try context.read("../wsdl/b.wsdl") }
    #expect(missing?.message.contains("did you mean \"a.wsdl\"?") == true)
  }

  @Test("the nearest name is offered for an unknown system")
  func unknownSystem() throws {
    let files = try TemporaryWorkspace(["adapters/claims.yaml": "protocol: upper-echo"])
    let workspace = try files.load()
    let error = #expect(throws: BridgeError.self) { try workspace.system(named: "clams") }
    #expect(
      error?.description
        == "No adapter for system: clams; did you mean \"claims\"?\n  systems: claims")
    #expect(error?.exitCode == 2)
  }

  @Test(
    "plain words of YAML mean what YAML 1.2 says, and numbers keep their text",
    arguments: [
      ("yes", "yes"), ("on", "on"), ("NO", "NO"), ("true", true), ("False", false), ("~", nil),
      ("42", 42), ("007", "007"), ("+7", 7), ("10.50", .number(NumberText(verified: "10.50"))),
      (".5", .number(NumberText(verified: "0.5"))), ("1e3", .number(NumberText(verified: "1e3"))),
      ("12345678901234567890123", .number(NumberText(verified: "12345678901234567890123"))),
      ("0x1F", 31), ("2024-11-22", "2024-11-22"), ("12:30:45", "12:30:45"), ("1_000", "1_000"),
      ("'42'", "42"), ("\"true\"", "true"), (".inf", .double(.infinity)),
      ("[a, 1]", ["a", 1]),
      ("{ on: 1 }", ["on": 1]), ("|\n  two\n  lines\n", "two\nlines\n"),
      ("-0", .number(NumberText(verified: "-0"))),
    ] as [(String, Value)])
  func plainWords(text: String, expected: Value) throws {
    let document = try #require(try YAMLReader.read("a: " + text).first)
    #expect(document.value["a"] == expected)
    #expect(document.problems == [])
  }

  @Test("anchors, aliases and merges are resolved; a bomb of aliases is refused")
  func aliases() throws {
    let text = "base: &b { x: 1, y: 2 }\nuse:\n  <<: *b\n  y: 3\n"
    let document = try #require(try YAMLReader.read(text).first)
    #expect(document.value["use"] == ["y": 3, "x": 1])
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<8 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let bombed = try #require(try YAMLReader.read(bomb, nodeLimit: 1000).first)
    #expect(bombed.problems.map(\.message) == ["the file has more than 1000 parts"])
  }

  @Test(
    "durations are read as people write them",
    arguments: [
      ("500ms", .milliseconds(500)), ("5s", .seconds(5)), ("1.5s", .milliseconds(1500)),
      ("2m", .seconds(120)), ("1h", .seconds(3600)), ("3", .seconds(3)), ("", nil), ("0s", nil),
      ("-1s", nil), ("5 s", nil), ("1e9h", nil), ("x", nil),
    ] as [(String, Duration?)])
  func durations(text: String, expected: Duration?) { #expect(Duration(written: text) == expected) }

  @Test("the JSON Schema knows every key of every protocol")
  func jsonSchema() {
    let text = JSONWriter.text(AdapterSchema.jsonSchema())
    for key in AdapterSchema.common + AdapterSchema.protocols.flatMap(\.keys) + AdapterSchema.stub {
      #expect(text.contains("\"\(key.name)\":"), "\(key.name)")
    }
  }
}
