/// A codec whose protocol passes parameters by position, and which takes them so too.
package protocol PositionalCodec: Codec {
  /// Parameters given by position under the names that the operation declares; all others as they are.
  func named(_ parameters: Record, of operation: String) -> Record

  /// The parameter that stands for all of them by position.
  static var positionalKey: String { get }
}
