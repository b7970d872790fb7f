internal import TrestleCore
internal import TrestleXML

/// Makes components from what the schemas say (XSD 1.0 part 1 §3).
///
/// References that lead nowhere are read as xs:anyType or left out: the reference check has told them
/// before, and marked the operations they concern.
struct SchemaCompiler: Sendable {
  let set: SchemaSet
  /// Nil once the contract is gone and only single components of it live on: they then compile what
  /// they still need for themselves.
  private let weakCache: WeakCache

  private struct WeakCache: Sendable {
    weak let cache: ComponentCache?
  }

  init(set: SchemaSet, cache: ComponentCache) {
    self.set = set
    weakCache = WeakCache(cache: cache)
  }

  var cache: ComponentCache? { weakCache.cache }
}
