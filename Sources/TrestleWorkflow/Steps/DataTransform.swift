internal import TrestleCore

/// What makes other data of data: a map by paths, a template, JSON from XML or back, or a service.
struct DataTransform: Sendable {
  enum Way: Sendable {
    /// Each member by an expression.
    case map([(name: String, expression: Expression)])
    case template(ContextTemplate)
    /// A text of XML, of data.
    case xml(root: String)
    /// Data, of a text of XML or JSON.
    case json
    /// What a service answers to it.
    case service(String, endpoint: String)
    /// As it is.
    case same
  }

  /// What it works on; nil for the context as a whole.
  var input: ContextTemplate?
  var from: Expression?
  var way: Way

  var templates: [ContextTemplate] {
    var templates = [input].compactMap { $0 }
    if case .template(let template) = way { templates.append(template) }
    return templates
  }

  init(_ record: Record, at path: ValuePath, problems: inout [ValueProblem]) {
    input = record["input"].map { ContextTemplate($0, at: path.member("input")) }
    var reader = StepReader()
    from = reader.expression(record["from"], at: path.member("from"))
    way = .same
    let ways = ["map", "template", "to", "service"].filter { record[$0] != nil }
    if ways.count > 1 {
      problems.append(
        ValueProblem(
          .error, "\(path) says two ways to transform: \(ways.joined(separator: " and "))",
          at: path.member(ways[1]), hint: "one step makes one thing of another"))
    }
    switch ways.first {
    case "map":
      way = .map(
        (record["map"]?.objectValue ?? [:]).compactMap { member in
          reader.expression(member.value, at: path.member("map").member(member.name))
            .map { (member.name, $0) }
        })
    case "template":
      way = .template(ContextTemplate(record["template"] ?? .null, at: path.member("template")))
    case "to":
      switch record["to"]?.scalarText {
      case "xml": way = .xml(root: record["root"]?.scalarText ?? "data")
      case "json": way = .json
      default:
        problems.append(
          ValueProblem(
            .error, "\(path.member("to")) expects xml or json", at: path.member("to")))
      }
    case "service":
      way = .service(
        record["service"]?.scalarText ?? "",
        endpoint: record["endpoint"]?.scalarText ?? "/transform"
      )
    default: break
    }
    problems += reader.problems
  }
}
