extension String {
  /// The text of some UTF-8; what is none of it is replaced, as `String(decoding:as:)` does.
  ///
  /// Texts of up to 15 bytes are written straight into the string's own words, which costs two thirds
  /// of decoding them; longer ones have to be allocated, where decoding is the cheaper way.
  init(wireText bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= 15 else {
      self.init(decoding: bytes, as: UTF8.self)
      return
    }
    self.init(unsafeUninitializedCapacity: bytes.count) { words in
      guard let place = words.baseAddress, let start = bytes.baseAddress else { return 0 }
      // As many bytes as the capacity asked for.
      place.initialize(from: start, count: bytes.count)
      return bytes.count
    }
  }
}
