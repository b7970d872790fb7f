package import TrestleCore

/// What a mock can tell of a call beside its exchange; asked when the call is written down, not while it waits.
package struct CallInsight: Sendable {
  /// Whose state it was answered from; nil for the one that all share.
  package var scope: @Sendable (Call) -> String?
  /// For a call that no stub answered: the nearest ones, and where they differ.
  package var nearMiss: @Sendable (Call) -> String?

  package init(
    scope: @escaping @Sendable (Call) -> String? = { _ in nil },
    nearMiss: @escaping @Sendable (Call) -> String? = { _ in nil }
  ) {
    self.scope = scope
    self.nearMiss = nearMiss
  }

  /// The near miss of an exchange, where there is one. A fault that says so is one already.
  func nearMiss(of exchange: Service.Exchange) -> String? {
    if let fault = exchange.reply?.fault, fault.isUnmatched { return fault.message }
    guard isMiss(exchange), let call = exchange.call else { return nil }
    return nearMiss(call)
  }

  /// Whether something else than a stub answered.
  func isMiss(_ exchange: Service.Exchange) -> Bool {
    exchange.reply?.origin == "sample" || exchange.reply?.origin == "response"
  }
}
