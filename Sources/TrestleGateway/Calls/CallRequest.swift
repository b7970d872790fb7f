internal import HTTPTypes
internal import Trestle

/// What a request says about the call that it asks for, beside its parameters.
struct CallRequest: Sendable {
  /// The longest it may take; nil leaves it to the system's file.
  var timeout: Duration?
  /// Where it goes; nil leaves it to the system's file.
  var mode: CallMode?
  /// The scope of the mock's state.
  var scope: String?
  /// Whether the answer tells of what came beside the value.
  var wantsEnvelope = false
  var idempotencyKey: String?

  static let modeField = "X-Trestle-Mode"
  static let scopeField = "X-Trestle-Scope"
  static let timeoutField = "X-Trestle-Timeout"
  static let callField = "X-Trestle-Call-Id"
  static let keyField = "Idempotency-Key"
  static let replayedField = "Idempotency-Replayed"

  // Made once: a name is checked when it is made.
  private static let modeName = HTTPField.Name(modeField)
  private static let scopeName = HTTPField.Name(scopeField)
  private static let timeoutName = HTTPField.Name(timeoutField)
  private static let keyName = HTTPField.Name(keyField)

  /// What a request may say, for its route.
  static let parameters: [Parameter] = [
    .query(
      "mode", "Where the call goes, as \(modeField).",
      as: .oneOf(CallMode.allCases.map(\.rawValue))),
    .query(
      "envelope",
      "Whether the answer is an object with the value, the reply's header blocks and warnings.",
      as: .flag),
    .header(
      modeField, "Where the call goes: to the live system or to its mock.",
      as: .oneOf(CallMode.allCases.map(\.rawValue))),
    .header(scopeField, "The scope of the mock's state that the call is of.", as: fieldText),
    .header(timeoutField, "The longest the call may take: 500ms, 2s, 1m.", as: .duration),
    .header(
      keyField,
      "What tells this request from all others of the operation: the same key gets the same answer.",
      as: key),
  ]

  private static let fieldText = Parameter.Kind.written(
    pattern: "^[!-~]([ -~]{0,253}[!-~])?$", expectation: "1 to 255 printable characters of ASCII"
  ) { text in
    (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// A string of structured fields (RFC 8941 §3.3.3), as the draft has it; its quotes may be left out.
  private static let key = Parameter.Kind.written(
    pattern: #"^("[!#-\[\]-~]{1,253}"|[!#-\[\]-~]{1,255})$"#,
    expectation: "1 to 255 printable characters, in quotes or without"
  ) { text in
    let inner = Self.unquoted(text)
    return (1...255).contains(inner.utf8.count)
      && inner.utf8.allSatisfy {
        (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
      }
  }

  private static func unquoted(_ text: String) -> Substring {
    text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
      ? text.dropFirst().dropLast() : text[...]
  }

  init(_ request: APIRequest) throws(APIError) {
    timeout = request.field(Self.timeoutName).flatMap { Duration(written: $0) }
    scope = request.field(Self.scopeName)
    wantsEnvelope = request.query.flag("envelope")
    idempotencyKey = request.field(Self.keyName).map { String(Self.unquoted($0)) }
    let said = [request.field(Self.modeName), request.query["mode"]].compactMap(\.self)
    mode = said.first.flatMap { CallMode(rawValue: $0) }
    if said.count == 2, said[0] != said[1] {
      throw APIError(
        400, .unreadable, "\(Self.modeField) says \(said[0]), the query says mode=\(said[1])")
    }
  }
}
