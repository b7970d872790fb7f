internal import TrestleCore

extension LayoutKind {
  /// `rows: {separator: "|", columns: [id, name]}`
  static let rows = LayoutKind(key: "rows", options: ["encoding"]) {
    RowsLayout(&$0, $1, problems: &$2)
  }
}

extension RowsLayout {
  fileprivate init?(
    _ outer: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) {
    self.init()
    encoding = TextEncoding.read(&outer, problems: &problems) ?? context.encoding
    let path = outer.place("rows")
    guard var keys = KeyReader(outer.value("rows"), at: path, problems: &problems) else {
      return nil
    }
    separator =
      keys.bytes("separator", in: encoding, problems: &problems) ?? [encoding.byte(of: ",")]
    quote = encoding.byte(of: "\"")
    if keys.record["quote"] == "none" {
      _ = keys.value("quote")
      quote = nil
    } else if let bytes = keys.bytes("quote", in: encoding, problems: &problems) {
      quote = bytes.first
      if bytes.count > 1 { problems.error("expects one byte, or none", at: path.member("quote")) }
    }
    if let bytes = keys.bytes("escape", in: encoding, problems: &problems) {
      escape = bytes.first
      if bytes.count > 1 { problems.error("expects one byte", at: path.member("escape")) }
    }
    lineEnd = keys.word("line", as: LineEnd.self, problems: &problems)?.bytes ?? lineEnd
    isOne = keys.flag("one", problems: &problems) ?? false
    let hasHeader = keys.flag("header", problems: &problems) ?? false
    let type = keys.text("type", problems: &problems)
    let written = keys.value("columns")
    keys.finish("layout.rows", problems: &problems)
    columns = Self.columns(written, type, at: path, problems: &problems)
    if hasHeader {
      if isOne || written != nil {
        problems.error("header goes with neither one nor columns", at: path.member("header"))
      }
      columns = .header
    }
    if separator[0] == quote || separator[0] == escape
      || separator[0] == 0x0A || separator[0] == 0x0D || (quote != nil && quote == escape)
    {
      problems.error("separator, quote, escape and line begin alike", at: path)
    }
  }

  private enum LineEnd: String, CaseIterable {
    case cr, lf, crlf

    var bytes: [UInt8] {
      switch self {
      case .cr: [0x0D]
      case .lf: [0x0A]
      case .crlf: [0x0D, 0x0A]
      }
    }
  }

  private static func columns(
    _ value: Value?, _ type: String?, at path: ValuePath, problems: inout [ValueProblem]
  ) -> Columns {
    let place = path.member("columns")
    switch value {
    case nil: return .unnamed
    case .array(let items)?:
      return .named(names(items, at: place, problems: &problems))
    case .object(let record)?:
      var types: [String: [String]] = [:]
      for member in record {
        types[member.name] = names(
          member.value.arrayValue ?? [], at: place.member(member.name), problems: &problems)
      }
      return .byType(type ?? "type", types)
    case let value?:
      problems.error(
        "expects names, or names by the row's first field, found \(value.kindName)", at: place)
      return .unnamed
    }
  }

  private static func names(
    _ items: [Value], at path: ValuePath, problems: inout [ValueProblem]
  ) -> [String] {
    let names = items.compactMap(\.scalarText).filter { !$0.isEmpty && $0 != moreKey }
    if names.count != items.count || names.isEmpty || Set(names).count != names.count {
      problems.error("expects a list of names that all differ", at: path)
    }
    return names
  }
}
