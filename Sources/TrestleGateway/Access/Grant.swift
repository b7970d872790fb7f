/// What whoever sent a request may do: what the token says that it came with, or everything where none is needed.
struct Grant: Sendable, Hashable {
  /// Whose token it came with; nil where none is needed.
  let client: ClientToken?

  /// Everything.
  static let whole = Grant(client: nil)

  /// The systems that it is for; nil for all of them.
  var systems: Set<String>? { client?.systems }

  /// What the token is known by; nil where there is none.
  var name: String? { client?.name }

  /// Whether it is for a system.
  func covers(_ system: String) -> Bool { systems?.contains(system) ?? true }

  /// Why it is not enough; nil where it is.
  func refusal(of demand: AccessDemand) -> APIError? { client.flatMap { demand.refusal(of: $0) } }

  func allows(_ demand: AccessDemand) -> Bool { refusal(of: demand) == nil }
}
