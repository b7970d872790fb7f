internal import Trestle

/// The query of a request, held against what its route takes.
struct APIQuery: Sendable {
  private var values: [String: [String]] = [:]

  init() {}

  /// Reads `name=value&…`.
  ///
  /// - Throws: `APIError` for a name the route does not take, a value that is none of its kind, and a
  ///   name that stands twice.
  init(_ text: Substring, for parameters: [Parameter]) throws(APIError) {
    let known = parameters.filter { $0.place == .query }
    for part in text.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = Self.decoded(pair[0])
      let value = pair.count > 1 ? Self.decoded(pair[1]) : ""
      guard let parameter = known.first(where: { $0.name == name }) else {
        throw Self.unknown(name, among: known.map(\.name))
      }
      if let expected = parameter.kind.refusal(of: value) {
        throw APIError(400, .unreadable, "\(name) expects \(expected), found \"\(value)\"")
      }
      guard parameter.isRepeated || values[name] == nil else {
        throw APIError(400, .unreadable, "\(name) stands twice in the query")
      }
      values[name, default: []].append(value)
    }
  }

  private static func unknown(_ name: String, among known: [String]) -> APIError {
    APIError(
      400, .unreadable,
      "unknown query parameter \"\(name)\"" + Suggestion.clause(for: name, among: known),
      hint: known.isEmpty ? "there are none here" : "known here: \(known.joined(separator: ", "))",
      known: known)
  }

  /// A form's `+` is a blank (URL standard, application/x-www-form-urlencoded).
  private static func decoded(_ text: Substring) -> String {
    PercentEncoding.decoded(text.utf8.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 })
  }

  /// A parameter's value; nil when it is left out.
  subscript(name: String) -> String? { values[name]?.first }

  /// All values of a parameter that may stand often.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  func integer(_ name: String) -> Int64? { self[name].flatMap { Int64($0) } }

  /// `?name`, `?name=true`; false when it is left out.
  func flag(_ name: String) -> Bool { self[name].map { $0.isEmpty || $0 == "true" } ?? false }
}
