internal import TrestleCore

extension LayoutKind {
  /// `body: xml`, `body: json`
  static let body = LayoutKind(
    key: "body", options: ["encoding", "declaration", "namespace"]
  ) { keys, _, problems in
    guard let body = keys.word("body", as: Body.self, problems: &problems) else { return nil }
    guard body == .xml else { return JSONLayout() }
    let encoding =
      keys.word("encoding", as: XMLLayout.Encoding.self, problems: &problems) ?? .utf8
    // Without a declaration a document is UTF-8 (XML 1.0 §4.3.3).
    let declares = keys.flag("declaration", problems: &problems) ?? (encoding != .utf8)
    return XMLLayout(
      encoding: encoding, hasDeclaration: declares,
      namespace: keys.text("namespace", problems: &problems) ?? "")
  }

  private enum Body: String, CaseIterable {
    case xml, json
  }
}
