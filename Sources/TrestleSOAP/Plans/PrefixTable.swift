internal import Synchronization
package import TrestleXML

/// The prefixes a codec writes: one for each namespace of its contract, the same in every message.
///
/// Prefixes are chosen by namespace and declared where they are used, never by position, so that a
/// name always carries the right one.
package final class PrefixTable: Sendable {
  private struct State {
    var indexes: [String: Int] = [:]
    var namespaces: [String] = []
    var prefixes: [String] = []
    var declarations: [[UInt8]] = []

    mutating func add(_ namespace: String, prefix: String) {
      indexes[namespace] = namespaces.count
      namespaces.append(namespace)
      prefixes.append(prefix)
      let head = XMLTagSegments("x").head
      let declared = XMLTagSegments("x", attributes: [("xmlns:" + prefix, namespace)]).head
      declarations.append(prefix == "xml" ? [] : Array(declared.dropFirst(head.count)))
    }
  }

  /// The number of the schema-instance namespace.
  package static let instance = 0
  /// The number of the schema namespace.
  package static let schema = 1

  private let state = Mutex(State())

  package init() {
    add(XMLNamespaces.instance, prefix: "xsi")
    add(XMLNamespaces.schema, prefix: "xsd")
  }

  private func add(_ namespace: String, prefix: String) {
    state.withLock { $0.add(namespace, prefix: prefix) }
  }

  /// The number of a namespace, given one if needed; -1 for no namespace.
  package func index(of namespace: String) -> Int {
    guard !namespace.isEmpty else { return -1 }
    return state.withLock { state in
      if let known = state.indexes[namespace] { return known }
      // The xml prefix is bound by definition and never declared (Namespaces in XML 1.0 §3).
      let prefix =
        namespace == XMLNamespaces.xml ? "xml" : "ns\(state.namespaces.count - 2)"
      state.add(namespace, prefix: prefix)
      return state.namespaces.count - 1
    }
  }

  /// The number of a namespace that has one.
  package func known(_ namespace: String) -> Int? { state.withLock { $0.indexes[namespace] } }

  package func prefix(at index: Int) -> String { state.withLock { $0.prefixes[index] } }

  /// ` xmlns:ns0="urn:x"`, as libxml2 writes it; empty for the xml prefix.
  package func declaration(at index: Int) -> [UInt8] {
    state.withLock { $0.declarations[index] }
  }

  /// The name as it is written: `ns0:item`, or `item` in no namespace.
  package func taggedName(_ name: QualifiedName) -> String {
    guard !name.namespace.isEmpty else { return name.local }
    return prefix(at: index(of: name.namespace)) + ":" + name.local
  }
}
