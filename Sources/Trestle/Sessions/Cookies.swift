internal import TrestleCore

/// The cookies of one service (RFC 6265), for as long as its session lasts.
///
/// They go to the endpoint alone, so that domains and paths have nothing to decide.
struct Cookies: Sendable {
  private var values: [(name: String, value: String)] = []

  /// More than any service needs: what it sets must not grow without end.
  private static let maximumCount = 50
  private static let maximumLength = 4096

  /// The value of a `Cookie` field; nil without cookies.
  var field: String? {
    values.isEmpty ? nil : values.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
  }

  /// Takes up the `Set-Cookie` fields of a response.
  mutating func keep(_ headers: Headers) {
    for field in headers.fields where field.name.isEqualIgnoringCase("Set-Cookie") {
      keep(field.value)
    }
  }

  private mutating func keep(_ text: String) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { return }
    let name = Self.trimmed(pair[..<equals])
    let value = Self.trimmed(pair[pair.index(after: equals)...])
    guard !name.isEmpty, name.utf8.count + value.utf8.count <= Self.maximumLength else { return }
    values.removeAll { $0.name == name }
    // Max-Age=0 takes a cookie back; so does PHP's way, an empty value with a date long past.
    let isTakenBack = parts.dropFirst().contains { part in
      let attribute = part.split(separator: "=", maxSplits: 1).map(Self.trimmed)
      guard attribute.count == 2, attribute[0].isEqualIgnoringCase("Max-Age") else { return false }
      return Int(attribute[1]).map { $0 <= 0 } ?? false
    }
    guard !isTakenBack, value != "deleted", values.count < Self.maximumCount else { return }
    values.append((name, value))
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}
