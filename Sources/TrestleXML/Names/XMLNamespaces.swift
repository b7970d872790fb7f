/// Namespace names that every protocol on XML meets.
package enum XMLNamespaces {
  package static let xml = "http://www.w3.org/XML/1998/namespace"
  package static let schema = "http://www.w3.org/2001/XMLSchema"
  package static let instance = "http://www.w3.org/2001/XMLSchema-instance"
}
