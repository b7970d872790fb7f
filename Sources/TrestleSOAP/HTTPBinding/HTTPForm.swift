internal import TrestleCore
internal import TrestleXML

/// A message as pairs of names and texts: in a query, a form body, or places of a URL
/// (WSDL 1.1 §4.5, §4.6, §5.4).
struct HTTPForm: Sendable {
  /// One name, and where its text is in the message's value.
  struct Field: Sendable {
    let name: String
    let path: [String]
    let scalar: ScalarPlan
    let isArray: Bool
  }

  let fields: [Field]
  /// Members that no text can hold, and that may be left out.
  let leftOut: [String]

  /// Why a message is no pairs of texts.
  struct Refusal: Error {
    let reason: String
  }

  /// - Parameters:
  ///   - message: the message's plan.
  ///   - required: whether a member may not be left out.
  /// - Throws: `Refusal` for a member that no text can hold.
  init(_ message: MessagePlan, required: (String) -> Bool) throws(Refusal) {
    var fields: [Field] = []
    var leftOut: [String] = []
    if message.isUnwrapped, case .object(let plan) = message.roots[0].content.kind {
      let root = message.roots[0]
      for field in plan.scopes[0].fields {
        guard let scalar = Self.scalar(of: field.element) else {
          guard !required(field.key) else { throw Refusal(reason: Self.reason(field.key)) }
          leftOut.append(field.key)
          continue
        }
        // A part that is an array by its type is sent under the part's own name.
        let isPart = root.name.namespace.isEmpty && plan.scopes[0].fields.count == 1
        fields.append(
          Field(
            name: isPart && field.isArray ? root.name.local : field.element.name.local,
            path: [field.key], scalar: scalar, isArray: field.isArray))
      }
      guard plan.scopes.count == 1, plan.text == nil else {
        throw Refusal(reason: Self.reason(root.name.local))
      }
    } else {
      for root in message.roots { fields.append(try Self.field(of: root)) }
    }
    self.fields = fields
    self.leftOut = leftOut
  }

  private static func field(of root: ElementPlan) throws(Refusal) -> Field {
    let name = root.name.local
    if let scalar = scalar(of: root) {
      return Field(name: name, path: [name], scalar: scalar, isArray: false)
    }
    if case .object(let plan) = root.content.kind, plan.scopes.count == 1,
      let only = plan.scopes[0].fields.first, plan.scopes[0].fields.count == 1, only.isArray,
      let scalar = scalar(of: only.element)
    {
      return Field(name: name, path: [name, only.key], scalar: scalar, isArray: true)
    }
    throw Refusal(reason: reason(name))
  }

  private static func scalar(of element: ElementPlan) -> ScalarPlan? {
    switch element.content.kind {
    case .scalar(let scalar): scalar
    case .untyped: ScalarPlan(BuiltInTypes.anySimpleType)
    case .object, .array: nil
    }
  }

  private static func reason(_ member: String) -> String {
    "\(member) is of a complex type, which has no form as text (WSDL 1.1 §4.5)"
  }

  // MARK: - Values

  /// The pairs of a value.
  ///
  /// - Throws: `CodecError` for members that are no pairs, and texts that are none of their type.
  func pairs(of record: Record) throws(CodecError) -> [(name: String, value: String)] {
    let known = fields.map { $0.path[0] }
    for member in record where !known.contains(member.name) {
      throw CodecError(
        path: member.name,
        reason: leftOut.contains(member.name)
          ? Self.reason("it")
          : "is not a parameter" + Suggestion.clause(for: member.name, among: known),
        hint: "known: " + known.joined(separator: ", "))
    }
    var pairs: [(name: String, value: String)] = []
    for field in fields {
      var value = record[field.path[0]]
      if field.path.count > 1 { value = value?[field.path[1]] }
      guard let value, !value.isNull else { continue }
      for item in field.isArray ? value.arrayValue ?? [value] : [value] {
        do throws(CodecError) {
          pairs.append((field.name, try field.scalar.text(of: item)))
        } catch {
          throw error.inside(field.path.joined(separator: "."))
        }
      }
    }
    return pairs
  }

  /// The value that pairs stand for, and what was not known.
  ///
  /// - Throws: `CodecError` for texts that are none of their type.
  func value(
    of pairs: [(name: String, value: String)]
  ) throws(CodecError) -> (record: Record, strangers: [String]) {
    var record: Record = [:]
    for field in fields {
      let texts = pairs.filter { $0.name == field.name }.map(\.value)
      var values: [Value] = []
      for text in texts {
        do throws(CodecError) {
          values.append(try field.scalar.value(of: text))
        } catch {
          throw error.inside(field.name)
        }
      }
      guard field.isArray || !values.isEmpty else { continue }
      let value: Value = field.isArray ? .array(values) : values[0]
      record[field.path[0]] = field.path.count > 1 ? [field.path[1]: value] : value
    }
    let names = Set(fields.map(\.name))
    return (record, pairs.map(\.name).filter { !names.contains($0) })
  }
}
