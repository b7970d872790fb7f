import Testing
import Trestle

@Suite("A system named on a command line")
struct SystemArgumentTests {
  @Test("a name of the workspace comes first, then files, then URLs")
  func kinds() async throws {
    let files = try TemporaryWorkspace([
      "adapters/parrot.yaml": "protocol: upper-echo\n",
      "elsewhere/crow.yaml": "protocol: upper-echo\nsystem: crow\n",
      "wsdl/quotes.wsdl": "<definitions/>",
    ])
    let workspace = try files.load(
      .toy.registering("xml_rpc") { definition, _ in UpperEchoCodec(definition) })
    #expect(try await workspace.system(for: "parrot").file == "adapters/parrot.yaml")
    #expect(
      try await workspace.system(for: files.directory + "/elsewhere/crow.yaml").name == "crow")
    let quotes = try await workspace.system(for: files.directory + "/wsdl/quotes.wsdl")
    #expect(quotes.name == "quotes")
    #expect(quotes.protocolName == "soap")
    let remote = try await workspace.system(for: "http://127.0.0.1:9/RPC2")
    #expect(remote.protocolName == "xml_rpc")
    #expect(remote.endpoint == "http://127.0.0.1:9/RPC2")
    #expect(remote.name == "127.0.0.1:9")
  }

  @Test(
    "what is none of them says what is missing",
    arguments: [
      ("parot", "No adapter for system: parot; did you mean \"parrot\"?", 2),
      ("/nowhere/at/all.wsdl", "no such file: /nowhere/at/all.wsdl", 2),
      ("tcp://127.0.0.1:1", "does not say which protocol", 2),
      ("http://127.0.0.1/a?wsdl", "not fetched for a call", 2),
    ] as [(String, String, Int32)])
  func mistakes(argument: String, message: String, exitCode: Int32) async throws {
    let files = try TemporaryWorkspace(["adapters/parrot.yaml": "protocol: upper-echo\n"])
    let workspace = try files.load()
    let error = await #expect(throws: BridgeError.self) {
      try await workspace.system(for: argument)
    }
    #expect(error?.reason.contains(message) == true, "\(error?.reason ?? "")")
    #expect(error?.exitCode == exitCode)
  }

  @Test("a broken adapter file is told with its place and is bad configuration")
  func brokenFile() async throws {
    let files = try TemporaryWorkspace(["x/a.yaml": "protocol: [\n"])
    let workspace = try files.load()
    let error = await #expect(throws: BridgeError.self) {
      try await workspace.system(for: files.directory + "/x/a.yaml")
    }
    #expect(error?.reason.contains("a.yaml:2:1: error: this is no YAML") == true)
    #expect(error?.exitCode == 3)
  }
}
