/// Who is let in, and what counts the requests of those who have limits: swapped as a whole when clients change.
struct ClientRegistry: Sendable {
  /// What whoever started the server shows; nil where nobody needs anything.
  let token: AccessToken?
  /// Further clients with tokens of their own.
  let clients: [ClientToken]
  /// By the names of clients.
  let meters: [String: TokenMeter]

  /// Nobody needs a token.
  static let open = ClientRegistry(token: nil, clients: [])

  /// Where clients were there before with the same limits, what they have used of them stays used.
  init(token: AccessToken?, clients: [ClientToken], after earlier: ClientRegistry? = nil) {
    self.token = token
    self.clients = clients
    let metered = clients.filter { $0.limits != TokenLimits() }
    meters = Dictionary(
      metered.map { client in
        let before = earlier?.clients.first { $0.name == client.name }
        let kept = before?.limits == client.limits ? earlier?.meters[client.name] : nil
        return (client.name, kept ?? TokenMeter(client.limits))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Everybody whose token is taken; nobody where none is needed.
  var all: [ClientToken] { clients + (token.map { [.owner($0)] } ?? []) }

  /// The names of those who are not let in any more, or not to the same; nil stands for who came without a token.
  func gone(in later: ClientRegistry) -> Set<String?> {
    guard !all.isEmpty else { return later.all.isEmpty ? [] : [nil] }
    let kept = later.all
    return Set(all.filter { client in !kept.contains { $0.grantsTheSame(as: client) } }.map(\.name))
  }
}
