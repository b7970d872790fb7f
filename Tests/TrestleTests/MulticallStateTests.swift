import Testing
import Trestle
import TrestleCore

@Suite("State in a multicall")
struct MulticallStateTests {
  @Test("its calls are of the scope that the request names; raw bytes in it are a fault")
  func multicall() throws {
    let files = try TemporaryWorkspace([
      "adapters/shop.yaml": """
      protocol: xml_rpc
      methods: { pay: { params: [id], returns: any }, ship: { params: [id], returns: any } }
      mock:
        responses: { pay: "{{counter('n')}}" }
        stubs: [{ operation: ship, raw: x }]
      """
    ])
    let service = try files.load(.standard).system(named: "shop").mockService()
    func results(scope: String) throws -> Value? {
      let call = Call(
        operation: "system.multicall",
        parameters: [
          "params": [
            [
              ["methodName": "pay", "params": [1]], ["methodName": "pay", "params": [1]],
              ["methodName": "ship", "params": [1]],
            ]
          ]
        ])
      var request = try service.codec.encode(call)
      request.headers["X-Trestle-Scope"] = scope
      guard case .now(let response) = service.handle(request) else { return nil }
      return try service.codec.decode(response, answering: call).value
    }
    let first = try results(scope: "a")
    #expect(first?[0]?[0] == 1 && first?[1]?[0] == 2)
    #expect(first?[2]?["faultString"]?.stringValue?.contains("no multicall can hold") == true)
    #expect(try results(scope: "b")?[0]?[0] == 1)
    #expect(try results(scope: "a")?[0]?[0] == 3)
  }
}
