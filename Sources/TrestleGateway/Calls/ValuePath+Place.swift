internal import Trestle

extension ValuePath {
  /// The place in a value that a check names: `order.lines[2].qty`. Names may have dots and brackets in them: which of
  /// them are a name's is seen in the value.
  init(of text: String, in value: Value) {
    var steps: [Step] = []
    var rest = Substring(text)
    var place: Value? = value
    while !rest.isEmpty {
      if rest.hasPrefix("."), !steps.isEmpty { rest = rest.dropFirst() }
      if rest.hasPrefix("["), let end = rest.firstIndex(of: "]"),
        let index = Int(rest[rest.index(after: rest.startIndex)..<end]), index >= 0
      {
        steps.append(.item(index))
        let items = place?.arrayValue ?? []
        place = items.indices.contains(index) ? items[index] : nil
        rest = rest[rest.index(after: end)...]
        continue
      }
      let name = Self.name(at: rest, in: place?.objectValue ?? [:])
      steps.append(.member(String(name)))
      place = place?.objectValue?[String(name)]
      rest = rest.dropFirst(name.count)
    }
    self.init(steps)
  }

  /// The longest name of the object that the text begins with, else all up to the next dot or bracket.
  private static func name(at text: Substring, in record: Record) -> Substring {
    let fitting = record.names.filter { name in
      guard !name.isEmpty, text.hasPrefix(name) else { return false }
      let next = text.dropFirst(name.count).first
      return next == nil || next == "." || next == "["
    }
    if let longest = fitting.max(by: { $0.count < $1.count }) { return text.prefix(longest.count) }
    let plain = text.prefix { $0 != "." && $0 != "[" }
    // A bracket that is no index is part of a name: something is taken, or there would be no end.
    return plain.isEmpty ? text : plain
  }
}
