/// Which types beyond the spec's nine a peer knows, and how it spells them.
package enum XMLRPCDialect: String, Sendable, CaseIterable {
  /// The spec and nothing else.
  case strict
  /// `<nil/>` and `<i8>` without a namespace, as Python, xmlrpc-c, PHP, Perl and Ruby spell them.
  case i8
  /// Apache's `ex:` types, in their namespace.
  case apache

  /// The namespace of Apache's extension types.
  package static let apacheNamespace = "http://ws.apache.org/xmlrpc/namespaces/extensions"

  /// Whether the dialect has a type.
  package func has(_ element: XMLRPCElement) -> Bool {
    switch element.origin {
    case .spec: true
    case .common: self != .strict
    case .apache: self == .apache
    case .none: false
    }
  }
}
