import Foundation
import NIOCore
import NIOPosix
import Testing
import Trestle
import TrestleCore
import TrestleNet

@testable import TrestleGateway

@Suite("TLS of the gateway", .timeLimit(.minutes(3)))
struct TLSTests {
  private struct Running {
    let port: Int
    let token: AccessToken?
  }

  /// A gateway of nothing, over TLS, while a body runs.
  private func serve<Result>(
    _ tls: ListenerTLS, clients: [ClientToken] = [], limits: ServerLimits = ServerLimits(),
    _ body: (Running) async throws -> Result
  ) async throws -> Result {
    let route = Route(.get, "/v1/here", "here", "Is here.", answers: []) { _ in
      .json(["here": true])
    }
    let server = RouteServer(
      table: Published(RouteTable([route])), host: "127.0.0.1", port: 0, token: nil,
      clients: clients, tls: tls, limits: limits)
    let (task, token) = try await server.start()
    let result: Result
    do {
      result = try await body(Running(port: task.port, token: token))
    } catch {
      await task.stop()
      throw error
    }
    await task.stop()
    return result
  }

  private func get(
    _ port: Int, _ client: ClientTLS, target: String = "/v1/here", token: String? = nil
  ) async throws -> WireResponse {
    let transport = try HTTPTransport(
      "https://127.0.0.1:\(port)", options: HTTPTransport.Options(tls: client))
    var request = WireRequest(method: "GET", target: target)
    if let token { request.headers["Authorization"] = "Bearer \(token)" }
    do {
      let response = try await transport.exchange(request, timeout: .seconds(20))
      await transport.shutdown()
      return response
    } catch {
      await transport.shutdown()
      throw error
    }
  }

  private func status(
    _ port: Int, _ client: ClientTLS, token: String? = nil
  ) async throws -> Int {
    do {
      return try await get(port, client, token: token).status
    } catch let error as TransportError where error.reason.contains("HTTP 401") {
      return 401
    }
  }

  private func client(
    _ authority: TestAuthority, _ pair: TestAuthority.Pair? = nil
  ) -> ClientTLS {
    ClientTLS(
      authorities: authority.certificate, certificate: pair?.certificate, key: pair?.key,
      checksName: false)
  }

  @Test("the gateway tells its https URL, and is called there")
  func gateway() async throws {
    try await TestAuthority.use { authority in
      let pair = try authority.certify("localhost")
      var options = GatewayOptions(port: 0)
      options.tls = ListenerTLS(certificate: pair.certificate, key: pair.key)
      let gateway = try await GatewayServer(.empty(in: authority.directory.path), options: options)
        .start()
      #expect(gateway.url == "https://127.0.0.1:\(gateway.port)")
      let answer = try? await get(gateway.port, client(authority), target: "/v1/systems")
      await gateway.stop()
      #expect(answer?.status == 200)
    }
  }

  @Test("HTTP in the clear is answered with what is spoken here, and the connection ends")
  func plain() async throws {
    try await TestAuthority.use { authority in
      let pair = try authority.certify("localhost")
      let tls = ListenerTLS(certificate: pair.certificate, key: pair.key)
      try await serve(tls) { running in
        let bytes = try await RawClient.exchange(
          Array("GET /v1/here HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8), port: running.port)
        let answer = try #require(RawResponse(bytes))
        #expect(answer.status == 400)
        let error = try JSONParser.parse(answer.body)["error"]
        #expect(error?["hint"] == "use https:// in place of http://")
        // Something else gets no answer in the clear, and hinders nobody.
        let other = try? await RawClient.exchange([0, 1, 2, 3], port: running.port)
        #expect(!String(decoding: other ?? [], as: UTF8.self).contains("HTTP"))
        #expect(try await get(running.port, client(authority)).status == 200)
      }
    }
  }

  @Test("with client_ca only clients with a certificate of it that holds get in")
  func clientCertificates() async throws {
    try await TestAuthority.use { authority in
      let pair = try authority.certify("localhost")
      let other = try TestAuthority("other", in: authority.directory)
      let tls = ListenerTLS(
        certificate: pair.certificate, key: pair.key, clientAuthorities: authority.certificate)
      try await serve(tls) { running in
        let known = try authority.certify("shop")
        #expect(try await get(running.port, client(authority, known)).status == 200)
        let refused = [
          nil, try authority.certify("late", until: .now - 60), try other.certify("shop"),
        ]
        for pair in refused {
          await #expect(throws: TransportError.self) {
            try await get(running.port, client(authority, pair))
          }
        }
        #expect(try await get(running.port, client(authority, known)).status == 200)
      }
    }
  }

  @Test("a handshake that never ends holds a connection, and is cut in time")
  func unfinishedHandshakes() async throws {
    try await TestAuthority.use { authority in
      let pair = try authority.certify("localhost")
      var limits = ServerLimits()
      limits.connections = 2
      limits.http.headTime = .milliseconds(600)
      let tls = ListenerTLS(certificate: pair.certificate, key: pair.key)
      try await serve(tls, limits: limits) { running in
        let port = running.port
        let began = ContinuousClock.now
        // One says nothing, one begins a record that it never ends.
        async let silent = RawClient.exchange([], port: port)
        async let halted = RawClient.exchange([22, 3, 1, 2, 0, 1], port: port)
        _ = try await (silent, halted)
        let took = ContinuousClock.now - began
        #expect(took > .milliseconds(500) && took < .seconds(20), "\(took)")
        #expect(try await get(port, client(authority)).status == 200)
      }
    }
  }

  @Test("a client's certificate stands for its token, and gives its scopes")
  func certificateForToken() async throws {
    try await TestAuthority.use { authority in
      let pair = try authority.certify("localhost")
      let tls = ListenerTLS(
        certificate: pair.certificate, key: pair.key, clientAuthorities: authority.certificate)
      let reader = "reader-0123456789abcdef"
      let clients = [
        ClientToken(name: "shop", certificate: .subject("CN=shop,O=Trestle"), scopes: [.admin]),
        ClientToken(name: "till", certificate: .alternative("Till.example"), scopes: [.admin]),
        ClientToken(name: "reader", token: try AccessToken(reader), scopes: [.read]),
      ]
      try await serve(tls, clients: clients) { running in
        // By its certificate's name: what it gets without a token, and with the reader's.
        let table: [(String, Int)] = [
          ("shop", 200), ("till.example", 200), ("shop.example", 401), ("Shop", 401),
        ]
        for (name, status) in table {
          let client = client(authority, try authority.certify(name))
          #expect(try await self.status(running.port, client) == status, "\(name)")
          // A token goes before the certificate, and a wrong one is not made good by it.
          #expect(
            try await self.status(running.port, client, token: reader) == 403, "\(name)")
          #expect(
            try await self.status(running.port, client, token: "wrong") == 401, "\(name)")
        }
      }
    }
  }

  // MARK: Files

  @Test("files that cannot be used are told with their path, and nothing listens")
  func unusableFiles() async throws {
    try await TestAuthority.use { authority in
      let pair = try authority.certify("localhost")
      let other = try authority.certify("other")
      let gone = authority.directory.path + "/gone.pem"
      let table: [(ListenerTLS, String)] = [
        (
          ListenerTLS(certificate: gone, key: pair.key),
          "the certificate file \(gone) cannot be read"
        ),
        (
          ListenerTLS(certificate: pair.certificate, key: gone),
          "the key file \(gone) cannot be read"
        ),
        (ListenerTLS(certificate: pair.certificate, key: other.key), "do not fit"),
        (
          ListenerTLS(certificate: pair.certificate, key: pair.key, clientAuthorities: gone),
          "the CA file \(gone) cannot be read"
        ),
        (
          ListenerTLS(certificate: pair.key, key: pair.key),
          "the certificate file \(pair.key) cannot be read"
        ),
      ]
      for (tls, reason) in table {
        var options = GatewayOptions(port: 0)
        options.tls = tls
        for check in [
          { try tls.check() },
          {
            let server = GatewayServer(.empty(in: authority.directory.path), options: options)
            await (try server.start()).stop()
          },
        ] as [() async throws -> Void] {
          let error = await #expect(throws: MockError.self) { try await check() }
          #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
          #expect(error?.hint?.isEmpty == false)
          #expect(error?.isConfiguration == true)
        }
      }
    }
  }
}
