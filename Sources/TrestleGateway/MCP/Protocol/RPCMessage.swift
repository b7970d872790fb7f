internal import Trestle

/// What a request is answered under: a text or a number, echoed as it came.
struct RPCID: Sendable, Hashable {
  let value: Value

  /// Nil for what is no id.
  init?(_ value: Value?) {
    switch value {
    case .string?, .integer?, .number?: self.value = value ?? .null
    default: return nil
    }
  }
}

/// A message of JSON-RPC 2.0 that a client sends.
struct RPCMessage: Sendable {
  enum Kind: Sendable, Hashable {
    case request(RPCID)
    case notification
    /// An answer to something that was never asked: this server asks nothing.
    case response
  }

  var kind: Kind
  var method: String
  var parameters: Record

  /// Why bytes are no message, and the id that could be read all the same.
  struct Mistake: Error, Sendable {
    var error: MCPError
    var id: RPCID?
  }

  /// How deep a message may nest.
  private static let greatestDepth = 96

  /// Reads one message.
  init(_ bytes: [UInt8]) throws(Mistake) {
    let content: Value
    do throws(JSONError) {
      content = try JSONParser.parse(bytes, maximumDepth: Self.greatestDepth)
    } catch {
      throw Mistake(error: .unreadable("this is no JSON: \(error)"))
    }
    try self.init(content)
  }

  init(_ content: Value) throws(Mistake) {
    guard let message = content.objectValue else {
      throw Mistake(
        error: .noRequest(
          content.arrayValue == nil
            ? "a message is an object, found \(content.kindName)"
            : "messages are sent one at a time, not as a batch"))
    }
    let id = RPCID(message["id"])
    guard message["jsonrpc"] == "2.0" else {
      throw Mistake(error: .noRequest("a message says \"jsonrpc\": \"2.0\""), id: id)
    }
    if message["method"] == nil, id != nil, message["result"] != nil || message["error"] != nil {
      kind = .response
      method = ""
      parameters = [:]
      return
    }
    guard case .string(let method)? = message["method"] else {
      throw Mistake(error: .noRequest("a request names its method"), id: id)
    }
    if message["id"] != nil, id == nil {
      throw Mistake(error: .noRequest("an id is a text or a number"))
    }
    switch message["params"] {
    case nil: parameters = [:]
    case .object(let record)?: parameters = record
    case let other?:
      throw Mistake(
        error: .wrongParameters("params are an object, found \(other.kindName)"), id: id)
    }
    self.method = method
    kind = id.map { .request($0) } ?? .notification
  }

  /// What the request says about itself.
  var meta: Record { parameters["_meta"]?.objectValue ?? [:] }

  /// The revision that the request says it is of; nil where it says nothing.
  var version: Value? { meta[MCPMeta.protocolVersion] }

  /// What progress is told under; nil where nobody wants to know.
  var progressToken: Value? {
    RPCID(meta["progressToken"])?.value
  }

  static func notification(_ method: String, _ parameters: Record = [:]) -> Value {
    var message: Record = ["jsonrpc": "2.0", "method": .string(method)]
    if !parameters.isEmpty { message["params"] = .object(parameters) }
    return .object(message)
  }
}
