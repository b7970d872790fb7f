internal import TrestleXML

/// The elements of XML-RPC and of its extensions, by local name.
package enum XMLRPCElement: String, Sendable, CaseIterable {
  case methodCall, methodResponse, methodName, params, param, fault, value
  case `struct`, member, name, array, data
  case int, i4, boolean, string, double
  case dateTimeISO8601 = "dateTime.iso8601"
  case base64
  case `nil`, i8
  case i1, i2, float, dateTime, biginteger, bigdecimal, serializable, dom
  /// An element of no name that XML-RPC knows.
  case unknown = ""

  /// Where a type comes from.
  package enum Origin: Sendable {
    /// xmlrpc.com's spec.
    case spec
    /// Outside the spec, but read by nearly everyone.
    case common
    /// Apache's extension types.
    case apache
    /// No type.
    case none
  }

  package var origin: Origin {
    switch self {
    case .int, .i4, .boolean, .string, .double, .dateTimeISO8601, .base64, .struct, .array: .spec
    case .nil, .i8: .common
    case .i1, .i2, .float, .dateTime, .biginteger, .bigdecimal, .serializable, .dom:
      .apache
    default: .none
    }
  }

  package var isType: Bool { origin != .none }

  /// Names for "did you mean".
  package static let typeNames = allCases.filter(\.isType).map(\.rawValue)
}

/// The symbol table that all of the target's readers share, and the way from symbols to elements.
enum XMLRPCSymbols {
  static let table = XMLSymbolTable()

  /// Elements by symbol. XML-RPC has no namespaces; Apache's extension types have one.
  private static let elements: [XMLRPCElement] = {
    var elements: [XMLRPCElement] = []
    for namespace in ["", XMLRPCDialect.apacheNamespace] {
      for element in XMLRPCElement.allCases where element != .unknown {
        _ = table.symbol(for: QualifiedName(namespace, element.rawValue))
        elements.append(element)
      }
    }
    return elements
  }()

  /// Readers to use again. Made after the table is full, so that no reader caches a name as unknown.
  static let readers: XMLReaderPool = {
    _ = elements
    return XMLReaderPool(symbols: table)
  }()

  /// The element a start tag opens, whatever its namespace.
  static func element(of tag: borrowing XMLStartElement) -> XMLRPCElement {
    if tag.symbol.isKnown { return elements[tag.symbol.index] }
    // A namespace that nobody declared for XML-RPC: the local name still says what is meant.
    return XMLRPCElement(rawValue: tag.localName) ?? .unknown
  }
}
