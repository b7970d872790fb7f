package import TrestleCore
package import TrestleNet
internal import TrestleSOAP
internal import TrestleXML

/// Fetches a contract and all it imports: nothing of it is changed, and nothing is written.
///
/// A contract is what a stranger wrote. So only http and https are followed, only to the hosts that the
/// one who asks has named, and only so many documents, bytes, steps and seconds.
package struct ContractFetch: Sendable {
  /// How much is fetched at most.
  package struct Limits: Sendable {
    package var documents = 256
    package var bytes = 64 << 20
    /// How many documents may lie between one and the first.
    package var depth = 32
    package var time: Duration = .seconds(120)

    package init() {}
  }

  /// How connections are made.
  package struct Options: Sendable {
    package var headers = Headers()
    package var credentials: HTTPCredentials?
    package var tls = TLSFiles()
    /// The longest that fetching one document may take.
    package var timeout = AdapterDefinition.defaultTimeout
    package var proxies: HTTPProxyRules = .direct
    /// Hosts that may be fetched from beside the contract's own.
    package var allowedHosts: [String] = []
    package var limits = Limits()
    package var observer: WireObserver?

    package init() {}
  }

  /// A contract with all it imports.
  package struct Result: Sendable {
    /// The first is the one that was asked for.
    package var documents: [ContractCopy] = []
    /// What was left out.
    package var diagnostics: [Diagnostic] = []
  }

  /// Why nothing was fetched.
  package struct Failure: Error, Sendable {
    package var message: String
    package var hint: String?
    /// What lies under it, where that was a connection.
    package var cause: TransportError?
  }

  private let start: WebAddress
  private let options: Options
  private let progress: @Sendable (String) -> Void

  package init(
    _ start: WebAddress, options: Options, progress: @escaping @Sendable (String) -> Void
  ) {
    self.start = start
    self.options = options
    self.progress = progress
  }

  /// Fetches all of it; documents that an earlier import has keep the names of its lock.
  package func run(keeping lock: ContractLock? = nil) async throws(Failure) -> Result {
    let connections = HTTPConnections()
    do throws(Failure) {
      let result = try await fetchAll(over: connections, keeping: lock)
      await connections.shutdown()
      return result
    } catch {
      await connections.shutdown()
      throw error
    }
  }

  /// A document that is to be fetched.
  private struct Pending {
    var address: WebAddress
    var depth: Int
    /// Where it is spoken of: `claims.wsdl:12`.
    var mention = ""
    /// Whether a schema that comes with Trestle stands in for it.
    var isReplaceable = false
  }

  private func fetchAll(
    over connections: HTTPConnections, keeping lock: ContractLock?
  ) async throws(Failure) -> Result {
    let rules = try await rules()
    let client = ContractClient(
      rules: rules, options: options, connections: connections,
      deadline: ContinuousClock.now + options.limits.time)
    var result = Result()
    var names = ContractFileNames(keeping: lock)
    var seen: Set<WebAddress> = [start]
    var places: [WebAddress: Int] = [:]
    var bytes = 0
    var pending = [Pending(address: start, depth: 0)]
    var next = 0
    while next < pending.count {
      let item = pending[next]
      next += 1
      let left = options.limits.bytes - bytes
      let fetched: ContractClient.Fetched
      do throws(Failure) {
        fetched = try await client.document(at: item.address, limit: left, for: item.mention)
      } catch {
        guard item.isReplaceable, error.cause == nil else { throw error }
        result.diagnostics.append(
          Diagnostic(.warning, "\(error.message); the schema that comes with Trestle is used"))
        continue
      }
      if let place = places[fetched.address] {
        // Another address for what is there already.
        result.documents[place].addresses.append(item.address)
        continue
      }
      bytes += fetched.bytes.count
      let contents = try contents(of: fetched, isFirst: next == 1, mention: item.mention)
      let name = names.name(for: fetched.address, kind: contents.kind)
      progress("\(item.address) → \(name)")
      var copy = ContractCopy(path: name, bytes: fetched.bytes, addresses: [fetched.address])
      places[fetched.address] = result.documents.count
      if item.address != fetched.address {
        copy.addresses.append(item.address)
        places[item.address] = result.documents.count
      }
      seen.insert(fetched.address)
      result.documents.append(copy)
      for reference in contents.references {
        guard
          let address = target(of: reference, in: copy, rules, &result.diagnostics),
          seen.insert(address).inserted
        else { continue }
        try requireRoom(pending.count, depth: item.depth + 1)
        pending.append(
          Pending(
            address: address, depth: item.depth + 1, mention: "\(name):\(reference.line)",
            isReplaceable: ContractReferences.isBundled(namespace: reference.namespace)))
      }
    }
    return result
  }

  private func requireRoom(_ count: Int, depth: Int) throws(Failure) {
    let limits = options.limits
    if count >= limits.documents {
      throw Failure(
        message: "the contract has more than \(limits.documents) documents",
        hint: "save it with what it imports, and import the file")
    }
    if depth > limits.depth {
      throw Failure(
        message: "the contract's imports lead on through more than \(limits.depth) documents",
        hint: "save it with what it imports, and import the file")
    }
  }

  private func rules() async throws(Failure) -> FetchRules {
    var rules = FetchRules(start: start, allowing: options.allowedHosts)
    // A proxy looks names up itself.
    if let endpoint = try? Endpoint(http: start.description),
      options.proxies.hasProxy(for: endpoint)
    {
      rules.lookAtNames()
      return rules
    }
    do throws(TransportError) {
      try await rules.look { host throws(TransportError) in try await HostAddresses.of(host) }
    } catch {
      throw Failure(message: error.reason, hint: error.hint, cause: error)
    }
    return rules
  }

  private func contents(
    of fetched: ContractClient.Fetched, isFirst: Bool, mention: String
  ) throws(Failure) -> ContractReferences {
    let place = mention.isEmpty ? "" : ", which \(mention) imports,"
    let contents: ContractReferences
    do throws(XMLFailure) {
      contents = try ContractReferences(fetched.bytes)
    } catch {
      throw Failure(
        message: "\(fetched.address)\(place) cannot be read: \(error)",
        hint: "see what the address shows: it may be a page for people")
    }
    switch contents.kind {
    case .wsdl: return contents
    case .schema where !isFirst: return contents
    case .schema:
      throw Failure(
        message: "\(fetched.address) is a schema, no WSDL", hint: "name the WSDL that imports it")
    case .other(let root):
      throw Failure(
        message: "\(fetched.address)\(place) is no \(isFirst ? "WSDL" : "WSDL or schema"):"
          + " its root is \(root)",
        hint: isFirst ? "the address of a WSDL often ends in ?wsdl" : nil)
    }
  }

  /// The address that a reference leads to; nil where nothing is to be fetched, which is told unless
  /// Trestle has it.
  private func target(
    of reference: ContractReferences.Reference, in document: ContractCopy, _ rules: FetchRules,
    _ diagnostics: inout [Diagnostic]
  ) -> WebAddress? {
    let base = document.addresses.first
    guard let address = base?.resolving(reference.location) else {
      diagnostics.append(
        Diagnostic(
          .warning,
          "the \(reference.element) of \"\(reference.location)\" is not fetched: that is no address of the web",
          file: document.path, line: reference.line))
      return nil
    }
    if ContractReferences.isBundled(address) { return nil }
    guard let refusal = rules.refusal(of: address) else { return address }
    if !ContractReferences.isBundled(namespace: reference.namespace) {
      diagnostics.append(
        Diagnostic(
          .warning,
          "the \(reference.element) of \(address) is not fetched: \(refusal.reason)",
          file: document.path, line: reference.line, hint: refusal.hint))
    }
    return nil
  }
}
