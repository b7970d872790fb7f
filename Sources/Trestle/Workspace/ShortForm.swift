internal import TrestleCore

/// The short form of a legacy system, `{NAME: {protocol_adapter: {type, port, responses}}}`, rewritten
/// as the long one: `type` is `protocol`, `port` is `mock.port`, `responses` is `mock.responses`.
enum ShortForm {
  /// The systems of a document; the document itself where it is in the long form.
  static func expand(
    _ record: Record, _ document: YAMLReader.Document
  ) -> [(name: String?, document: YAMLReader.Document)] {
    if let adapter = record["protocol_adapter"]?.objectValue {
      let at = ValuePath([.member("protocol_adapter")])
      return [(nil, rewrite(adapter, document, at: at))]
    }
    let isShort = record.members.contains { $0.value["protocol_adapter"]?.objectValue != nil }
    guard isShort, record["protocol"] == nil else { return [(nil, document)] }
    return record.members.map { member in
      guard let adapter = member.value["protocol_adapter"]?.objectValue else {
        var broken = document
        broken.value = .emptyObject
        broken.problems.append(
          ValueProblem(
            .error, "\"\(member.name)\" lacks \"protocol_adapter\"",
            at: ValuePath([.member(member.name)]), concernsName: true))
        return (member.name, broken)
      }
      let at = ValuePath([.member(member.name), .member("protocol_adapter")])
      return (member.name, rewrite(adapter, document, at: at))
    }
  }

  private static func rewrite(
    _ adapter: Record, _ document: YAMLReader.Document, at path: ValuePath
  ) -> YAMLReader.Document {
    var record = Record()
    var mock = adapter["mock"]?.objectValue ?? [:]
    for member in adapter {
      switch member.name {
      case "type": record["protocol"] = member.value
      case "port": mock["port"] = member.value
      case "responses": mock["responses"] = member.value
      case "mock": break
      default: record[member.name] = member.value
      }
    }
    record["mock"] = .object(mock)
    var rewritten = document
    rewritten.value = .object(record)
    rewritten.places = document.places.rerooted(at: path) { name in
      switch name {
      case "type": [.member("protocol")]
      case "port", "responses": [.member("mock"), .member(name)]
      default: [.member(name)]
      }
    }
    // What reading found wrong has places of the document as it stands.
    rewritten.problems = document.problems.map { problem in
      var problem = problem
      if problem.path.steps.starts(with: path.steps) {
        problem.path.steps.removeFirst(path.steps.count)
      }
      return problem
    }
    return rewritten
  }
}
