/// Why bytes are not a message, or a value cannot be written as one.
public struct CodecError: Error, Sendable, Hashable {
  /// Where in the data: `order.lines[2].qty`; empty for the message as a whole.
  public var path: String
  /// What is wrong, as a clause: `expects xs:int, found "two"`.
  public var reason: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  public var hint: String?
  /// Where in the bytes, from 0, when known.
  public var offset: Int?
  /// How many bytes from there on are wrong; nil when that is not known.
  package var wrongCount: Int?
  /// Line and column of the bytes, from 1, when the message is text.
  public var line: Int?
  /// The column, from 1, where `line` is known.
  public var column: Int?
  /// The protocol's own code for this mistake (`-32601`, `VersionMismatch`), for the codec's `refuse`.
  public var code: String?
  /// What the mistake is about, by the protocol's own names (`{urn:x}Session`), for the codec's `refuse`.
  public var subjects: [String] = []
  /// Whether the one who sent the message, not the one who answers it, made the mistake.
  public var isCallerAtFault: Bool
  /// Whether the bytes are not even what the protocol is made of (no XML, say): then it has no words
  /// of its own for the mistake, and its transport tells it.
  public var isMalformed = false

  /// Makes an error; the caller's mistake unless said otherwise.
  public init(
    path: String = "", reason: String, hint: String? = nil, offset: Int? = nil, line: Int? = nil,
    column: Int? = nil, code: String? = nil, isCallerAtFault: Bool = true
  ) {
    self.path = path
    self.reason = reason
    self.hint = hint
    self.offset = offset
    self.line = line
    self.column = column
    self.code = code
    self.isCallerAtFault = isCallerAtFault
  }

  /// The same error with its path inside one more level: `lines[2]` under `order` is `order.lines[2]`.
  public func inside(_ parent: String) -> CodecError {
    guard !parent.isEmpty else { return self }
    var error = self
    if path.isEmpty {
      error.path = parent
    } else if path.hasPrefix("[") {
      error.path = parent + path
    } else {
      error.path = parent + "." + path
    }
    return error
  }
}
