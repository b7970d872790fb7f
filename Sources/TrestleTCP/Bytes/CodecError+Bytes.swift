internal import TrestleCore

extension CodecError {
  /// An error about bytes: where in the layout, what is wrong, and the bytes themselves.
  ///
  /// `base` is what the slice's own index 0 is called in the offset.
  init(
    path: String, reason: String, hint: String? = nil, in bytes: ArraySlice<UInt8>,
    wrong range: Range<Int>, base: Int = 0
  ) {
    self.init(
      path: path, reason: "\(reason): \(HexWindow(bytes, wrong: range))", hint: hint,
      offset: base + range.lowerBound)
    wrongCount = range.count
  }

  /// The error of reading a message, with the bytes it is about where it does not show them yet, and a
  /// path that people can read.
  func showing(_ bytes: [UInt8]) -> CodecError {
    var error = self
    error.path = Self.shortened(path)
    // Text has lines and columns.
    guard wrongCount == nil, line == nil else { return error }
    let start = min(offset ?? 0, bytes.count)
    // Where no place is known, it is the message as a whole that is wrong.
    let wrong = start..<(offset == nil ? bytes.count : min(start + 1, bytes.count))
    error.reason += ": \(HexWindow(bytes[...], wrong: wrong))"
    error.offset = start
    error.wrongCount = wrong.count
    return error
  }

  private static let longestPath = 120

  /// The first and the last steps of a path of hundreds.
  private static func shortened(_ path: String) -> String {
    guard path.utf8.count > longestPath else { return path }
    return "\(path.prefix(longestPath / 2))…\(path.suffix(longestPath / 4))"
  }
}
