/// What a mock does wrong on purpose when it sends one reply.
package struct Misbehaviour: Sendable, Hashable {
  /// When a connection is closed too early.
  package enum Closing: String, Sendable, CaseIterable {
    /// In place of the reply.
    case before
    /// In the middle of it.
    case inside
    /// As soon as it is sent.
    case after
  }

  /// What becomes of the message itself. Its frame or its header section is right for what is left.
  package enum Damage: String, Sendable, CaseIterable {
    /// Nothing of it is left.
    case empty
    /// Random bytes in its place, as many.
    case garbage
    /// Its first half.
    case truncated
    /// Without its last end tag.
    case unclosedTag = "unclosed_tag"
    /// With a control character that no XML document may hold.
    case badCharacter = "bad_character"
  }

  /// How long the reply is held back.
  package var delay: Duration?
  /// In how many pieces it is sent; 1 for one.
  package var pieces = 1
  /// How many bytes each piece has, in place of a number of pieces.
  package var pieceSize: Int?
  /// How long each piece but the first is held back.
  package var pause = Misbehaviour.usualPause
  /// How many replies are sent at once, this one the first; 1 for one.
  package var glued = 1
  /// What the length of its frame, or its Content-Length, says above the right one.
  package var lengthError = 0
  /// Whether one of its bytes is changed after its checks were computed.
  package var breaksCheck = false
  package var closing: Closing?
  /// Whether closing is a reset (RST) rather than an orderly end.
  package var resets = false
  /// How many of the client's next frames are refused, where a link acknowledges them.
  package var refusals = 0
  /// How many random bytes are sent in place of all of the reply, its head or frame included.
  package var noise: Int?
  package var damage: Damage?
  /// The HTTP status in place of the right one.
  package var status: Int?
  /// The message in place of the right one.
  package var body: [UInt8]?
  /// Header fields that replace those of the same name.
  package var headers = Headers()
  /// The charset that the message claims to be in.
  package var charset: String?
  /// What its random bytes are made from.
  package var seed: UInt64 = 0

  package static let usualPause = Duration.milliseconds(20)

  package init() {}

  /// What of it is left for the sender once the time has passed and the message was changed; nil for
  /// nothing.
  package var onTheWire: Misbehaviour? {
    var rest = self
    (rest.delay, rest.status, rest.body, rest.charset) = (nil, nil, nil, nil)
    rest.headers = Headers()
    rest.damage = nil
    if rest.noise == nil { rest.seed = 0 }
    return rest == Misbehaviour() ? nil : rest
  }

  /// Whether it changes the message, which its protocol's frames may then not be able to carry.
  package var changesMessage: Bool { damage != nil || body != nil }

  /// Whether the reply leaves in more than one piece.
  package var isPieced: Bool { pieces > 1 || pieceSize != nil }
}
