import TrestleCore

extension MockDefinition {
  /// What each stub's state is kept under when the file is read again: its name, or its place; of stubs of the same
  /// name the second one has a number behind it.
  package var stubIdentities: [String] {
    var known: [String: Int] = [:]
    known.reserveCapacity(stubs.count)
    return stubs.indices.map { position in
      let name = stubs[position].identity ?? stubs[position].name ?? "stub \(position + 1)"
      known[name, default: 0] += 1
      let count = known[name] ?? 1
      return count == 1 ? name : "\(name) (\(count))"
    }
  }
}

extension StubSet.CompiledStub {
  /// The fault of a stub whose conditions or changes cannot be worked out.
  func failure(_ error: ExpressionError) -> Reply {
    Reply(
      fault: Fault(
        code: "Server",
        message: "the mock cannot tell what stub '\(name)' asks or sets: \(error.description)"),
      origin: "stub '\(name)'")
  }
}
