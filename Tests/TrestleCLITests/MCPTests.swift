import Testing
import Trestle
import TrestleCore

@testable import TrestleCLI

@Suite("trestle mcp and trestle export tools", .timeLimit(.minutes(3)))
struct MCPTests {
  private func workspace() throws -> TemporaryDirectory {
    try TemporaryDirectory([
      "adapters/orders.yaml": """
      system: orders
      protocol: xml_rpc
      methods:
        count: { summary: How many there are., effects: read, params: [], returns: int }
        place: { params: [{ name: sku, type: string }], returns: string }
      mock: { responses: { count: 7, place: "placed {{request.sku}}" } }
      """
    ])
  }

  private func lines(_ ran: Ran) throws -> [Value] {
    try ran.out.split(separator: "\n").map { try JSONParser.parse(String($0)) }
  }

  @Test("lines are answered one by one, calls by mocks in this process, and the end is no failure")
  func session() async throws {
    let folder = try workspace()
    let input = """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}
      {"jsonrpc":"2.0","method":"notifications/initialized"}
      {"jsonrpc":"2.0","id":2,"method":"tools/list"}

      {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"orders__count"}}
      {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"orders__place","arguments":{"sku":"A-1"}}}
      """
    let ran = await folder.run(["mcp"], input: input, registry: .standard)
    #expect(ran.status == 0)
    let answers = try lines(ran)
    #expect(answers.count == 4)
    func result(_ id: Value) -> Value? { answers.first { $0["id"] == id }?["result"] }
    #expect(result(1)?["protocolVersion"] == "2025-06-18")
    #expect(result(3)?["structuredContent"] == ["result": 7])
    #expect(result(4)?["structuredContent"] == ["result": "placed A-1"])
    #expect(!folder.exists(".trestle/run.json"))
  }

  @Test("with --read-only and --live, tools are hidden that write or steer mocks")
  func options() async throws {
    let folder = try workspace()
    let input = #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#
    func names(_ options: [String]) async throws -> [String] {
      let ran = await folder.run(["mcp"] + options, input: input, registry: .standard)
      #expect(ran.status == 0)
      let tools = try lines(ran).first?["result"]?["tools"]?.arrayValue ?? []
      return tools.compactMap { $0["name"]?.stringValue }
    }
    #expect(try await names([]).contains("orders__place"))
    #expect(!(try await names(["--read-only"]).contains("orders__place")))
    #expect(!(try await names(["--live"]).contains("set_stub")))
    #expect(!(try await names(["--tools", "search"]).contains("orders__count")))
  }

  @Test("a directory that is not there, and options that exclude each other, are refused")
  func refusals() async throws {
    let folder = try workspace()
    let both = await folder.run(["mcp", "--mocks", "--live"], registry: .standard)
    #expect(both.status == 2)
    #expect(both.err.contains("exclude each other"))
    let nowhere = await folder.run(["mcp", "--dir", "/no/such/place"], registry: .standard)
    #expect(nowhere.status == 3)
    #expect(nowhere.err.contains("no such directory"))
    #expect(nowhere.out.isEmpty)
  }

  @Test("what is wrong with files goes beside the answers, not among them")
  func mistakes() async throws {
    let folder = try workspace()
    try folder.write("system: broken\nprotocol: nope\n", to: "adapters/broken.yaml")
    let input = #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_systems"}}"#
    let ran = await folder.run(["mcp"], input: input, registry: .standard)
    #expect(ran.status == 0)
    let systems = try lines(ran).first?["result"]?["structuredContent"]?["systems"]
    #expect(systems?[0]?["errors"]?[0]?.stringValue?.contains("nope") == true)
    #expect(try lines(ran).count == 1)
  }

  @Test("tools are written for those who take them")
  func export() async throws {
    let folder = try workspace()
    let openAI = await folder.run(["export", "tools", "--for", "openai"], registry: .standard)
    #expect(openAI.status == 0)
    let tools = try JSONParser.parse(openAI.out)
    #expect(tools[0]?["function"]?["name"] == "orders__count")
    #expect(tools[1]?["function"]?["parameters"]?["required"] == ["sku"])
    let one = await folder.run(
      ["export", "tools", "--for", "anthropic", "--read-only", "orders"], registry: .standard)
    #expect(try JSONParser.parse(one.out).arrayValue?.map { $0["name"] } == ["orders__count"])
    let none = await folder.run(["export", "tools", "--for", "nobody"], registry: .standard)
    #expect(none.status == 2)
    let unknown = await folder.run(
      ["export", "tools", "--for", "mcp", "ordrs"], registry: .standard)
    #expect(unknown.status == 2)
    #expect(unknown.err.contains("orders"))
  }

  @Test("lines that come in pieces, and too long ones, are read as what they are")
  func lineReader() async {
    let chunks = ["ab", "c\nde", "\n\nxxxxxx", "xxx\nf\n", "last"]
    let read = Counter()
    var input = Input(isTerminal: false) { _ in [] }
    input.next = {
      let position = read.next()
      return position < chunks.count ? Array(chunks[position].utf8) : nil
    }
    var lines: [String?] = []
    await LineReader(input, limit: 5).forEach { line in
      lines.append(line.map { String(decoding: $0, as: UTF8.self) })
    }
    #expect(lines == ["abc", "de", "", nil, "f", "last"])
  }
}
