internal import TrestleCore

/// `uint8 {1: read, 2: write}`: codes by names. A code without a name stays as it is, both ways.
struct NamedCodesField: FieldCodec {
  var codec: any FieldCodec
  private let names: [(code: Value, name: String)]
  private let byCode: [String: String]
  private let byName: [String: Value]

  init(_ codec: any FieldCodec, _ names: [(code: String, name: String)]) {
    self.init(codec, coded: names.map { (.string($0.code), $0.name) })
  }

  private init(_ codec: any FieldCodec, coded names: [(code: Value, name: String)]) {
    self.codec = codec
    self.names = names
    byCode = Dictionary(
      names.map { ($0.code.scalarText ?? "", $0.name) }, uniquingKeysWith: { first, _ in first })
    byName = Dictionary(
      names.map { ($0.name, $0.code) }, uniquingKeysWith: { first, _ in first })
  }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let value = try codec.read(&reader)
    guard let text = value.scalarText else { return value }
    // Codes of text are compared without the blanks that fill their field.
    return (byCode[text] ?? byCode[text.trimmed]).map { .string($0) } ?? value
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    if let name = value.stringValue, let code = byName[name] {
      return try codec.write(code, to: &output)
    }
    do throws(CodecError) {
      try codec.write(value, to: &output)
    } catch {
      guard let name = value.stringValue else { throw error }
      throw CodecError(
        reason: "has no code for \"\(name)\""
          + Suggestion.clause(for: name, among: names.map(\.name)),
        hint: "names: \(names.map(\.name).joined(separator: ", "))")
    }
  }

  var schema: Schema {
    let known = names.map { "\($0.code.scalarText ?? "") \($0.name)" }.joined(separator: ", ")
    return Schema(
      .scalar(ScalarSchema(kind: .string, form: .string, typeName: "name")), summary: known)
  }

  var fixedSize: Int? { codec.fixedSize }
  var takesRest: Bool { codec.takesRest }
  var margins: (before: Int, after: Int) { codec.margins }
  var bits: Int? { codec.bits }
  var shared: (part: Range<Int>, isFirst: Bool, count: Int)? { codec.shared }

  func placed(at offset: Int, of total: Int) -> any FieldCodec {
    NamedCodesField(codec.placed(at: offset, of: total), coded: names)
  }
}
