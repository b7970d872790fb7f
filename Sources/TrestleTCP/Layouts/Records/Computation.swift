internal import TrestleCore

/// What a field computes of the bytes of others: `length(body)`, `crc16-modbus(first..data)`,
/// `length(a..z) / 4`.
struct Computation: Sendable {
  /// As it was written, for messages.
  let text: String
  /// The measures in it, each by its name in the expression.
  var measures: [Measure]
  /// What is made of the measures; nil where a single one is the value.
  let expression: Expression?
  /// The slot of the field that holds all that is measured, besides the measuring field itself: when
  /// it is complete, everything can be measured. Below 0 for the message.
  var owner = -1
  /// Which of the message's measures are written before this one: what it covers has a lower rank.
  var rank = 0
  /// Whether the field is among the bytes that it checks, where it counts as it is when blank.
  var coversItself = false

  static func name(ofMeasure position: Int) -> String { "measured\(position)" }
}

/// A number that bytes have: how many they are, or a check of them.
struct Measure: Sendable {
  enum Function: Sendable {
    case length
    /// The items of a list.
    case count
    case check(Checksum)
    case digits(CheckDigits)
  }

  /// Whose bytes, as it was written.
  enum Span: Sendable {
    case message
    /// A field's content: not the length before it, nor the delimiter after it.
    case field(String)
    /// Everything from the first field's first byte to the last field's last.
    case range(String, String)
  }

  let function: Function
  let span: Span
  /// The slots of the first and the last field; below 0 for the message.
  var first = -1
  var last = -1
  /// What of the bytes in the slot is not content.
  var margins = (before: 0, after: 0)

  /// Its function's name, and how many bytes a check has.
  var isCheck: Bool {
    switch function {
    case .length, .count: false
    case .check, .digits: true
    }
  }
}

extension Computation {
  /// Reads what stands after the ` = ` of a field; nil where nothing in it measures bytes.
  ///
  /// `names` are those of the fields beside it: where there is a `total`, it is not the message's.
  static func read(
    _ text: String, encoding: TextEncoding, beside names: Set<String> = []
  ) -> (Computation, rest: String)? {
    var measures: [Measure] = []
    var rest = ""
    var remaining = Substring(text)
    while let first = remaining.first {
      if first == "\"" || first == "'" {
        let quoted = remaining.dropFirst().firstIndex(of: first).map { remaining.index(after: $0) }
        let end = quoted ?? remaining.endIndex
        rest += remaining[..<end]
        remaining = remaining[end...]
        continue
      }
      guard first.isLetter || first.isNumber || first == "_" else {
        rest.append(first)
        remaining = remaining.dropFirst()
        continue
      }
      let word = remaining.prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
      if word == "total", !names.contains("total") {
        rest += name(ofMeasure: measures.count)
        measures.append(Measure(function: .length, span: .message))
        remaining = remaining[word.endIndex...]
      } else if let (measure, end) = Measure.read(remaining, word: word, encoding: encoding) {
        rest += name(ofMeasure: measures.count)
        measures.append(measure)
        remaining = remaining[end...]
      } else {
        rest += word
        remaining = remaining[word.endIndex...]
      }
    }
    guard !measures.isEmpty else { return nil }
    let isBare = rest.trimmed == name(ofMeasure: 0)
    let expression = isBare ? nil : try? Expression(rest)
    return (Computation(text: text, measures: measures, expression: expression), rest)
  }
}

extension Measure {
  /// Reads `length(body)` or `crc32(first..last)` at the beginning of a text.
  fileprivate static func read(
    _ text: Substring, word: Substring, encoding: TextEncoding
  ) -> (Measure, end: Substring.Index)? {
    guard word.endIndex < text.endIndex, text[word.endIndex] == "(",
      let function = Function(String(word), encoding: encoding),
      let close = text[word.endIndex...].firstIndex(of: ")")
    else { return nil }
    let argument = String(text[text.index(after: word.endIndex)..<close]).trimmed
    guard let span = Span(argument) else { return nil }
    return (Measure(function: function, span: span), text.index(after: close))
  }
}

extension Measure.Function {
  fileprivate init?(_ name: String, encoding: TextEncoding) {
    switch name {
    case "length": self = .length
    case "count": self = .count
    default:
      if let algorithm = Checksum.Algorithm(rawValue: name) {
        self = .check(Checksum(algorithm, as: .binary))
      } else if let digits = CheckDigits(name: name, encoding: encoding) {
        self = .digits(digits)
      } else {
        return nil
      }
    }
  }
}

extension Measure.Span {
  /// Reads `body`, `head.size`, `first..last`, `message`; nil for what is no place of a message.
  fileprivate init?(_ text: String) {
    let isPath = { (text: Substring) in
      !text.isEmpty && !text.hasPrefix(".") && !text.hasSuffix(".")
        && text.allSatisfy { $0.isLetter || $0.isNumber || "_-.@".contains($0) }
    }
    guard let dots = text.range(of: "..") else {
      guard isPath(text[...]) else { return nil }
      self = text == "message" || text == "total" ? .message : .field(text)
      return
    }
    let first = String(text[..<dots.lowerBound]).trimmed
    let last = String(text[dots.upperBound...]).trimmed
    guard isPath(first[...]), isPath(last[...]) else { return nil }
    self = .range(first, last)
  }
}

extension String {
  fileprivate func range(of part: String) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(part) {
        return index..<self.index(index, offsetBy: part.count)
      }
      index = self.index(after: index)
    }
    return nil
  }
}
