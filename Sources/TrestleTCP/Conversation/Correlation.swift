internal import TrestleCore

/// How a reply finds its request on a shared connection.
struct Correlation: Sendable {
  /// One field that both carry.
  struct Part: Sendable {
    var request: ValuePath
    var reply: ValuePath
    /// Whether messages may lack it: it is compared only when both have it.
    var isOptional: Bool
  }

  /// Empty where replies come in the order of their requests.
  let parts: [Part]

  /// Whether every request has a connection of its own.
  private(set) var isByConnection = false

  static let byOrder = Correlation(parts: [])

  static let byConnection: Correlation = {
    var correlation = Correlation(parts: [])
    correlation.isByConnection = true
    return correlation
  }()

  var isByOrder: Bool { parts.isEmpty }

  /// The key of a request; nil when it lacks a field of it, or replies come in order.
  ///
  /// `type` is the kind of message that its reply will be, where messages say their kind.
  func requestKey(of message: Value, type: CorrelationKey.Field? = nil) -> CorrelationKey? {
    let key = key(of: message, type, isReply: false)
    return key?.index == nil ? nil : key
  }

  /// The key of a reply; nil when replies come in order.
  ///
  /// A reply that lacks a field has a key that pairs with no request and says so: it must not be taken
  /// for the answer to whatever was asked first, and a timeout's message shows it.
  ///
  /// `type` is the kind of message it is, where messages say their kind.
  func replyKey(of message: Value, type: CorrelationKey.Field? = nil) -> CorrelationKey? {
    key(of: message, type, isReply: true)
  }

  private func key(
    of message: Value, _ type: CorrelationKey.Field?, isReply: Bool
  ) -> CorrelationKey? {
    guard !isByOrder else { return nil }
    return CorrelationKey(
      (type.map { [$0] } ?? [])
        + parts.map { part in
          let path = isReply ? part.reply : part.request
          let text = message[at: path]?.content.scalarText.flatMap { $0.isEmpty ? nil : $0 }
          return CorrelationKey.Field(path.written, text, isOptional: part.isOptional)
        })
  }

  /// Copies the fields of a request into its reply.
  func copy(from request: Value, into reply: inout Value) {
    for part in parts {
      if let value = request[at: part.request]?.content { reply.set(value, at: part.reply) }
    }
  }

  /// The correlation with its paths as messages have them.
  func relocated(_ place: (ValuePath) -> ValuePath) -> Correlation {
    guard !parts.isEmpty else { return self }
    return Correlation(
      parts: parts.map {
        Part(request: place($0.request), reply: place($0.reply), isOptional: $0.isOptional)
      })
  }

  // MARK: Definition

  /// Reads `order`, `{key: PATH}`, `{key: [PATH, "PATH?"]}` or `{request: PATH, reply: PATH}`.
  init?(_ value: Value, at path: ValuePath, problems: inout [ValueProblem]) {
    if let word = value.stringValue {
      let words = ["order", "connection"]
      guard words.contains(word) else {
        problems.error(
          "unknown correlation \"\(word)\"" + Suggestion.clause(for: word, among: words), at: path,
          hint: "give order, connection, {key: PATH} or {request: PATH, reply: PATH}")
        return nil
      }
      self = word == "order" ? .byOrder : .byConnection
      return
    }
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let key = keys.value("key"), request = keys.value("request"), reply = keys.value("reply")
    keys.finish("correlate", problems: &problems)
    var parts: [Part] = []
    switch (key, request, reply) {
    case (let key?, nil, nil):
      let isList = key.arrayValue != nil
      for (position, item) in (key.arrayValue ?? [key]).enumerated() {
        let place = isList ? path.member("key").item(position) : path.member("key")
        guard
          let (field, isOptional) = Self.field(item, at: place, problems: &problems)
        else { return nil }
        parts.append(Part(request: field, reply: field, isOptional: isOptional))
      }
    case (nil, let request?, let reply?):
      guard
        let (request, _) = Self.field(
          request, at: path.member("request"), problems: &problems),
        let (reply, _) = Self.field(reply, at: path.member("reply"), problems: &problems)
      else { return nil }
      parts.append(Part(request: request, reply: reply, isOptional: false))
    default: break
    }
    guard parts.contains(where: { !$0.isOptional }) else {
      problems.error(
        "correlate does not say which field pairs a reply with its request", at: path,
        hint: "give order, {key: PATH} or {request: PATH, reply: PATH}")
      return nil
    }
    self.parts = parts
  }

  private init(parts: [Part]) { self.parts = parts }

  private static func field(
    _ value: Value, at path: ValuePath, problems: inout [ValueProblem]
  ) -> (path: ValuePath, isOptional: Bool)? {
    guard var text = (value.stringValue ?? value.integerValue.map { String($0) })?.trimmed,
      !text.isEmpty
    else {
      problems.error("expects the path of a field, found \(value)", at: path)
      return nil
    }
    let isOptional = text.hasSuffix("?")
    if isOptional { text = String(text.dropLast()) }
    if let field = ValuePath(numbered: text) { return (field, isOptional) }
    guard let expression = Expression.compile(text, at: path, problems: &problems) else {
      return nil
    }
    guard let field = expression.path else {
      problems.error("\(text) is no path of a field", at: path)
      return nil
    }
    return (field, isOptional)
  }
}
