/// An XPath expression as text, looked at as far as its names go.
package struct XPathText: Sendable {
  package let text: String
  /// The prefixes of its names, each once.
  package private(set) var prefixes: [String] = []
  /// The expression with every name test of an element asking for the local name alone.
  package private(set) var byLocalNames = ""

  /// Reads the tokens of an expression (XPath 1.0 §3.7). What is no XPath is for the compiler to tell.
  package init(_ text: String) {
    self.text = text
    var scanner = Scanner(Array(text.utf8))
    scanner.run()
    prefixes = scanner.prefixes
    byLocalNames = String(decoding: scanner.output, as: UTF8.self)
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0
    var output: [UInt8] = []
    var prefixes: [String] = []
    /// Whether the token before this one can end an operand: then a name here is an operator.
    private var followsOperand = false
    /// Whether a name here is one of an attribute, a namespace or a variable.
    private var isNoElement = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func run() {
      while position < bytes.count {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: " "), 9, 10, 13: take(1)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          let end = bytes[(position + 1)...].firstIndex(of: byte) ?? bytes.count - 1
          take(end + 1 - position)
          ended(operand: true)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
          take(1)
          ended(operand: true)
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
          take(1)
          followsOperand = false
          isNoElement = true
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "."):
          take(1)
          ended(operand: true)
        case UInt8(ascii: "*"):
          take(1)
          ended(operand: !followsOperand)
        case _ where Self.isNameStart(byte): name()
        default:
          take(1)
          ended(operand: false)
        }
      }
    }

    private mutating func ended(operand: Bool) {
      followsOperand = operand
      isNoElement = false
    }

    private mutating func take(_ count: Int) {
      output += bytes[position..<position + count]
      position += count
    }

    private mutating func name() {
      let start = position
      var end = position
      while end < bytes.count, Self.isNamePart(bytes[end]) { end += 1 }
      var next = end
      while next < bytes.count, [UInt8(ascii: " "), 9, 10, 13].contains(bytes[next]) { next += 1 }
      let follows = next < bytes.count ? bytes[next] : 0
      let isDouble = next + 1 < bytes.count && bytes[next + 1] == UInt8(ascii: ":")
      let word = String(decoding: bytes[start..<end], as: UTF8.self)
      if followsOperand {
        // and, or, div, mod
        take(end - start)
        ended(operand: false)
      } else if follows == UInt8(ascii: ":"), isDouble {
        take(next + 2 - start)
        followsOperand = false
        isNoElement = word == "attribute" || word == "namespace"
      } else if end < bytes.count, bytes[end] == UInt8(ascii: ":") {
        if !prefixes.contains(word) { prefixes.append(word) }
        var last = end + 1
        while last < bytes.count, Self.isNamePart(bytes[last]) { last += 1 }
        if last < bytes.count, last == end + 1, bytes[last] == UInt8(ascii: "*") { last += 1 }
        take(last - start)
        ended(operand: true)
      } else if follows == UInt8(ascii: "(") || isNoElement {
        take(end - start)
        ended(operand: follows != UInt8(ascii: "("))
      } else {
        output += Array("*[local-name()='\(word)']".utf8)
        position = end
        ended(operand: true)
      }
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
      (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
      isNameStart(byte) || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
  }
}
