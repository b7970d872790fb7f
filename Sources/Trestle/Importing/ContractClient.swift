internal import TrestleCore
internal import TrestleNet

/// Fetches single documents for `ContractFetch`, by its rules.
struct ContractClient {
  let rules: FetchRules
  let options: ContractFetch.Options
  let connections: HTTPConnections
  let deadline: ContinuousClock.Instant

  /// A document, and the address that gave it in the end.
  struct Fetched {
    var address: WebAddress
    var bytes: [UInt8]
  }

  /// Fetches the document at an address. The mention says what speaks of it; empty for the first.
  func document(
    at address: WebAddress, limit: Int, for mention: String
  ) async throws(ContractFetch.Failure) -> Fetched {
    let from = mention.isEmpty ? "" : " (\(mention))"
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else {
      throw ContractFetch.Failure(
        message: "the contract took longer to fetch than \(options.limits.time.inWords)",
        hint: "save it with what it imports, and import the file")
    }
    let answer: (response: WireResponse, from: Endpoint)
    do throws(TransportError) {
      let transport = try HTTPTransport(
        address.description, options: transportOptions(for: address, limit: limit),
        connections: connections)
      var request = WireRequest(
        method: "GET", headers: ["Accept": "text/xml, application/xml, */*"])
      request.isRepeatable = true
      answer = try await transport.fetch(request, timeout: min(left, options.timeout))
    } catch {
      throw ContractFetch.Failure(
        message: "\(address)\(from) cannot be fetched: \(error.reason)", hint: error.hint,
        cause: error)
    }
    guard answer.response.status == 200 else {
      throw ContractFetch.Failure(
        message: "\(address)\(from) cannot be fetched: HTTP \(answer.response.status)",
        hint: hint(for: address, isFirst: mention.isEmpty))
    }
    return Fetched(
      address: WebAddress("\(answer.from)") ?? address, bytes: answer.response.body)
  }

  private func hint(for address: WebAddress, isFirst: Bool) -> String {
    if !isFirst {
      return "if the contract is of use without it, save the rest of it, and import the file"
    }
    return address.query == nil
      ? "the address of a WSDL often ends in ?wsdl" : "see what the address shows"
  }

  private func transportOptions(for address: WebAddress, limit: Int) -> HTTPTransport.Options {
    var transport = HTTPTransport.Options(observer: options.observer)
    transport.tls = ClientTLS(authorities: options.tls.authorities)
    // What shows who we are is for the host that was named, wherever its contract leads.
    let own = try? Endpoint(http: rules.start.description)
    let endpoint = try? Endpoint(http: address.description)
    if let own, endpoint?.isSameService(as: own) == true {
      transport.headers = options.headers
      transport.credentials = options.credentials
      transport.tls = ClientTLS(
        authorities: options.tls.authorities, certificate: options.tls.certificate,
        key: options.tls.key)
    }
    transport.proxies = options.proxies
    transport.responseLimit = max(1, limit)
    transport.addresses = rules.addresses
    transport.allowsRedirect = { [rules] target throws(TransportError) in
      guard let address = WebAddress("\(target)"), let refusal = rules.refusal(of: address) else {
        return
      }
      throw TransportError(
        kind: .configuration,
        reason: "it redirects to \(address), and \(refusal.reason)", hint: refusal.hint,
        mayHaveBeenSent: true)
    }
    return transport
  }
}
