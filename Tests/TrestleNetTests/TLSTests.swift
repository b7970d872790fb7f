import Foundation
import Testing
import TrestleCore
import TrestleNet

@Suite struct TLSTests {
  private let second = Duration.seconds(30)

  /// Calls an HTTPS echo with the given TLS on both sides.
  private func post(
    _ server: ServerTLS, _ client: ClientTLS, host: String = "127.0.0.1"
  ) async throws -> WireResponse {
    try await HTTPServer(.echo(EchoCodec(document: "d")), tls: server).whileRunning { running in
      let options = HTTPTransport.Options(tls: client)
      return try await withHTTPTransport("https://\(host):\(running.port)/", options: options) {
        try await $0.exchange(WireRequest("over TLS"), timeout: second)
      }
    }
  }

  /// Calls a framed echo with the given TLS on both sides.
  private func send(
    _ server: ServerTLS, _ client: ClientTLS, host: String = "127.0.0.1"
  ) async throws -> WireResponse {
    let server = FramedServer(.echo(), framing: LengthFraming(), tls: server)
    return try await server.whileRunning { running in
      return try await withFramedTransport(
        "tls://\(host):\(running.port)", framing: LengthFraming(), options: .init(tls: client)
      ) { try await $0.exchange(WireRequest("over TLS"), timeout: second) }
    }
  }

  private func serverTLS(_ pair: TestCertificates.Pair) -> ServerTLS {
    ServerTLS(certificate: pair.certificate, key: pair.key)
  }

  @Test(
    "a server is called over TLS by name and by address", arguments: ["127.0.0.1", "localhost"])
  func calls(host: String) async throws {
    try await TestCertificates.use { files async throws in
      let client = ClientTLS(authorities: files.authority)
      #expect(try await post(serverTLS(files.server), client, host: host).text == "over TLS")
      #expect(try await send(serverTLS(files.server), client, host: host).text == "over TLS")
    }
  }

  @Test("documents name the secure address")
  func documents() async throws {
    try await TestCertificates.use { files async throws in
      let server = HTTPServer(
        .echo(EchoCodec(document: "d")), tls: serverTLS(files.server))
      try await server.whileRunning { running in
        let options = HTTPTransport.Options(tls: ClientTLS(authorities: files.authority))
        try await withHTTPTransport("https://localhost:\(running.port)", options: options) {
          let get = WireRequest(method: "GET", target: "/?doc")
          let response = try await $0.exchange(get, timeout: second)
          #expect(response.text == "d at https://localhost:\(running.port)")
        }
      }
    }
  }

  @Test("a certificate from an unknown authority, or one that expired, is not trusted")
  func untrusted() async throws {
    try await TestCertificates.use { files async throws in
      let cases = [
        (files.server, ClientTLS()), (files.expired, ClientTLS(authorities: files.authority)),
      ]
      for (pair, client) in cases {
        for call in [post, send] {
          let error = await #expect(throws: TransportError.self) {
            try await call(serverTLS(pair), client, "127.0.0.1")
          }
          #expect(error?.kind == .tls && error?.mayHaveBeenSent == false)
          #expect(error?.reason.hasSuffix("is not trusted") == true, "\(error?.reason ?? "")")
        }
      }
    }
  }

  @Test("a certificate for another name is told so, unless the name is not to be checked")
  func wrongName() async throws {
    try await TestCertificates.use { files async throws in
      var client = ClientTLS(authorities: files.authority)
      for host in ["127.0.0.1", "localhost"] {
        for call in [post, send] {
          let error = await #expect(throws: TransportError.self) {
            try await call(serverTLS(files.other), client, host)
          }
          #expect(error?.kind == .tls)
          #expect(error?.reason.hasSuffix("is not for the name '\(host)'") == true)
        }
      }
      client.checksName = false
      #expect(try await post(serverTLS(files.other), client).text == "over TLS")
      #expect(try await send(serverTLS(files.other), client).text == "over TLS")
    }
  }

  @Test("a server that wants a client certificate gets it, and refuses who has none")
  func clientCertificate() async throws {
    try await TestCertificates.use { files async throws in
      var server = serverTLS(files.server)
      server.clientAuthorities = files.authority
      var client = ClientTLS(authorities: files.authority)
      for call in [post, send] {
        let error = await #expect(throws: TransportError.self) {
          try await call(server, client, "127.0.0.1")
        }
        #expect(error?.kind == .tls)
        #expect(error?.reason.contains("refused our side of TLS") == true, "\(error?.reason ?? "")")
      }
      client.certificate = files.client.certificate
      client.key = files.client.key
      #expect(try await post(server, client).text == "over TLS")
      #expect(try await send(server, client).text == "over TLS")
    }
  }

  @Test("a peer that does not speak TLS is told so")
  func plainPeer() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      try await withHTTPTransport("https://127.0.0.1:\(server.port)/") { transport in
        let error = await #expect(throws: TransportError.self) {
          try await transport.exchange(WireRequest("x"), timeout: second)
        }
        #expect(error?.reason == "127.0.0.1:\(server.port) does not speak TLS")
      }
      let transport = try FramedTransport(
        "tls://127.0.0.1:\(server.port)", framing: LengthFraming())
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("x"), timeout: second)
      }
      #expect(error?.reason == "127.0.0.1:\(server.port) does not speak TLS")
      await transport.shutdown()
    }
  }

  @Test(
    "an encrypted key is told as one, with what to do",
    arguments: [
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII=\n-----END ENCRYPTED PRIVATE KEY-----\n",
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0\n\nMII=\n",
    ])
  func encryptedKey(text: String) async throws {
    try await TestCertificates.use { files async throws in
      let path = files.authority + ".key"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let tls = ClientTLS(certificate: files.client.certificate, key: path)
      let error = #expect(throws: TransportError.self) {
        try HTTPTransport("https://x/", options: .init(tls: tls))
      }
      #expect(error?.kind == .configuration)
      #expect(error?.reason == "the key file \(path) is encrypted")
      #expect(error?.hint?.contains("openssl pkey") == true)
    }
  }

  @Test("a file that cannot be used is named before anything is opened")
  func files() async throws {
    try await TestCertificates.use { files async throws in
      let clients = [
        ClientTLS(authorities: "/no/such.pem"), ClientTLS(authorities: files.client.key),
        ClientTLS(certificate: files.client.certificate, key: "/no/such.key"),
        ClientTLS(certificate: files.client.certificate),
      ]
      let reasons = [
        "the CA file /no/such.pem cannot be read", "the CA file \(files.client.key) cannot be read",
        "the key file /no/such.key cannot be read",
        "a client certificate needs its key, and a key its certificate",
      ]
      for (client, reason) in zip(clients, reasons) {
        let error = #expect(throws: TransportError.self) {
          try HTTPTransport("https://x/", options: .init(tls: client))
        }
        #expect(error?.kind == .configuration && error?.reason == reason)
      }
      let mixed = ServerTLS(certificate: files.server.certificate, key: files.client.key)
      let error = await #expect(throws: ListenError.self) {
        try await HTTPServer(.echo(), tls: mixed).start(port: 0)
      }
      #expect(error?.kind == .tls && error?.reason.hasSuffix("do not fit") == true)
    }
  }
}
