internal import TrestleCore

/// An operation on one line: `(sku: Sku, warehouse?: xs:string[]) → quantity: xs:int, price: Price`.
struct SignatureText {
  let text: String
  /// What else may go in or come out: header blocks and faults.
  let further: [String]

  /// More members than this are counted, not named.
  private static let maximumMembers = 8

  init(_ operation: Operation) {
    var text = "(" + Self.members(of: operation.input) + ")"
    if !operation.isOneWay { text += " → " + Self.result(of: operation.output) }
    self.text = text
    var further: [String] = []
    func name(_ word: String, _ names: [String]) {
      guard !names.isEmpty else { return }
      further.append((names.count == 1 ? word : word + "s") + " " + names.joined(separator: ", "))
    }
    name("header", operation.headers.input.map(\.name))
    name("returned header", operation.headers.output.map(\.name))
    name("fault", operation.faults.map(\.name))
    self.further = further
  }

  private static func result(of schema: Schema) -> String {
    if case .object(let object) = schema.resolved.shape, !object.members.isEmpty {
      return members(of: schema)
    }
    return SchemaOutline.typeWord(schema)
  }

  private static func members(of schema: Schema) -> String {
    guard case .object(let object) = schema.resolved.shape else {
      if case .nothing = schema.resolved.shape { return "" }
      return SchemaOutline.typeWord(schema)
    }
    var words = object.members.prefix(maximumMembers).map { member in
      member.name + (member.isRequired ? "" : "?") + ": " + SchemaOutline.typeWord(member.schema)
    }
    let rest = object.members.count - words.count
    if rest > 0 { words.append("\(rest) more") }
    if object.isOpen { words.append("…") }
    return words.joined(separator: ", ")
  }
}
