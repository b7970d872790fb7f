internal import TrestleCore
internal import TrestleXML

/// Makes components from what the schemas say (XSD 1.0 part 1 §3).
///
/// References that lead nowhere are read as xs:anyType or left out: the reference check has told them
/// before, and marked the operations they concern.
struct SchemaCompiler: Sendable {
  let set: SchemaSet
  private let oversizedGroups: Set<ObjectIdentifier>
  /// Nil once the contract is gone and only single components of it live on: they then compile what
  /// they still need for themselves.
  private let weakCache: WeakCache

  private struct WeakCache: Sendable {
    weak let cache: ComponentCache?
  }

  init(set: SchemaSet, findings: ReferenceFindings, cache: ComponentCache) {
    self.set = set
    oversizedGroups = findings.oversizedGroups
    weakCache = WeakCache(cache: cache)
  }

  /// Whether a group may be put in where it is referred to.
  func isExpandable(_ group: SchemaNode) -> Bool {
    oversizedGroups.isEmpty || !oversizedGroups.contains(ObjectIdentifier(group))
  }

  var cache: ComponentCache? { weakCache.cache }
}
