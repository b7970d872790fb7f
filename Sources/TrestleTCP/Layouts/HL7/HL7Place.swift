internal import TrestleCore

/// A place in an HL7 message, as people name it: `PID-3.1`, `OBX[1]-5`, `PID-3[2].4.1`.
///
/// Fields, components and subcomponents count from 1, as in the standard; occurrences of segments and
/// repetitions of fields, in brackets, from 0. What is left out is the first one.
struct HL7Place: Sendable, Hashable {
  var segment: String
  var occurrence = 0
  var field: Int
  var repetition = 0
  var component: Int?
  var subcomponent: Int?

  /// More of anything than this is refused, read and written.
  static let most = 9999

  /// Reads a place; nil where the text names no field.
  init?(_ text: String) {
    var reader = TextReader(bytes: Array(text.utf8)[...])
    guard let segment = reader.takeSegment() else { return nil }
    self.segment = segment
    occurrence = reader.takePosition() ?? 0
    guard reader.take(UInt8(ascii: "-")) || reader.take(UInt8(ascii: ".")),
      let field = reader.takeNumber()
    else { return nil }
    self.field = field
    repetition = reader.takePosition() ?? 0
    if reader.take(UInt8(ascii: ".")) {
      guard let number = reader.takeNumber() else { return nil }
      component = number
      if reader.take(UInt8(ascii: ".")) {
        guard let number = reader.takeNumber() else { return nil }
        subcomponent = number
      }
    }
    guard reader.bytes.isEmpty else { return nil }
  }

  /// Reads a place that a path leads to: `PID-3.1` and `PID.3.1` are paths of two and three steps.
  init?(_ path: ValuePath) {
    var text = ""
    for step in path.steps {
      switch step {
      case .member(let name): text += text.isEmpty ? name : "." + name
      case .item(let position): text += "[\(position)]"
      }
    }
    self.init(text)
  }

  /// The one way to write it.
  var key: String {
    var text = segment
    if occurrence > 0 { text += "[\(occurrence)]" }
    text += "-\(field)"
    if repetition > 0 { text += "[\(repetition)]" }
    if let component { text += ".\(component)" }
    if let subcomponent { text += ".\(subcomponent)" }
    return text
  }

  private struct TextReader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ byte: UInt8) -> Bool {
      guard bytes.first == byte else { return false }
      bytes = bytes.dropFirst()
      return true
    }

    mutating func takeSegment() -> String? {
      let name = bytes.prefix(3).prefix { $0 &- 65 < 26 || $0 &- 48 < 10 }
      guard let first = name.first, first &- 65 < 26 else { return nil }
      bytes = bytes.dropFirst(name.count)
      return String(decoding: name, as: UTF8.self)
    }

    /// A number from 1.
    mutating func takeNumber() -> Int? {
      guard let number = takeDigits(), number > 0 else { return nil }
      return number
    }

    /// `[2]`
    mutating func takePosition() -> Int? {
      let before = bytes
      if take(UInt8(ascii: "[")), let number = takeDigits(), take(UInt8(ascii: "]")) {
        return number
      }
      bytes = before
      return nil
    }

    private mutating func takeDigits() -> Int? {
      let digits = bytes.prefix { $0 &- 48 < 10 }
      guard (1...4).contains(digits.count),
        let number = Int(String(decoding: digits, as: UTF8.self))
      else { return nil }
      bytes = bytes.dropFirst(digits.count)
      return number
    }
  }
}
