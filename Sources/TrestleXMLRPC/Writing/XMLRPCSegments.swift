internal import TrestleXML

/// The markup of XML-RPC, built by libxml2 once.
final class XMLRPCSegments: Sendable {
  /// `<value><int>` and `</int></value>`.
  struct Scalar: Sendable {
    let open: [UInt8]
    let close: [UInt8]
    /// The end of a struct's member, too.
    let closeMember: [UInt8]

    init(_ name: String) {
      let value = XMLTagSegments("value")
      let type = XMLTagSegments(name)
      open = value.open + type.open
      close = type.close + value.close
      closeMember = close + XMLTagSegments("member").close
    }
  }

  let int = Scalar("int")
  let i4 = Scalar("i4")
  let i8: Scalar
  let biginteger: Scalar
  let bigdecimal: Scalar
  let boolean = Scalar("boolean")
  let string = Scalar("string")
  let double = Scalar("double")
  let dateTime = Scalar("dateTime.iso8601")
  let base64 = Scalar("base64")
  let structure = Scalar("struct")
  /// `<value><array><data>` and its end.
  let arrayOpen: [UInt8]
  let arrayClose: [UInt8]
  /// `<value><nil/></value>`
  let null: [UInt8]
  let memberClose = XMLTagSegments("member").close
  let paramOpen = XMLTagSegments("param").open
  let paramClose = XMLTagSegments("param").close
  /// `<methodCall><methodName>` up to the name, `</methodName><params>` after it.
  let callOpen: [UInt8]
  let callParams: [UInt8]
  let callClose: [UInt8]
  let responseOpen: [UInt8]
  let responseClose: [UInt8]
  let faultOpen: [UInt8]
  let faultClose: [UInt8]

  private init(_ dialect: XMLRPCDialect) {
    let isApache = dialect == .apache
    let prefix = isApache ? "ex:" : ""
    let attributes = isApache ? [("xmlns:ex", XMLRPCDialect.apacheNamespace)] : []
    let value = XMLTagSegments("value")
    let params = XMLTagSegments("params")
    let call = XMLTagSegments("methodCall", attributes: attributes)
    let name = XMLTagSegments("methodName")
    let response = XMLTagSegments("methodResponse", attributes: attributes)
    let fault = XMLTagSegments("fault")
    let array = Scalar("array")
    let data = XMLTagSegments("data")
    i8 = Scalar(prefix + "i8")
    biginteger = Scalar(prefix + "biginteger")
    bigdecimal = Scalar(prefix + "bigdecimal")
    arrayOpen = array.open + data.open
    arrayClose = data.close + array.close
    null = value.open + XMLTagSegments(prefix + "nil").empty + value.close
    callOpen = call.open + name.open
    callParams = name.close + params.open
    callClose = params.close + call.close
    responseOpen = response.open + params.open + paramOpen
    responseClose = paramClose + params.close + response.close
    faultOpen = response.open + fault.open
    faultClose = fault.close + response.close
  }

  /// Segments without a namespace, for the dialects that have none.
  private static let plain = XMLRPCSegments(.i8)
  private static let apache = XMLRPCSegments(.apache)

  static func of(_ dialect: XMLRPCDialect) -> XMLRPCSegments {
    dialect == .apache ? apache : plain
  }

  /// The tags of a scalar type; nil for every other type.
  func scalar(_ type: XMLRPCType) -> Scalar? {
    switch type {
    case .int: int
    case .i4: i4
    case .i8: i8
    case .boolean: boolean
    case .string: string
    case .double: double
    case .dateTime: dateTime
    case .base64: base64
    case .nil, .any, .array, .record, .structure: nil
    }
  }

  /// How a scalar's value opens in every dialect; nil for other types, and for `i8`, which Apache
  /// spells another way.
  static func scalarOpen(_ type: XMLRPCType) -> [UInt8]? {
    type == .i8 ? nil : plain.scalar(type)?.open
  }

  /// The XML declarations, by encoding.
  private static let declarations = Dictionary(
    uniqueKeysWithValues: XMLRPCWritingOptions.Encoding.allCases.map { encoding in
      let name = encoding.rawValue.uppercased()
      return (encoding, Array("<?xml version=\"1.0\" encoding=\"\(name)\"?>\n".utf8))
    })

  /// The XML declaration of a document in an encoding.
  static func declaration(_ encoding: XMLRPCWritingOptions.Encoding) -> [UInt8] {
    declarations[encoding] ?? []
  }

  /// `<member><name>…</name>`; empty for a name that XML cannot carry.
  static func memberHead(_ name: String) -> [UInt8] {
    guard let writer = XMLWriter() else { return [] }
    writer.startElement("member")
    writer.startElement("name")
    writer.text(name)
    writer.fullEndElement()
    return writer.bytes
  }

  static let memberOpen = XMLTagSegments("member").open + XMLTagSegments("name").open
  static let nameClose = XMLTagSegments("name").close
  static let faultCodeHead = memberHead("faultCode")
  static let faultStringHead = memberHead("faultString")
}
