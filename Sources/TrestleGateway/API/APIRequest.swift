internal import HTTPTypes
internal import Trestle

/// A request as routes see it: its path and query are read and checked, its body is still bytes.
struct APIRequest: Sendable {
  /// What stands in the places of the route's path, percent-decoded.
  var names: [String: String] = [:]
  var query = APIQuery()
  var body: [UInt8] = []
  /// The header fields, all of them.
  var fields = HTTPFields()
  /// The method as it was sent: HEAD where a GET is answered without its body.
  var method = "GET"
  /// What its client may do.
  var grant = Grant.whole

  /// How deep a body's arrays and objects may nest.
  static let greatestDepth = 64

  /// What stands in a place of the path; the route's own path has it.
  func name(_ place: String) -> String { names[place] ?? "" }

  /// The system that the path names.
  var system: String { name("system") }

  /// The scope that the query names; nil for the shared one.
  var scope: String? { query["scope"].flatMap { $0.isEmpty ? nil : $0 } }

  /// The value of a header field; nil when it is left out.
  func field(_ name: HTTPField.Name?) -> String? { name.flatMap { fields[$0] } }

  /// All values of a header field by its name, in order; none for what is no name.
  func values(of name: String) -> [String] {
    HTTPField.Name(name).map { fields[values: $0] } ?? []
  }

  /// The body as JSON.
  ///
  /// - Throws: `APIError` with the place of the mistake.
  func json(maximumDepth: Int = greatestDepth) throws(APIError) -> Value {
    do throws(JSONError) {
      return try JSONParser.parse(
        body, maximumDepth: maximumDepth, refusesRepeatedNames: true)
    } catch {
      throw APIError(400, .unreadable, "the body is no JSON: \(error)")
    }
  }

  /// The body as a JSON object of some keys; an empty one where there is no body.
  ///
  /// - Throws: `APIError` with everything that is wrong with it.
  func object(_ keys: [AdapterKey]) throws(APIError) -> Record {
    guard !body.isEmpty else { return [:] }
    let value = try json()
    guard let record = value.objectValue else {
      throw APIError(422, .invalid, "the body is an object, found \(value.kindName)", path: "")
    }
    var checker = DocumentChecker(of: "the body")
    checker.check(record, keys: keys)
    let problems = checker.problems.map { MockProblem($0) }
    guard problems.isEmpty else {
      throw APIError(
        422, .invalid, problems[0].message, hint: problems[0].hint, path: problems[0].pointer,
        problems: problems)
    }
    return record
  }
}
