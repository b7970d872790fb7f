package import TrestleCore

extension JournalEntry {
  /// Reads an entry as `jsonValue` shows it; nil for anything else.
  package init?(json value: Value) {
    guard let id = value["id"]?.integerValue, let system = value["system"]?.stringValue,
      let outcome = value["outcome"]?.stringValue.flatMap({ Outcome(rawValue: $0) }),
      let time = value["time"]?.stringValue, let moment = WallTime(iso8601: time)
    else { return nil }
    func text(_ name: String) -> String? { value[name]?.stringValue }
    let milliseconds = value["milliseconds"]?.scalarText.flatMap { Double($0) } ?? 0
    let request = value["request"]
    self.init(
      id: id, start: moment.milliseconds * 1000,
      duration: .microseconds(Int64((milliseconds * 1000).rounded())), system: system,
      operation: text("operation"), outcome: outcome, origin: text("origin"),
      scope: text("scope"), peer: text("peer"), parameters: value["parameters"] ?? .null,
      callHeaders: value["headers"]?.objectValue ?? [:], value: value["value"],
      fault: value["fault"], replyHeaders: value["reply_headers"]?.objectValue ?? [:],
      nearMiss: text("near_miss"), error: text("error"),
      warnings: value["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? [],
      method: request?["method"]?.stringValue, target: request?["target"]?.stringValue,
      status: value["status"]?.integerValue.flatMap { Int(exactly: $0) },
      request: request.map { Message(json: $0) },
      response: value["response"].map { Message(json: $0) })
  }
}

extension JournalEntry.Message {
  fileprivate init(json value: Value) {
    self.init()
    size = value["size"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    for field in value["headers"]?.arrayValue ?? [] {
      guard let name = field["name"]?.stringValue, let text = field["value"]?.stringValue else {
        continue
      }
      headers.append(name: name, value: text)
    }
    if let text = value["text"]?.stringValue {
      body = Array(text.utf8)
    } else if let text = value["base64"]?.stringValue {
      body = Base64.decode(text.utf8) ?? []
    }
  }
}
