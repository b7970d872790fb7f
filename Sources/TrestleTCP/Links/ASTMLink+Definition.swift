internal import TrestleCore

extension ASTMLink {
  /// `link: astm`, or `link: {astm: {text: 240, tries: 6, timeout: 15s}}`
  static func framing(
    _ outer: inout KeyReader, _ settings: FrameSettings, _ check: FrameCheckDefinition?,
    problems: inout [ValueProblem]
  ) -> (any Framing)? {
    if check != nil {
      problems.error(
        "the link's frames have a check of their own", at: outer.place("check"),
        hint: "leave check out")
    }
    guard let value = outer.value("link") else { return nil }
    let path = outer.place("link")
    var link = ASTMLink()
    link.maximum = settings.maximum
    guard value.objectValue != nil else {
      guard outer.word("link", as: Kind.self, problems: &problems) != nil else { return nil }
      return ASTMFraming(settings: link)
    }
    guard var kinds = KeyReader(value, at: path, problems: &problems) else { return nil }
    let keys = kinds.value("astm") ?? .emptyObject
    if kinds.record["astm"] == nil {
      problems.error(
        "link does not say which it is"
          + Suggestion.clause(for: kinds.record.names.first ?? "", among: ["astm"]), at: path,
        hint: "like link: {astm: {timeout: 15s}}")
      return nil
    }
    kinds.finish("frame.link", problems: &problems)
    guard var reader = KeyReader(keys, at: path.member("astm"), problems: &problems) else {
      return nil
    }
    link.read(&reader, problems: &problems)
    reader.finish("frame.link.astm", problems: &problems)
    return ASTMFraming(settings: link)
  }

  private enum Kind: String, CaseIterable {
    case astm
  }

  private mutating func read(_ keys: inout KeyReader, problems: inout [ValueProblem]) {
    frameText = keys.integer("text", in: 1...64000, problems: &problems) ?? frameText
    split = keys.word("split", as: Split.self, problems: &problems) ?? split
    caller = keys.word("caller", as: Role.self, problems: &problems) ?? caller
    tries = keys.integer("tries", in: 1...1000, problems: &problems) ?? tries
    timeout = keys.duration("timeout", problems: &problems) ?? timeout
    receiveTimeout = keys.duration("receive_timeout", problems: &problems) ?? receiveTimeout
    busyPause = keys.duration("busy_pause", problems: &problems) ?? busyPause
    contentionPause = keys.duration("contention_pause", problems: &problems) ?? contentionPause
    yieldPause = keys.duration("yield_pause", problems: &problems) ?? yieldPause
  }
}
