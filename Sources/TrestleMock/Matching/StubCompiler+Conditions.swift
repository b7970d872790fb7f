import TrestleCore

extension StubCompiler {
  /// Compiles what a stub asks beside its parameters; nil where it asks nothing.
  mutating func conditions(of stub: StubDefinition) -> StubConditions? {
    let parts = [stub.whenHeaders, stub.whenTransport, stub.whenXPath]
    guard parts.contains(where: { !$0.isEmpty }) else { return nil }
    var conditions = StubConditions()
    if !stub.whenHeaders.isEmpty {
      let path = stub.path.member("when_headers")
      if !contract.hasHeaders {
        problems.append(
          ValueProblem(
            .warning, "messages of \(contract.name) have no header blocks, so this never matches",
            at: path, hint: "header fields of HTTP are under when_transport.headers"))
      }
      conditions.headers = Matcher.compile(
        when: .object(stub.whenHeaders), parameters: .any, at: path, problems: &problems)
    }
    if !stub.whenTransport.isEmpty { conditions.transport = transport(of: stub) }
    if !stub.whenXPath.isEmpty { conditions.xpath = xpath(of: stub) }
    return conditions
  }

  private mutating func transport(of stub: StubDefinition) -> TransportCondition {
    var transport = TransportCondition()
    let path = stub.path.member("when_transport")
    for member in stub.whenTransport {
      let place = path.member(member.name)
      switch member.name {
      case "headers":
        for field in member.value.objectValue ?? [:] {
          transport.headers.append(
            (field.name, condition(field.value, at: place.member(field.name))))
        }
      case "method": transport.method = condition(member.value, at: place)
      case "path": transport.path = condition(member.value, at: place)
      case "peer": transport.peer = condition(member.value, at: place)
      default:
        let known = ["headers", "method", "path", "peer"]
        problems.append(
          ValueProblem(
            .error,
            "unknown key \"\(member.name)\""
              + Suggestion.clause(for: member.name, among: known), at: place,
            hint: "known: \(known.joined(separator: ", "))"))
        transport.method = .not(.any)
      }
    }
    return transport
  }

  private mutating func xpath(of stub: StubDefinition) -> [XPathCondition] {
    let path = stub.path.member("when_xpath")
    return stub.whenXPath.members.map { member in
      let place = path.member(member.name)
      let matcher = condition(member.value, at: place)
      do throws(WireXPathProblem) {
        guard let xpath else { throw WireXPathProblem("XPath is not available here") }
        return XPathCondition(
          expression: member.name, compiled: try xpath.compile(member.name), matcher: matcher)
      } catch {
        problems.append(
          ValueProblem(.error, error.reason, at: place, hint: error.hint, concernsName: true))
        return XPathCondition(
          expression: member.name, compiled: BrokenXPath(), matcher: .not(.any))
      }
    }
  }

  private mutating func condition(_ value: Value, at path: ValuePath) -> Matcher {
    Matcher.compile(condition: value, schema: Self.text, at: path, problems: &problems)
  }

  private static let text = Schema(
    .scalar(ScalarSchema(kind: .string, form: .string, typeName: "text")))
}

/// Stands for an expression that could not be compiled: its stub answers nothing.
private struct BrokenXPath: CompiledXPath {
  func value(in document: any WireXMLDocument) -> WireXPathResult { .failure("is no XPath") }
}
