internal import TrestleCore
internal import TrestleNet

extension WorkspaceDoctor {
  /// So many systems are looked at together.
  private static let width = 16

  /// Whether the systems can be reached where their files say they are, all at the same time.
  func endpoints() async -> [Finding] {
    await withTaskGroup(of: (Int, [Finding]).self) { group in
      var found = Array(repeating: [Finding](), count: systems.count)
      for (index, system) in systems.enumerated() {
        if index >= Self.width, let (done, findings) = await group.next() { found[done] = findings }
        group.addTask { (index, await self.findings(of: system)) }
      }
      for await (done, findings) in group { found[done] = findings }
      return found.flatMap(\.self)
    }
  }

  private func findings(of system: LegacySystem) async -> [Finding] {
    guard let codec = try? system.codec(), let text = address(of: system) else { return [] }
    let endpoint: Endpoint
    var isHTTP = false
    do throws(TransportError) {
      if case .http = codec.wire {
        endpoint = try Endpoint(http: text)
        isHTTP = true
      } else {
        endpoint = try Endpoint(tcp: text)
      }
    } catch {
      return [Finding(.problem, .endpoint, of: system.name, error.reason, remedy: error.hint)]
    }
    // Behind a proxy, whose business names and connections are then, only the question is left.
    let proxies = system.definition.proxy ?? .ofProcess
    var findings: [Finding] = []
    if !isHTTP || !proxies.hasProxy(for: endpoint) {
      findings = await reach(endpoint, of: system)
    }
    if isHTTP, !findings.contains(where: { $0.level == .problem }) {
      findings +=
        await ServiceQuestion(
          system: system, endpoint: endpoint, proxies: proxies, patience: patience
        ).finding.map { [$0] } ?? []
    }
    return findings
  }

  /// Where calls of the system go; nil where only its mock is there.
  private func address(of system: LegacySystem) -> String? {
    if let endpoint = system.endpoint { return endpoint }
    let mock = system.definition.mock
    return mock.port == nil && mock.socket == nil ? system.contractEndpoint : nil
  }

  private func reach(_ endpoint: Endpoint, of system: LegacySystem) async -> [Finding] {
    let probe = EndpointProbe(endpoint, tls: ClientTLS(system.definition.tls), timeout: patience)
    do throws(TransportError) {
      let end = try await probe.connect()
      let reached = Finding(
        .ok, .endpoint, of: system.name, "\(endpoint.authority) takes connections")
      return [reached]
        + (end.map { [.certificate(until: $0, of: system.name, at: endpoint.authority)] } ?? [])
    } catch {
      if error.kind == .tls, let end = await probe.certificateEnd() {
        let ended = Finding.certificate(until: end, of: system.name, at: endpoint.authority)
        if ended.level == .problem { return [ended] }
      }
      let remedy =
        error.kind == .connect && endpoint.isLoopback
        ? "trestle mock \(shellWord(system.name))   (or start the service)" : error.hint
      return [
        Finding(
          .problem, error.kind == .tls ? .certificate : .endpoint, of: system.name, error.reason,
          remedy: remedy)
      ]
    }
  }
}

extension ClientTLS {
  /// As an adapter file says.
  init(_ files: TLSFiles) {
    self.init(authorities: files.authorities, certificate: files.certificate, key: files.key)
  }
}

extension Finding {
  /// A certificate that ends within so many days is worth a word.
  private static let certificateDays: Int64 = 30

  /// What a certificate's end means, in seconds since 1970.
  static func certificate(
    until end: Int64, of system: String, at authority: String, now: WallTime = .now
  ) -> Finding {
    let date = WallTime(milliseconds: end * 1000).iso8601.prefix(10)
    let seconds = end - now.milliseconds / 1000
    let days = seconds / 86_400
    let remedy = "renew it there; this shows it: openssl s_client -connect \(authority) </dev/null"
    if seconds < 0 {
      return Finding(
        .problem, .certificate, of: system, "the TLS certificate of \(authority) ended on \(date)",
        remedy: remedy)
    }
    guard days < certificateDays else {
      return Finding(.ok, .certificate, of: system, "its TLS certificate is valid until \(date)")
    }
    return Finding(
      .warning, .certificate, of: system,
      "the TLS certificate of \(authority) ends in \(days) day\(days == 1 ? "" : "s"), on \(date)",
      remedy: remedy)
  }
}
