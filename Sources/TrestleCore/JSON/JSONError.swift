/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, as a clause: `expected a value`.
  public let reason: String
  /// Byte offset from the start of the text, from 0.
  public let offset: Int
  /// Line, from 1.
  public let line: Int
  /// Column in bytes, from 1.
  public let column: Int

  /// `line 1, column 7: what is wrong`.
  public var description: String { "line \(line), column \(column): \(reason)" }
}
