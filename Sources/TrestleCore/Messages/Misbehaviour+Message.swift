/// What misbehaviour does to a message, whatever protocol it is of.
extension Misbehaviour {
  /// Changes a response as far as its message and header fields go, and leaves the rest to the sender.
  package func apply(to response: inout WireResponse) {
    if let status { response.status = status }
    if let body {
      response.body = body
      response.headers["Content-Type"] =
        (body.first { $0 > 0x20 } == UInt8(ascii: "<") ? "text/html" : "text/plain")
        + "; charset=utf-8"
    } else if status != nil {
      // What answers with a status of HTTP's own has no envelope.
      response.body = []
      response.headers["Content-Type"] = nil
    }
    for field in headers.fields { response.headers[field.name] = field.value }
    if let charset { response.claim(charset) }
    if let damage { response.body = damage.applied(to: response.body, seed: seed) }
    response.changesMessage = changesMessage
    response.misbehaviour = onTheWire
  }

  /// Random bytes that a seed fixes.
  package static func randomBytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      // SplitMix64: short, and the same on every machine.
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return UInt8(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 56)
    }
  }

  /// The bytes of a reply, its head or frame included, in the pieces in which they are sent.
  package func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    guard isPieced, !bytes.isEmpty else { return [bytes] }
    let size = pieceSize ?? max(1, (bytes.count + pieces - 1) / pieces)
    return stride(from: 0, to: bytes.count, by: size).map {
      Array(bytes[$0..<min($0 + size, bytes.count)])
    }
  }
}

extension Misbehaviour.Damage {
  fileprivate func applied(to body: [UInt8], seed: UInt64) -> [UInt8] {
    switch self {
    case .empty: return []
    case .garbage: return Misbehaviour.randomBytes(max(16, body.count), seed: seed)
    case .truncated: return Array(body[..<(body.count / 2)])
    case .unclosedTag:
      if let end = body.lastIndex(ofPair: "</") { return Array(body[..<end]) }
      guard let end = body.lastIndex(ofPair: "/>") else { return Array(body[..<(body.count / 2)]) }
      return Array(body[..<end]) + [UInt8(ascii: ">")]
    case .badCharacter:
      let place = body.lastIndex(ofPair: "</") ?? body.count / 2
      return body[..<place] + [0x01] + body[place...]
    }
  }
}

extension [UInt8] {
  fileprivate func lastIndex(ofPair pair: StaticString) -> Int? {
    pair.withUTF8Buffer { pair in
      (0..<Swift.max(0, count - 1)).last { self[$0] == pair[0] && self[$0 + 1] == pair[1] }
    }
  }

  /// Changes a byte in the middle that is a letter or digit, so that the bytes remain text; any byte
  /// where none is.
  package mutating func alterOneByte() {
    let isPlain = { (byte: UInt8) in
      (0x31...0x38).contains(byte) || (0x42...0x59).contains(byte) || (0x62...0x79).contains(byte)
    }
    let order = Swift.Array(indices[(count / 2)...]) + indices[..<(count / 2)].reversed()
    guard let place = order.first(where: { isPlain(self[$0]) }) ?? order.first else { return }
    self[place] ^= 0x01
  }
}

extension WireResponse {
  /// Says another charset than the message is in, wherever it says one.
  fileprivate mutating func claim(_ charset: String) {
    if let type = headers["Content-Type"] {
      headers["Content-Type"] = "\(type.prefix { $0 != ";" }); charset=\(charset)"
    }
    let head = String(decoding: body.prefix(100), as: UTF8.self)
    guard head.hasPrefix("<?xml"), let end = head.utf8.firstIndex(of: UInt8(ascii: ">")) else {
      return
    }
    let length = head.utf8.distance(from: head.startIndex, to: end) + 1
    body.replaceSubrange(
      ..<length, with: Array("<?xml version=\"1.0\" encoding=\"\(charset)\"?>".utf8))
  }
}
