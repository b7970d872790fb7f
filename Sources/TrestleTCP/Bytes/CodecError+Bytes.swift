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
}
