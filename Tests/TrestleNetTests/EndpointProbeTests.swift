import Testing
import TrestleCore

@testable import TrestleNet

@Suite("Seeing whether an endpoint is there", .timeLimit(.minutes(1)))
struct EndpointProbeTests {
  private func probing<Result>(
    _ pair: TestCertificates.Pair?, authority: String?,
    _ body: (EndpointProbe) async throws -> Result
  ) async throws -> Result {
    let tls = pair.map { ServerTLS(certificate: $0.certificate, key: $0.key) }
    let service = Service(
      codec: EchoCodec(), responder: ClosureResponder { _ in .value(.null) })
    return try await HTTPServer(service, tls: tls).whileRunning { running in
      let endpoint = try Endpoint(
        http: "\(authority == nil && tls == nil ? "http" : "https")://127.0.0.1:\(running.port)/")
      return try await body(
        EndpointProbe(endpoint, tls: ClientTLS(authorities: authority), timeout: .seconds(10)))
    }
  }

  @Test("a certificate that is trusted tells its end, a connection without TLS none")
  func ends() async throws {
    try await TestCertificates.use { certificates in
      let end = try await probing(certificates.server, authority: certificates.authority) {
        try await $0.connect()
      }
      // 2120-01-01
      #expect(end == 4_733_510_400)
      let none = try await probing(nil, authority: nil) { try await $0.connect() }
      #expect(none == nil)
    }
  }

  @Test("one that has ended fails, and tells when that was")
  func ended() async throws {
    try await TestCertificates.use { certificates in
      try await probing(certificates.expired, authority: certificates.authority) { probe in
        let error = await #expect(throws: TransportError.self) { try await probe.connect() }
        #expect(error?.kind == .tls)
        // 2020-01-02
        #expect(await probe.certificateEnd() == 1_577_923_200)
      }
    }
  }

  @Test("who does not speak TLS has no certificate")
  func plain() async throws {
    try await TestCertificates.use { certificates in
      try await probing(nil, authority: certificates.authority) { probe in
        let error = await #expect(throws: TransportError.self) { try await probe.connect() }
        #expect(error?.kind == .tls)
        #expect(await probe.certificateEnd() == nil)
      }
    }
  }
}
