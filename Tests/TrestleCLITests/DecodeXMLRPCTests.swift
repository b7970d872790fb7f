import Testing
import Trestle

@testable import TrestleCLI

@Suite("trestle decode, of XML-RPC")
struct DecodeXMLRPCTests {
  private func ran(_ command: String, isStrict: Bool, _ input: String) async throws -> Ran {
    let directory = try TemporaryDirectory([
      "adapters/x.yaml": """
      system: x
      protocol: xml_rpc
      endpoint: http://127.0.0.1:9/RPC2
      strict: \(isStrict)
      methods:
        sum: { params: [{ name: a, type: int }], returns: int }

      """
    ])
    return await directory.run(
      command.split(separator: " ").map(String.init), input: input, registry: .standard)
  }

  private func call(_ value: String) -> String {
    "<methodCall><methodName>sum</methodName><params><param><value>\(value)</value></param></params>"
      + "</methodCall>"
  }

  private func reply(_ value: String) -> String {
    "<methodResponse><params><param><value>\(value)</value></param></params></methodResponse>"
  }

  @Test("a body alone is taken for XML, in strict systems too", arguments: [false, true])
  func bareBody(_ isStrict: Bool) async throws {
    let ran = try await ran("decode x", isStrict: isStrict, call("<int>7</int>"))
    #expect(
      ran == Ran(status: 0, out: #"{"operation":"sum","parameters":{"a":7}}"# + "\n", err: ""))
  }

  @Test("--strict ends with what is a warning otherwise")
  func strict() async throws {
    for (command, input) in [
      ("decode x", call("<int> 7 </int>")), ("decode x sum --reply", reply("<int> 7 </int>")),
    ] {
      let lenient = try await ran(command, isStrict: false, input)
      #expect(lenient.status == 0)
      #expect(lenient.err.contains("white space around the text of <int>"))
      let strict = try await ran("--strict " + command, isStrict: false, input)
      #expect(strict.status == 5)
      #expect(strict.out == "")
      #expect(strict.err.contains("without --strict this is a warning, and the message is taken"))
    }
  }
}
