internal import Synchronization
internal import TrestleCore

/// The bodies that answers have where nobody says another, each made once.
final class ReplySamples: Sendable {
  private struct Key: Hashable {
    var operation: String
    var status: String
    var type: String
    var example: String?
  }

  private let made = Mutex<[Key: Value?]>([:])

  /// The body of a response: an example of that name, else the first that the schema allows, else one
  /// made of the schema. Nil where nothing is said of a body.
  func value(
    of content: MediaContent, in response: RESTResponse, of operation: String,
    example: String? = nil
  ) -> Value? {
    let key = Key(
      operation: operation, status: response.statuses.text, type: content.type.written,
      example: example)
    if let known = made.withLock({ $0[key] }) { return known }
    let value = Self.make(content, named: operation, example: example)
    made.withLock { $0[key] = .some(value) }
    return value
  }

  static func make(
    _ content: MediaContent, named name: String, example: String? = nil
  ) -> Value? {
    if let example, let asked = content.examples.first(where: { $0.name == example }) {
      return asked.value
    }
    guard let schema = content.schema else { return content.examples.first?.value }
    for example in content.examples where schema.mayShow(example.value, for: .response) {
      return example.value
    }
    // A text may show a body of another media type, which no schema says.
    if content.type.form == .text, let shown = content.examples.first?.value { return shown }
    return schema.sample(for: .response, named: name)
  }
}
