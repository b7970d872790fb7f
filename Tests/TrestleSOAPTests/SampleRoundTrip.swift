import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// Takes every operation of a contract through both roles with samples: what is written is valid by
/// the contract's schemas, is read back as it was, and is written again the same.
func expectSamplesRoundTrip(
  _ definitions: WSDLDefinitions, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let codec = SOAPCodec(definitions)
  let validator = try ContractValidator(definitions)
  #expect(!codec.contract.operations.isEmpty, sourceLocation: sourceLocation)
  for operation in codec.contract.operations {
    var call = Call(operation: operation.name)
    let sample = SampleMaker.sample(for: operation.input, named: operation.name)
    if case .object(let record) = sample { call.parameters = record }
    let request = try codec.encode(call)
    #expect(
      try validator.problems(inEnvelope: request.body).map(\.message) == [],
      sourceLocation: sourceLocation)
    let decoded = try codec.decode(request)
    #expect(
      Value.object(decoded.parameters).withoutEmptyLists
        == Value.object(call.parameters).withoutEmptyLists, sourceLocation: sourceLocation)
    #expect(decoded.warnings == [], sourceLocation: sourceLocation)
    #expect(
      XMLComparison.difference(request.body, try codec.encode(decoded).body) == nil,
      sourceLocation: sourceLocation)
    guard !operation.isOneWay else { continue }
    let output = SampleMaker.sample(for: operation.output, named: operation.name)
    let response = try codec.encode(.value(output), answering: decoded)
    #expect(
      try validator.problems(inEnvelope: response.body).map(\.message) == [],
      sourceLocation: sourceLocation)
    let reply = try codec.decode(response, answering: call)
    #expect(
      reply.value?.withoutEmptyLists == output.withoutEmptyLists, sourceLocation: sourceLocation)
  }
}

extension Value {
  /// The value without empty lists: a list of which nothing came is `[]` whether or not it was given.
  fileprivate var withoutEmptyLists: Value {
    switch self {
    case .array(let items): .array(items.map(\.withoutEmptyLists))
    case .object(let record):
      .object(
        Record(
          record.members.filter { $0.value != .array([]) }.map {
            Record.Member(name: $0.name, value: $0.value.withoutEmptyLists)
          }))
    default: self
    }
  }
}
