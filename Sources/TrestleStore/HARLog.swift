public import TrestleCore

/// Calls as an HTTP archive, HAR 1.2, which browsers and HTTP tools read.
///
/// Calls of framed protocols are in it too, as exchanges of a scheme `tcp`, their bytes as base64
/// where they are no text. What HAR has no field for stands in fields that begin with `_`, as it allows.
public enum HARLog {
  /// The archive of some calls, in the order given.
  public static func value(of entries: [JournalEntry], creator: String) -> Value {
    [
      "log": [
        "version": "1.2", "creator": ["name": "trestle", "version": .string(creator)],
        "entries": .array(entries.map(entry)),
      ]
    ]
  }

  /// One call as an entry of an archive.
  package static func entry(_ entry: JournalEntry) -> Value {
    let milliseconds = Value.double(entry.milliseconds)
    var record: Record = [
      "startedDateTime": .string(entry.time), "time": milliseconds,
      "request": request(entry), "response": response(entry), "cache": [:],
      "timings": ["send": 0, "wait": milliseconds, "receive": 0],
      "_id": .integer(entry.id), "_system": .string(entry.system),
      "_outcome": .string(entry.outcome.rawValue),
    ]
    if let operation = entry.operation { record["_operation"] = .string(operation) }
    if let origin = entry.origin { record["_origin"] = .string(origin) }
    if let nearMiss = entry.nearMiss { record["_near_miss"] = .string(nearMiss) }
    if let error = entry.error { record["_error"] = .string(error) }
    return .object(record)
  }

  private static func request(_ entry: JournalEntry) -> Value {
    let message = entry.request ?? JournalEntry.Message()
    let isFramed = entry.method == nil
    let host = message.headers["Host"] ?? entry.system
    let url =
      isFramed
      ? "tcp://\(entry.system)/\(entry.operation ?? "")" : "http://\(host)\(entry.target ?? "/")"
    var record: Record = [
      "method": .string(entry.method ?? "SEND"), "url": .string(url),
      "httpVersion": .string(isFramed ? "tcp" : "HTTP/1.1"), "cookies": [],
      "headers": headers(message), "queryString": query(entry.target),
      "headersSize": -1, "bodySize": .integer(Int64(message.size)),
    ]
    guard !message.body.isEmpty else { return .object(record) }
    var data: Record = ["mimeType": .string(type(message))]
    if let text = message.body.readableText {
      data["text"] = .string(text)
    } else {
      data["text"] = .string(Base64.encode(message.body))
      // HAR has an encoding for replies only.
      data["_encoding"] = "base64"
    }
    data["params"] = []
    record["postData"] = .object(data)
    return .object(record)
  }

  private static func response(_ entry: JournalEntry) -> Value {
    let message = entry.response ?? JournalEntry.Message()
    let isFramed = entry.method == nil
    var content: Record = [
      "size": .integer(Int64(message.size)), "mimeType": .string(type(message)),
    ]
    if let text = message.body.readableText {
      content["text"] = .string(text)
    } else {
      content["text"] = .string(Base64.encode(message.body))
      content["encoding"] = "base64"
    }
    let status = entry.status ?? (isFramed && entry.response != nil ? 200 : 0)
    return [
      "status": .integer(Int64(status)), "statusText": .string(entry.outcome.rawValue),
      "httpVersion": .string(isFramed ? "tcp" : "HTTP/1.1"), "cookies": [],
      "headers": headers(message), "content": .object(content), "redirectURL": "",
      "headersSize": -1, "bodySize": .integer(Int64(message.size)),
    ]
  }

  private static func headers(_ message: JournalEntry.Message) -> Value {
    .array(
      message.headers.fields.map { ["name": .string($0.name), "value": .string($0.value)] })
  }

  private static func query(_ target: String?) -> Value {
    guard let target, let mark = target.firstIndex(of: "?") else { return [] }
    return .array(
      target[target.index(after: mark)...].split(separator: "&").map { part in
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return [
          "name": .string(String(pair[0])), "value": .string(pair.count > 1 ? String(pair[1]) : ""),
        ]
      })
  }

  private static func type(_ message: JournalEntry.Message) -> String {
    message.headers["Content-Type"] ?? "application/octet-stream"
  }
}
