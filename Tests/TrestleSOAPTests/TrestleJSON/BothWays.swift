import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// Holds one row of Trestle JSON: the element reads as exactly this JSON text, in a request and in a
/// reply; the text is what callers may give; it is written as valid XML that means the same as the
/// element, and is read back as it was.
func expectBothWays(
  _ element: String, _ json: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let codec = GalleryContract.codec()
  let wire = GalleryContract.request(element)
  let read = try codec.decode(wire)
  #expect(JSONWriter.text(.object(read.parameters)) == json, sourceLocation: sourceLocation)
  #expect(read.warnings == [], sourceLocation: sourceLocation)
  #expect(
    XMLComparison.difference(wire.body, try codec.encode(read).body) == nil,
    "xml → json → xml", sourceLocation: sourceLocation)

  let given = try GalleryContract.call(read.operation, json)
  let input = try #require(codec.contract.operation(named: read.operation)?.input)
  let issues = SchemaValidator.issues(in: .object(given.parameters), against: input)
  #expect(issues.map(\.description) == [], sourceLocation: sourceLocation)
  let written = try codec.encode(given)
  #expect(
    JSONWriter.text(.object(try codec.decode(written).parameters)) == json, "json → xml → json",
    sourceLocation: sourceLocation)
  let problems = try ContractValidator(GalleryContract.definitions)
    .problems(inEnvelope: written.body)
  #expect(problems.map(\.message) == [], sourceLocation: sourceLocation)

  let response = try codec.encode(.value(.object(given.parameters)), answering: read)
  #expect(
    XMLComparison.difference(wire.body, response.body) == nil, "the reply",
    sourceLocation: sourceLocation)
  let reply = try codec.decode(response, answering: given)
  #expect(reply.value.map { JSONWriter.text($0) } == json, sourceLocation: sourceLocation)
}

/// Holds that parameters are refused with their place, by whoever writes them.
func expectUnwritable(
  _ operation: String, _ json: String, _ path: String, _ reason: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let call = try GalleryContract.call(operation, json)
  let error = try #require(throws: CodecError.self, sourceLocation: sourceLocation) {
    try GalleryContract.codec().encode(call)
  }
  #expect(error.path == path, "\(error)", sourceLocation: sourceLocation)
  #expect(error.description.contains(reason), "\(error)", sourceLocation: sourceLocation)
}

/// Holds that parameters are refused with their place before anything is written.
func expectInvalid(
  _ operation: String, _ json: String, _ path: String, _ reason: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let call = try GalleryContract.call(operation, json)
  let input = try #require(GalleryContract.codec().contract.operation(named: operation)?.input)
  let issues = SchemaValidator.issues(in: .object(call.parameters), against: input)
  let found = issues.contains { $0.path == path && $0.description.contains(reason) }
  #expect(found, "\(issues)", sourceLocation: sourceLocation)
}

/// Holds that an element is refused with its place.
func expectUnreadable(
  _ element: String, _ path: String, _ reason: String, isStrict: Bool = false,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let error = try #require(throws: CodecError.self, sourceLocation: sourceLocation) {
    try GalleryContract.codec(isStrict: isStrict).decode(GalleryContract.request(element))
  }
  #expect(error.path == path, "\(error)", sourceLocation: sourceLocation)
  #expect(error.description.contains(reason), "\(error)", sourceLocation: sourceLocation)
}

extension Schema {
  /// The names of an object's members, in order.
  var objectMemberNames: [String] {
    if case .object(let object) = resolved.shape { object.members.map(\.name) } else { [] }
  }
}
