/// A fault as a peer reports it, in any protocol.
public struct Fault: Error, Sendable, Hashable {
  /// The protocol's code: `Client` or `Sender` (SOAP), `-32601` (XML-RPC), a return code (TCP).
  ///
  /// A SOAP code outside the protocol's own set is written `{namespace}Name`.
  public var code: String
  /// SOAP 1.2 subcodes, outermost first, spelled as `code` is.
  public var subcodes: [String]
  /// The message meant for people.
  public var message: String
  /// The message's language by its tag (BCP 47), where the protocol says it (SOAP 1.2 Reason).
  public var language: String?
  /// The message in further languages, by their tags.
  public var translations: Record
  /// Who raised the fault, where the protocol says so (SOAP 1.1 faultactor, 1.2 Role).
  public var actor: String?
  /// Details in Trestle JSON; null when there are none.
  public var detail: Value
  /// Whether the mock engine made the fault because nothing it has fits the call.
  public var isUnmatched: Bool
  /// What the system's own documentation calls the fault, where its file says so: `ALREADY_STARTED`.
  public var name: String?
  /// What the fault means to the caller, where that is known.
  public var category: FaultCategory?
  /// Whether the same call may succeed later; nil where that is not known.
  public var isRetryable: Bool?

  /// Makes a fault; without detail unless some is given.
  public init(
    code: String, message: String, subcodes: [String] = [], actor: String? = nil,
    detail: Value = .null, isUnmatched: Bool = false
  ) {
    self.code = code
    self.subcodes = subcodes
    self.message = message
    language = nil
    translations = [:]
    self.actor = actor
    self.detail = detail
    self.isUnmatched = isUnmatched
    name = nil
    category = nil
    isRetryable = nil
  }

  /// The fault as Trestle JSON shows it: `code`, `message`, and what else there is.
  public var jsonValue: Value {
    var record: Record = ["code": .string(code), "message": .string(message)]
    if !subcodes.isEmpty { record["subcodes"] = .array(subcodes.map { .string($0) }) }
    if let language, language != "en" { record["language"] = .string(language) }
    if !translations.isEmpty { record["translations"] = .object(translations) }
    if let actor { record["actor"] = .string(actor) }
    if let name { record["name"] = .string(name) }
    if let category { record["category"] = .string(category.rawValue) }
    if let isRetryable { record["retryable"] = .bool(isRetryable) }
    if !detail.isNull { record["detail"] = detail }
    return .object(record)
  }
}
