import Synchronization
import Testing
import TrestleCore
import TrestleNet
import TrestleSOAP

@testable import Trestle

@Suite("Fetching a contract")
struct ContractFetchTests {
  private static func wsdl(_ imports: String = "", types: String = "") -> DocumentServer.Page {
    DocumentServer.Page(
      """
      <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:t">\(imports)
      <types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
      \(types)</xs:schema></types></definitions>
      """)
  }

  private static func schema(_ inner: String = "", namespace: String = "urn:a")
    -> DocumentServer.Page
  {
    DocumentServer.Page(
      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"\(namespace)\">"
        + "\(inner)</xs:schema>")
  }

  private static func schemaImport(_ location: String, _ namespace: String = "urn:a") -> String {
    "<xs:import namespace=\"\(namespace)\" schemaLocation=\"\(location)\"/>"
  }

  private func fetch(
    _ url: String, _ options: ContractFetch.Options = .init(), keeping lock: ContractLock? = nil,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> ContractFetch.Result {
    try await ContractFetch(try #require(WebAddress(url)), options: options, progress: progress)
      .run(keeping: lock)
  }

  private func failure(
    _ url: String, _ options: ContractFetch.Options = .init()
  ) async -> ContractFetch.Failure? {
    await #expect(throws: ContractFetch.Failure.self) { _ = try await fetch(url, options) }
  }

  @Test("relative, absolute, query and circular imports are followed, each document once")
  func imports() async throws {
    let pages = [
      "/ws/api?wsdl": Self.wsdl(
        "<import namespace=\"urn:p\" location=\"api?wsdl=part\"/>",
        types: Self.schemaImport("../xsd/a.xsd") + "<xs:include schemaLocation=\"?xsd=1\"/>"),
      "/ws/api?wsdl=part": Self.wsdl("<import namespace=\"urn:t\" location=\"/ws/api?wsdl\"/>"),
      "/ws/api?xsd=1": Self.schema(
        "<xs:redefine schemaLocation=\"http://127.0.0.1:PORT/xsd/b.xsd#top\"/>", namespace: "urn:t"),
      "/xsd/a.xsd": Self.schema(
        "<xs:include schemaLocation='b.xsd'/><xs:include schemaLocation='a.xsd'/>"),
      "/xsd/b.xsd": Self.schema("<xs:include schemaLocation='./x/../a.xsd'/>"),
    ]
    let seen = Mutex<[String]>([])
    try await DocumentServer.run(pages) { server, port async throws in
      let base = "http://127.0.0.1:\(port)"
      let result = try await fetch(base + "/ws/api?wsdl") { line in
        seen.withLock { $0.append(line) }
      }
      #expect(
        result.documents.map(\.path)
          == ["api.wsdl", "api-part.wsdl", "a.xsd", "api-1.xsd", "b.xsd"])
      #expect(
        result.documents.map { $0.addresses.map(\.description) }
          == ["/ws/api?wsdl", "/ws/api?wsdl=part", "/xsd/a.xsd", "/ws/api?xsd=1", "/xsd/b.xsd"]
          .map { [base + $0] })
      #expect(result.diagnostics == [])
      #expect(server.requests.count == 5)
      let first = try #require(pages["/ws/api?wsdl"]).body
      #expect(result.documents[0].bytes == Array(first.utf8), "bytes are kept as they are")
      #expect(seen.withLock { $0 }.first == "\(base)/ws/api?wsdl → api.wsdl")
    }
  }

  @Test("what a document says of others is relative to where it was in the end")
  func redirected() async throws {
    try await DocumentServer.run([
      "/x?wsdl": .moved("/deep/y?wsdl"),
      "/deep/y?wsdl": Self.wsdl(types: Self.schemaImport("a.xsd")),
      "/deep/a.xsd": Self.schema(Self.schemaImport("/x?wsdl", "urn:t")),
    ]) { server, port async throws in
      let base = "http://127.0.0.1:\(port)"
      let result = try await fetch(base + "/x?wsdl")
      #expect(result.documents.map(\.path) == ["y.wsdl", "a.xsd"])
      #expect(
        result.documents[0].addresses.map(\.description) == [
          base + "/deep/y?wsdl", base + "/x?wsdl",
        ])
      #expect(server.requests.count == 3)
    }
  }

  @Test("another host is left out with a word, and fetched from when it is named")
  func otherHost() async throws {
    try await DocumentServer.run([
      "/x?wsdl": Self.wsdl(types: "\n" + Self.schemaImport("http://localhost:PORT/far.xsd")),
      "/far.xsd": Self.schema(),
    ]) { server, port async throws in
      let url = "http://127.0.0.1:\(port)/x?wsdl"
      var options = ContractFetch.Options()
      options.credentials = .bearer("hush")
      options.headers = ["X-Key": "hush"]
      let result = try await fetch(url, options)
      #expect(result.documents.count == 1 && server.requests.count == 1)
      let found = try #require(result.diagnostics.first)
      #expect(
        found.description == "x.wsdl:4: warning: the xs:import of http://localhost:\(port)/far.xsd"
          + " is not fetched: localhost is another host than the contract's"
          + " (--allow-host localhost fetches from there too)")
      options.allowedHosts = ["LOCALHOST"]
      #expect(try await fetch(url, options).documents.map(\.path) == ["x.wsdl", "far.xsd"])
      let far = try #require(server.requests.last)
      #expect(far.headers["Authorization"] == nil && far.headers["X-Key"] == nil)
      let near = server.requests[server.requests.count - 2]
      #expect(near.headers["Authorization"] == "Bearer hush" && near.headers["X-Key"] == "hush")
    }
  }

  @Test("a redirect to another host is not followed")
  func redirectedAway() async throws {
    try await DocumentServer.run([
      "/x?wsdl": .moved("http://localhost:PORT/y?wsdl"), "/y?wsdl": Self.wsdl(),
    ]) { server, port async throws in
      let failure = await failure("http://127.0.0.1:\(port)/x?wsdl")
      #expect(failure?.message.contains("it redirects to http://localhost:\(port)/y?wsdl") == true)
      #expect(failure?.hint == "--allow-host localhost fetches from there too")
      #expect(server.requests.count == 1)
    }
  }

  @Test("schemas that come with Trestle are not fetched, and their absence is no matter")
  func bundled() async throws {
    try await DocumentServer.run([
      "/x?wsdl": Self.wsdl(
        types: Self.schemaImport(
          "http://www.w3.org/2001/xml.xsd", "http://www.w3.org/XML/1998/namespace")
          + Self.schemaImport(
            "http://www.w3.org/2001/XMLSchema.xsd", "http://www.w3.org/2001/XMLSchema"))
    ]) { server, port async throws in
      let result = try await fetch("http://127.0.0.1:\(port)/x?wsdl")
      #expect(result.documents.count == 1 && result.diagnostics == [])
      #expect(server.requests.count == 1)
    }
  }

  @Test(
    "locations that are no address of the web are left out with a word",
    arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x.xsd", "http://u:p@127.0.0.1/x"])
  func otherSchemes(location: String) async throws {
    try await DocumentServer.run(["/x?wsdl": Self.wsdl(types: Self.schemaImport(location))]) {
      server, port async throws in
      let result = try await fetch("http://127.0.0.1:\(port)/x?wsdl")
      #expect(result.documents.count == 1 && server.requests.count == 1)
      #expect(result.diagnostics.first?.message.contains("is no address of the web") == true)
    }
  }

  @Test("a document that is not to be had ends it, and says who speaks of it")
  func missing() async throws {
    try await DocumentServer.run([
      "/x?wsdl": Self.wsdl(types: Self.schemaImport("gone.xsd")),
      "/page?wsdl": Self.wsdl(types: Self.schemaImport("login.xsd")),
      "/login.xsd": .init("<html><body/></html>"),
      "/torn?wsdl": Self.wsdl(types: Self.schemaImport("torn.xsd")), "/torn.xsd": .init("<xs:a"),
    ]) { _, port async throws in
      let base = "http://127.0.0.1:\(port)"
      let gone = await failure(base + "/x?wsdl")
      #expect(gone?.message == "\(base)/gone.xsd (x.wsdl:3) cannot be fetched: HTTP 404")
      let page = await failure(base + "/page?wsdl")
      #expect(
        page?.message
          == "\(base)/login.xsd, which page.wsdl:3 imports, is no WSDL or schema: its root is html")
      let torn = await failure(base + "/torn?wsdl")
      #expect(
        torn?.message.hasPrefix("\(base)/torn.xsd, which torn.wsdl:3 imports, cannot be read:")
          == true, "\(torn?.message ?? "")")
    }
  }

  @Test("a document that is not there is no matter where its schema comes with Trestle")
  func replaced() async throws {
    let namespace = "http://www.w3.org/2005/08/addressing"
    try await DocumentServer.run([
      "/x?wsdl": Self.wsdl(types: Self.schemaImport("/schemas/ws-addr.xsd", namespace))
    ]) { _, port async throws in
      let result = try await fetch("http://127.0.0.1:\(port)/x?wsdl")
      #expect(result.documents.count == 1)
      #expect(
        result.diagnostics.map(\.message) == [
          "http://127.0.0.1:\(port)/schemas/ws-addr.xsd (x.wsdl:3) cannot be fetched: HTTP 404;"
            + " the schema that comes with Trestle is used"
        ])
    }
  }

  @Test("a start that is no WSDL is told")
  func noWSDL() async throws {
    try await DocumentServer.run(["/a.xsd": Self.schema(), "/": .init("<html/>")]) {
      _, port async throws in
      let base = "http://127.0.0.1:\(port)"
      #expect(await failure(base + "/a.xsd")?.message == "\(base)/a.xsd is a schema, no WSDL")
      let page = await failure(base)
      #expect(page?.message == "\(base)/ is no WSDL: its root is html")
      #expect(page?.hint == "the address of a WSDL often ends in ?wsdl")
    }
  }

  @Test("a contract without end is given up: by documents, steps, bytes and time")
  func limits() async throws {
    // Every document speaks of the next.
    try await DocumentServer.run({ request, _ in
      let number = Int(request.target.split(separator: "=").last ?? "") ?? 0
      let next = "?n=\(number + 1)"
      return number == 0
        ? Self.wsdl(types: Self.schemaImport(next)) : Self.schema(Self.schemaImport(next))
    }) { server, port async throws in
      let url = "http://127.0.0.1:\(port)/x?n=0"
      var options = ContractFetch.Options()
      options.limits.documents = 5
      #expect(await failure(url, options)?.message == "the contract has more than 5 documents")
      #expect(server.requests.count == 5)
      options.limits = .init()
      options.limits.depth = 3
      #expect(
        await failure(url, options)?.message
          == "the contract's imports lead on through more than 3 documents")
      options.limits = .init()
      options.limits.bytes = 2000
      let large = await failure(url, options)
      #expect(large?.message.contains("is larger than") == true, "\(large?.message ?? "")")
      options.limits = .init()
      options.limits.time = .zero
      let late = await failure(url, options)
      #expect(late?.message == "the contract took longer to fetch than 0 ms")
    }
  }

  @Test("documents keep the names they had")
  func names() async throws {
    try await DocumentServer.run([
      "/x?wsdl": Self.wsdl(types: Self.schemaImport("b/t.xsd") + Self.schemaImport("a/t.xsd")),
      "/a/t.xsd": Self.schema(), "/b/t.xsd": Self.schema(),
    ]) { _, port async throws in
      let base = "http://127.0.0.1:\(port)"
      let fresh = try await fetch(base + "/x?wsdl")
      #expect(fresh.documents.map(\.path) == ["x.wsdl", "t.xsd", "t-2.xsd"])
      let sum = String(repeating: "0", count: 64)
      let lock = ContractLock(
        "# \(base)/a/t.xsd\n\(sum)  t.xsd\n# \(base)/b/t.xsd\n\(sum)  ../../evil\n")
      let again = try await fetch(base + "/x?wsdl", keeping: lock)
      #expect(again.documents.map(\.path) == ["x.wsdl", "t-2.xsd", "t.xsd"])
    }
  }
}

@Suite("Names of fetched documents")
struct ContractFileNamesTests {
  private func names(
    _ addresses: [String], kind: ContractReferences.Kind = .schema
  ) throws -> [String] {
    var names = ContractFileNames()
    return try addresses.map { names.name(for: try #require(WebAddress($0)), kind: kind) }
  }

  @Test(
    "a name comes of the address and of what the document is",
    arguments: [
      ("http://h/a/types.xsd", "types.xsd"),
      ("http://h/ws/Service.svc?xsd=xsd0", "Service-xsd0.xsd"),
      ("http://h/ws?xsd=1", "ws-1.xsd"), ("http://h/ws?xsd=common%2Ftypes.xsd", "types.xsd"),
      ("http://h/ws?xsd=../../types.v1.xsd", "types.v1.xsd"), ("http://h/", "contract.xsd"),
      ("http://h/get.php?doc=a&v=2", "get-a-2.xsd"), ("http://h/ws?xsd", "ws.xsd"),
      ("http://h/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "2e-2e-2f-2e-2e-2fetc-2fpasswd.xsd"),
      ("http://h/..%5c..%5cboot.ini", "5c..-5cboot.xsd"), ("http://h/.hidden.xsd", "hidden.xsd"),
      ("http://h/x?xsd=..%2F..%2Fevil.xsd", "evil.xsd"), ("http://h/ü.xsd", "C3-BC.xsd"),
    ])
  func derived(address: String, name: String) throws {
    #expect(try names([address]) == [name])
  }

  @Test("no two documents have one name, also where case is folded")
  func collisions() throws {
    #expect(
      try names([
        "http://h/a/t.xsd", "http://h/b/T.xsd", "http://h/c/t.xsd", "http://h/t-2.xsd",
      ]) == ["t.xsd", "T-2.xsd", "t-3.xsd", "t-2-2.xsd"])
  }

  @Test("a long name is cut")
  func long() throws {
    let name = try names(["http://h/" + String(repeating: "a", count: 500)])[0]
    #expect(name == String(repeating: "a", count: 80) + ".xsd")
  }
}

@Suite("From where a contract is fetched")
struct FetchRulesTests {
  private func rules(
    _ start: String = "http://contracts.example/x?wsdl", allowing hosts: [String] = [],
    _ known: [String: [String]]
  ) async throws -> FetchRules {
    var rules = FetchRules(start: try #require(WebAddress(start)), allowing: hosts)
    try await rules.look { host throws(TransportError) in known[host] ?? [] }
    return rules
  }

  private func refusal(_ address: String, _ rules: FetchRules) throws -> FetchRules.Refusal? {
    rules.refusal(of: try #require(WebAddress(address)))
  }

  @Test(
    "where a proxy looks names up, hosts are judged by what they say of themselves",
    arguments: [
      ("http://contracts.example/x", "10.0.0.7", true),
      ("http://contracts.example/x", "[::1]", true),
      ("http://contracts.example/x", "api.localhost", true),
      ("http://contracts.example/x", "far.example", false),
      ("http://contracts.example/x", "93.184.216.34", false),
      ("http://10.0.0.1/x", "10.0.0.7", false),
    ])
  func namesAlone(_ start: String, _ host: String, _ isRefused: Bool) throws {
    let bare = try #require(WebAddress("http://\(host)/")).bareHost
    var rules = FetchRules(start: try #require(WebAddress(start)), allowing: [bare])
    rules.lookAtNames()
    #expect(try refusal("http://\(host)/y", rules) == (isRefused ? .privateHost(bare) : nil))
  }

  @Test("the contract's own host is fetched from, at any port")
  func own() async throws {
    let rules = try await rules(allowing: [], ["contracts.example": ["93.184.216.34"]])
    #expect(try refusal("https://Contracts.example:8443/y", rules) == nil)
    #expect(try refusal("http://other.example/", rules) == .otherHost("other.example"))
    #expect(try refusal("http://127.0.0.1/", rules) == .otherHost("127.0.0.1"))
    #expect(rules.addresses == ["contracts.example": "93.184.216.34"])
  }

  @Test("a public contract leads to no private host, whatever was allowed")
  func privateHosts() async throws {
    let rules = try await rules(
      allowing: ["Inner.example", "127.0.0.1", "far.example"],
      [
        "contracts.example": ["93.184.216.34"], "inner.example": ["8.8.8.8", "10.0.0.1"],
        "127.0.0.1": ["127.0.0.1"], "far.example": ["8.8.8.8"],
      ])
    #expect(try refusal("http://inner.example/", rules) == .privateHost("inner.example"))
    #expect(try refusal("http://127.0.0.1/", rules) == .privateHost("127.0.0.1"))
    #expect(try refusal("http://far.example/", rules) == nil)
  }

  @Test("a host with a private address beside its public one is public, and called by that one")
  func mixedHost() async throws {
    let rules = try await rules(
      allowing: ["127.0.0.1"],
      ["contracts.example": ["10.0.0.1", "93.184.216.34"], "127.0.0.1": ["127.0.0.1"]])
    #expect(rules.addresses["contracts.example"] == "93.184.216.34")
    #expect(try refusal("http://127.0.0.1/", rules) == .privateHost("127.0.0.1"))
  }

  @Test("a contract of one's own network leads where it was allowed to")
  func ownNetwork() async throws {
    let rules = try await rules(
      "http://[::1]:8080/x", allowing: ["127.0.0.1"], ["::1": ["::1"]])
    #expect(try refusal("http://[::1]/y", rules) == nil)
    #expect(try refusal("http://127.0.0.1/", rules) == nil)
    #expect(rules.addresses == [:])
  }
}

@Suite("The lock of a contract")
struct ContractLockTests {
  @Test("says where each file came from, in lines that sha256sum passes over")
  func text() throws {
    let address = try #require(WebAddress("http://h/x?wsdl"))
    let lock = ContractLock([
      ContractCopy(path: "b.xsd", bytes: []),
      ContractCopy(path: "a.wsdl", bytes: Array("abc".utf8), addresses: [address]),
    ])
    let text = """
      # http://h/x?wsdl
      ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.wsdl
      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.xsd

      """
    #expect(lock.text == text)
    #expect(ContractLock(text).pins == lock.pins)
    #expect(lock.catalog?.entries.map(\.file) == ["a.wsdl"])
  }

  @Test("lines that are none are passed over, and files that were files need no catalog")
  func oddLines() {
    let lock = ContractLock("# a remark\n\nnonsense\n0000 *x.xsd\n")
    #expect(lock.pins.map(\.path) == ["x.xsd"])
    #expect(lock.catalog == nil)
  }
}
