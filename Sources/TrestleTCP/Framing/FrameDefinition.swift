package import TrestleCore

/// The `frame` section of a definition: how messages are cut out of the stream and put onto it.
package struct FrameDefinition: Sendable {
  /// The framing of both directions.
  package let framing: any Framing

  /// Four bytes of length before each message: what a definition without `frame` means.
  package static let standard = FrameDefinition(
    framing: ShapedFraming(
      shape: LengthShape(
        width: 4, coding: .bigEndian, position: 0, header: [0, 0, 0, 0], counts: .body,
        adjustment: 0, trailer: [], keepsHeader: false),
      settings: FrameSettings(
        maximum: FrameSettings.defaultMaximum, check: nil, skipsEmpty: false)))

  private init(framing: any Framing) { self.framing = framing }

  /// Reads the section; nil when something in it is wrong, which is then among the problems.
  package init?(_ value: Value, at path: ValuePath, problems: inout [ValueProblem]) {
    var found: [ValueProblem] = []
    let framing = Self.read(value, at: path, problems: &found)
    problems += found
    guard let framing, !found.hasErrors else { return nil }
    self.framing = framing
  }

  private static func read(
    _ value: Value, at path: ValuePath, problems: inout [ValueProblem]
  ) -> (any Framing)? {
    if case .array(let layers) = value { return layered(layers, at: path, problems: &problems) }
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    if keys.record["in"] != nil || keys.record["out"] != nil {
      let requests = keys.value("in"), replies = keys.value("out")
      keys.finish("frame with in and out", problems: &problems)
      guard let requests, let replies else {
        problems.error(
          "in and out go together", at: path,
          hint: "in frames what the system takes, out what it answers")
        return nil
      }
      guard let requests = read(requests, at: path.member("in"), problems: &problems),
        let replies = read(replies, at: path.member("out"), problems: &problems)
      else { return nil }
      guard requests.linkLayer == nil, replies.linkLayer == nil else {
        problems.error(
          "a link carries both directions: it cannot be that of one", at: path,
          hint: "give the link beside nothing else: frame: { link: astm }")
        return nil
      }
      return DirectedFraming(requests: requests, replies: replies)
    }
    return FrameReader.read(&keys, problems: &problems)
  }

  private static func layered(
    _ layers: [Value], at path: ValuePath, problems: inout [ValueProblem]
  ) -> (any Framing)? {
    var framings: [any Framing] = []
    for (position, layer) in layers.enumerated() {
      guard let framing = read(layer, at: path.item(position), problems: &problems) else {
        return nil
      }
      guard framings.isEmpty || framing.linkLayer == nil else {
        problems.error(
          "a link is below all frames: it must come first", at: path.item(position))
        return nil
      }
      framings.append(framing)
    }
    guard let innermost = framings.last else {
      problems.error("expects at least one frame", at: path)
      return nil
    }
    return framings.dropLast().reversed().reduce(innermost) {
      LayeredFraming(outer: $1, inner: $0)
    }
  }
}
