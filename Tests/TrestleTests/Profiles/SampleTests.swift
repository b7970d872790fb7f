import Testing
import TrestleCore

@testable import Trestle

@Suite("Samples of what comes with Trestle")
struct SampleTests {
  /// The profiles, and the systems of the workspace at the repository's root without their answers.
  private static func systems() throws -> [LegacySystem] {
    let root = ExampleWorkspaceTests.root
    let context = LoadContext(root: root, directory: root + "/adapters", file: "adapters/test.yaml")
    var definitions = try TCPProfile.all.map { profile in
      let document = try YAMLReader.read("profile: \(profile.name)").first?.value.objectValue
      return AdapterDefinition(
        system: profile.name, protocolName: "custom_tcp", document: try #require(document))
    }
    for system in try Workspace.load(directory: root).systems {
      var document = system.definition.document
      document["mock"] = nil
      definitions.append(
        AdapterDefinition(
          system: system.name, protocolName: system.protocolName, document: document))
    }
    return definitions.map { LegacySystem($0, registry: .standard, context: context) }
  }

  /// A message as the peer gets it, through the frame.
  private static func sent(_ body: [UInt8], _ framing: (any Framing)?) throws -> [UInt8] {
    guard let framing else { return body }
    var decoder = framing.makeDecoder()
    decoder.append(try framing.frame(body))
    if let message = try decoder.next() { return message }
    return try #require(try decoder.finish())
  }

  @Test(
    "every operation has a sample that can be sent, and a mock without answers that is understood")
  func samples() throws {
    for system in try Self.systems() {
      let codec = try system.codec(), service = try system.mockService()
      var framing: (any Framing)?
      if case .framed(let own, _) = codec.wire { framing = own }
      for operation in system.contract.operations {
        let place: Comment = "\(system.name) \(operation.name)"
        let sample = SampleMaker.sample(for: operation.input, named: operation.name)
        #expect(SchemaValidator.issues(in: sample, against: operation.input).isEmpty, place)
        let call = Call(operation: operation.name, parameters: sample.objectValue ?? [:])
        do {
          var request = try codec.encode(call)
          request.body = try Self.sent(request.body, framing?.requests)
          let received = try codec.decode(request)
          #expect(received.operation == operation.name, place)
          guard !operation.isOneWay else { continue }
          guard case .now(var response) = service.handle(request) else {
            Issue.record("the mock gave no answer: \(place)")
            continue
          }
          response.body = try Self.sent(response.body, framing?.replies)
          let reply = try codec.decode(response, answering: call)
          #expect(reply.fault == nil, place)
          #expect(reply.warnings == [], place)
        } catch {
          Issue.record(error, "\(place)")
        }
      }
    }
  }
}
