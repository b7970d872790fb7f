/// Namespaces of the languages contracts are written in.
enum SchemaNames {
  static let namespace: StaticString = "http://www.w3.org/2001/XMLSchema"
  static let encoding = "http://schemas.xmlsoap.org/soap/encoding/"
}

enum WSDLNames {
  static let namespace: StaticString = "http://schemas.xmlsoap.org/wsdl/"
  static let soap11: StaticString = "http://schemas.xmlsoap.org/wsdl/soap/"
  static let soap12: StaticString = "http://schemas.xmlsoap.org/wsdl/soap12/"
  static let http: StaticString = "http://schemas.xmlsoap.org/wsdl/http/"
  static let mime: StaticString = "http://schemas.xmlsoap.org/wsdl/mime/"
  static let version20: StaticString = "http://www.w3.org/ns/wsdl"
}
