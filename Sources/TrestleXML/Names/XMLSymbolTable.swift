internal import Synchronization

/// The names that a codec knows, numbered from 0. Grows while plans are compiled, is read by parsers.
///
/// Names are only ever added; a symbol stays valid for the table's life. Only contracts add names,
/// never messages: a peer cannot make the table grow.
package final class XMLSymbolTable: Sendable {
  private struct State {
    var symbols: [QualifiedName: XMLSymbol] = [:]
    var names: [QualifiedName] = []
  }

  private let state = Mutex(State())

  /// Counts the additions; a parser that cached "unknown" for a name looks again when it changes.
  private let generationCounter = Atomic<Int>(0)

  package init() {}

  package var generation: Int { generationCounter.load(ordering: .acquiring) }

  /// The symbol of a name, made if needed.
  package func symbol(for name: QualifiedName) -> XMLSymbol {
    state.withLock { state in
      if let known = state.symbols[name] { return known }
      let symbol = XMLSymbol(rawValue: Int32(state.names.count))
      state.symbols[name] = symbol
      state.names.append(name)
      generationCounter.add(1, ordering: .releasing)
      return symbol
    }
  }

  /// The symbol of a name, or `.unknown`.
  package func find(_ name: QualifiedName) -> XMLSymbol {
    state.withLock { $0.symbols[name] ?? .unknown }
  }

  /// The name of a symbol of this table.
  package func name(of symbol: XMLSymbol) -> QualifiedName {
    state.withLock { $0.names[symbol.index] }
  }
}
