/// A regular expression of XML Schema (XSD 1.0 part 2 appendix F), matched in linear time.
///
/// One parser, two uses: matching, and making a text that matches (`example`). An expression always
/// means the whole text. What the engine does not know makes parsing give nil, which callers treat
/// as "cannot be checked", never as "does not match".
package struct XSDPattern: Sendable {
  /// The expression as a tree.
  indirect enum Node: Sendable {
    case set(XSDCharacterClass)
    case sequence([Node])
    case alternation([Node])
    case repeated(Node, minimum: Int, maximum: Int?)
    /// `^` first or `$` last. XSD knows no anchors, so they mean themselves; but many contracts
    /// were written by people who meant anchors, so a text without them passes too.
    case anchor(Unicode.Scalar)
  }

  /// The expression as written.
  package let text: String
  let root: Node
  private let program: XSDPatternProgram

  /// Reads an expression; nil when it is malformed, uses what is not supported, or is far too large.
  package init?(_ text: String) {
    var parser = XSDPatternParser(text)
    guard let root = parser.parse(), let program = XSDPatternProgram(root) else { return nil }
    self.text = text
    self.root = root
    self.program = program
  }

  /// Whether the whole text matches.
  package func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0) }
  }

  /// Whether the whole of some valid UTF-8 matches.
  package func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { program.matches(bytes) }
}
