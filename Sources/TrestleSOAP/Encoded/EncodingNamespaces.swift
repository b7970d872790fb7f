internal import TrestleXML

/// The two encodings, by namespace.
package enum EncodingNamespaces {
  /// SOAP 1.1 §5.
  package static let soap11 = SchemaNames.encoding
  /// SOAP 1.2 part 2 §3.
  package static let soap12 = "http://www.w3.org/2003/05/soap-encoding"
  /// SOAP 1.2 part 2 §4.
  package static let rpc12 = "http://www.w3.org/2003/05/soap-rpc"

  static func has(_ namespace: String) -> Bool { namespace == soap11 || namespace == soap12 }

  static func isArray(_ name: QualifiedName) -> Bool {
    name.local == "Array" && has(name.namespace)
  }

  static func isStruct(_ name: QualifiedName) -> Bool {
    name.local == "Struct" && has(name.namespace)
  }

  /// What names the result of a call among its accessors (SOAP 1.2 part 2 §4.2.1).
  static func isResult(_ name: QualifiedName) -> Bool {
    name.local == "result" && name.namespace == rpc12
  }

  static func of(_ version: SOAPVersion) -> String { version == .soap11 ? soap11 : soap12 }
}
