internal import TrestleCore
internal import TrestleNet

/// Which hosts the documents of a contract may be fetched from. What a contract says of others is what a
/// stranger wrote, and this machine may reach what that stranger does not.
struct FetchRules: Sendable {
  let start: WebAddress
  /// Hosts that may be fetched from beside the start's own, in lower case.
  let allowedHosts: Set<String>
  /// Addresses to call hosts by, so that the name service cannot say something else later.
  private(set) var addresses: [String: String] = [:]
  private(set) var privateHosts: Set<String> = []

  init(start: WebAddress, allowing hosts: some Sequence<String>) {
    self.start = start
    allowedHosts = Set(hosts.map { $0.lowercased() })
  }

  /// Takes up what the name service says of the hosts, once.
  mutating func look(
    up addresses: (String) async throws(TransportError) -> [String]
  ) async throws(TransportError) {
    let own = try await addresses(start.bareHost)
    // A contract of one's own network may lead anywhere in it. One public address makes a host public:
    // whoever answers for its name could put a private one beside it.
    guard let address = own.first(where: { !HostAddresses.isPrivate($0) }) else { return }
    self.addresses[start.bareHost] = address
    for host in allowedHosts where host != start.bareHost {
      let found = try await addresses(host)
      if found.contains(where: HostAddresses.isPrivate) { privateHosts.insert(host) }
      self.addresses[host] = found.first
    }
  }

  /// Takes up what hosts say of themselves, where a proxy looks up their names.
  mutating func lookAtNames() {
    guard !HostAddresses.namesPrivate(start.bareHost) else { return }
    privateHosts = allowedHosts.filter { HostAddresses.namesPrivate($0) }
  }

  /// Why nothing is fetched from an address.
  enum Refusal: Equatable {
    case otherHost(String)
    case privateHost(String)

    /// As a clause.
    var reason: String {
      switch self {
      case .otherHost(let host): "\(host) is another host than the contract's"
      case .privateHost(let host): "\(host) is no host of the public network, and the contract's is"
      }
    }

    var hint: String {
      switch self {
      case .otherHost(let host): "--allow-host \(host) fetches from there too"
      case .privateHost: "save the contract with what it imports, and import the file"
      }
    }
  }

  func refusal(of address: WebAddress) -> Refusal? {
    let host = address.bareHost
    guard host == start.bareHost || allowedHosts.contains(host) else { return .otherHost(host) }
    return privateHosts.contains(host) ? .privateHost(host) : nil
  }
}

extension WebAddress {
  /// The host without the brackets of an IPv6 address.
  var bareHost: String {
    host.first == "[" ? String(host.dropFirst().dropLast()) : host
  }
}
