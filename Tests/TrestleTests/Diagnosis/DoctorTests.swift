import Foundation
import Testing
import TrestleCore

@testable import Trestle

@Suite("What the doctor says", .timeLimit(.minutes(1)))
struct DoctorTests {
  private static let healthy = MachineFacts(
    freeBytes: 64 << 30, openFiles: 65_536, libxml2: "2.9.14")

  private func look(
    _ files: TemporaryWorkspace, isOffline: Bool = true, machine: MachineFacts = healthy,
    patience: Duration = .seconds(10)
  ) async throws -> [Finding] {
    let workspace = try files.load(.standard)
    return await WorkspaceDoctor(workspace, machine: machine, patience: patience)
      .findings(isOffline: isOffline)
  }

  /// The findings of one kind, a line each.
  private func lines(_ findings: [Finding], _ check: Finding.Check) -> [String] {
    findings.filter { $0.check == check }.map { "\($0.level.rawValue): \($0.text)" }
  }

  // MARK: Files

  @Test("a workspace without mistakes is well, without its systems being called")
  func well() async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": "endpoint: http://127.0.0.1:1/\n" + FaultySystem.xmlRPC.adapter()
    ])
    let findings = try await look(files)
    #expect(findings.allSatisfy { $0.level == .ok }, "\(findings)")
    #expect(lines(findings, .files) == ["ok: files: 1 system, without mistakes"])
    #expect(lines(findings, .endpoint).isEmpty)
  }

  @Test("an empty directory is told what begins a workspace")
  func empty() async throws {
    let finding = try #require(try await look(try TemporaryWorkspace()).first)
    #expect(finding.level == .problem)
    #expect(finding.remedy == "trestle init")
  }

  @Test("what is missing of files, variables and secrets is told with its place and what mends it")
  func missing() async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": """
      protocol: xml_rpc
      endpoint: ${env:TRESTLE_NOT_SET_ANYWHERE}
      auth: { basic: { user: u, password: "${secret:not there}" } }
      mock:
        data: { people: { file: people.csv, key: id } }
      """
    ])
    let findings = try await look(files, isOffline: false)
    let told = findings.filter { $0.check == .files && $0.level == .problem }
    func one(_ words: String) throws -> Finding {
      try #require(told.first { $0.message.contains(words) }, "\(told)")
    }
    let variable = try one("TRESTLE_NOT_SET_ANYWHERE is not set")
    #expect(variable.text.hasPrefix("adapters/host.yaml:2:"))
    #expect(variable.remedy?.hasPrefix("set it") == true)
    #expect(try one("no secret not there").remedy?.contains("TRESTLE_SECRET_NOT_THERE") == true)
    // A system that cannot be used is not called.
    #expect(lines(findings, .endpoint).isEmpty)
  }

  @Test("a missing data file is a problem")
  func data() async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml":
        FaultySystem.xmlRPC.adapter("  data: { people: { file: people.csv, key: id } }")
    ])
    let told = lines(try await look(files), .files)
    #expect(told.count == 1)
    #expect(told.first?.contains("people.csv") == true, "\(told)")
    #expect(told.first?.hasPrefix("problem: adapters/host.yaml:") == true)
  }

  @Test("a contract that is not what was imported is a warning")
  func contract() async throws {
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": "protocol: soap\nwsdl: ../wsdl/host/host.wsdl\n",
      "wsdl/host/host.wsdl": "<nothing/>",
      "wsdl/host/trestle.lock": String(repeating: "0", count: 64) + "  host.wsdl\n",
    ])
    #expect(
      lines(try await look(files), .contract) == [
        "warning: wsdl/host/host.wsdl: the file has changed since it was imported"
      ])
  }

  // MARK: Systems

  private func ask(
    _ system: FaultySystem, _ page: DocumentServer.Page, patience: Duration = .seconds(10)
  ) async throws -> [Finding] {
    try await DocumentServer.run({ _, _ in page }) { _, port in
      let files = try TemporaryWorkspace([
        "adapters/host.yaml": "endpoint: http://127.0.0.1:\(port)/s\n" + system.adapter()
      ])
      return try await look(files, isOffline: false, patience: patience)
    }
  }

  @Test(
    "what a system answers to a question that does nothing is told",
    arguments: [
      (FaultySystem.soap, 200, "<wsdl:definitions/>", "ok: host: shows its WSDL"),
      (.soap, 405, "", "ok: host: speaks HTTP, and shows no WSDL (HTTP 405)"),
      (.soap, 404, "", "warning: host: has nothing at /s, or shows no WSDL (HTTP 404)"),
      (.soap, 403, "", "warning: host: wants credentials (HTTP 403)"),
      (.soap, 503, "", "problem: host: cannot be reached by what stands before it (HTTP 503)"),
      (.xmlRPC, 404, "", "problem: host: has nothing at /s (HTTP 404)"),
      (.xmlRPC, 500, "", "problem: host: answers HTTP 500 to a call"),
    ])
  func answers(_ system: FaultySystem, _ status: Int, _ body: String, _ line: String) async throws {
    let findings = try await ask(system, DocumentServer.Page(body, status: status))
    #expect(lines(findings, .service) == [line])
    #expect(findings.allSatisfy { $0.check != .service || $0.level == .ok || $0.remedy != nil })
  }

  @Test("a system that asks who calls is there")
  func refusedAccess() async throws {
    let findings = try await ask(.soap, DocumentServer.Page("", status: 401))
    let finding = try #require(findings.first { $0.check == .service })
    #expect(finding.level == .warning)
    #expect(finding.message.hasSuffix("wants credentials (HTTP 401)"))
  }

  @Test("an XML-RPC service is asked for its methods, and what answers otherwise is none")
  func methods() async throws {
    try await XMLRPCServer.run({ _ in .value(["a", "b"]) }) { server, port in
      let files = try TemporaryWorkspace([
        "adapters/host.yaml": "endpoint: http://127.0.0.1:\(port)/s\n"
          + FaultySystem.xmlRPC.adapter()
      ])
      let findings = try await look(files, isOffline: false)
      #expect(
        lines(findings, .service) == ["ok: host: speaks XML-RPC, and lists 2 methods"])
      #expect(lines(findings, .endpoint) == ["ok: host: 127.0.0.1:\(port) takes connections"])
      #expect(server.calls == ["system.listMethods()"])
    }
    let findings = try await ask(.xmlRPC, DocumentServer.Page("<html/>"))
    #expect(
      lines(findings, .service).first?.hasPrefix("problem: host: what it answers is not XML-RPC")
        == true)
  }

  @Test(
    "a system that is not there is a problem, and its mock a remedy",
    arguments: [FaultySystem.soap, .tcp])
  func refused(_ system: FaultySystem) async throws {
    let port = 1
    let scheme = system == .tcp ? "tcp" : "http"
    let files = try TemporaryWorkspace([
      "adapters/host.yaml": "endpoint: \(scheme)://127.0.0.1:\(port)\n" + system.adapter()
    ])
    let findings = try await look(files, isOffline: false)
    #expect(
      lines(findings, .endpoint) == ["problem: host: connection refused by 127.0.0.1:\(port)"])
    #expect(
      findings.first { $0.check == .endpoint }?.remedy
        == "trestle mock host   (or start the service)")
    #expect(lines(findings, .service).isEmpty)
  }

  @Test("a system of a custom protocol is connected to, and sent nothing")
  func connected() async throws {
    try await FaultProxy.run(before: 1) { proxy, port in
      proxy.fault = .silence
      let files = try TemporaryWorkspace([
        "adapters/host.yaml": "endpoint: tcp://127.0.0.1:\(port)\n" + FaultySystem.tcp.adapter()
      ])
      let findings = try await look(files, isOffline: false)
      #expect(lines(findings, .endpoint) == ["ok: host: 127.0.0.1:\(port) takes connections"])
      #expect(lines(findings, .service).isEmpty)
      #expect(await eventually { proxy.open == 0 })
    }
  }

  @Test("who does not answer is not waited for", arguments: ["http", "https"])
  func silent(_ scheme: String) async throws {
    try await FaultProxy.run(before: 1) { proxy, port in
      proxy.fault = .silence
      let files = try TemporaryWorkspace([
        "adapters/host.yaml":
          "endpoint: \(scheme)://127.0.0.1:\(port)/s\n" + FaultySystem.soap.adapter()
      ])
      let start = ContinuousClock.now
      let findings = try await look(files, isOffline: false, patience: .milliseconds(200))
      #expect(start.duration(to: .now) < .seconds(8))
      let wrong = findings.filter { $0.level == .problem }
      #expect(wrong.map(\.check) == [scheme == "https" ? .certificate : .service])
      #expect(wrong.first?.remedy != nil)
      #expect(await eventually { proxy.open == 0 })
    }
  }

  @Test("a certificate is told when it has ended, and a month before")
  func certificates() {
    let end: Int64 = 1_800_000_000
    func finding(daysBefore days: Double) -> Finding {
      .certificate(
        until: end, of: "host", at: "h:443",
        now: WallTime(milliseconds: (end - Int64(days * 86_400)) * 1000))
    }
    #expect(finding(daysBefore: 40).level == .ok)
    #expect(
      finding(daysBefore: 9.5).message
        == "the TLS certificate of h:443 ends in 9 days, on 2027-01-15")
    #expect(finding(daysBefore: 9.5).level == .warning)
    #expect(finding(daysBefore: -1).message == "the TLS certificate of h:443 ended on 2027-01-15")
    #expect(finding(daysBefore: -1).level == .problem)
  }

  // MARK: Mocks

  @Test("a mock's port that another program has, or another mock wants too, is a problem")
  func ports() async throws {
    try await FaultProxy.run(before: 1) { _, port in
      let files = try TemporaryWorkspace([
        "adapters/a.yaml": FaultySystem.xmlRPC.adapter("  port: \(port)"),
        "adapters/b.yaml": FaultySystem.xmlRPC.adapter("  port: \(port)"),
      ])
      var findings = try await look(files)
      #expect(
        lines(findings, .port) == [
          "problem: a: port \(port) of its mock is in use by another program",
          "problem: b: its mock wants port \(port), which is the mock of a's too",
        ])
      #expect(findings.allSatisfy { $0.check != .port || $0.remedy != nil })
      // Were it a mock of ours, that would be as it should be.
      let pid = ProcessInfo.processInfo.processIdentifier
      try files.write(#"{"pid":\#(pid),"mocks":{"a":{"port":\#(port)}}}"#, to: ".trestle/run.json")
      findings = try await look(files)
      #expect(
        lines(findings, .port).first == "ok: a: its mock runs on port \(port), in process \(pid)")
      #expect(lines(findings, .runFile) == ["ok: run file: process \(pid) runs mocks here: a"])
    }
  }

  @Test("what a killed process has left is a warning, with the command that removes it")
  func leftovers() async throws {
    let files = try TemporaryWorkspace([
      "adapters/a.yaml": FaultySystem.xmlRPC.adapter(),
      ".trestle/run.json": #"{"pid":999999999,"mocks":{}}"#, ".trestle/run-1.json": "nonsense",
    ])
    let findings = try await look(files)
    #expect(
      lines(findings, .runFile) == [
        "warning: run file: .trestle/run.json is of a process that is gone",
        "warning: run file: .trestle/run-1.json is of a process that is gone",
      ])
    #expect(
      findings.first { $0.check == .runFile }?.remedy
        == "rm \(files.directory)/.trestle/run.json")
  }

  @Test("a journal that cannot be read is a problem, and one that can has a size")
  func journal() async throws {
    let files = try TemporaryWorkspace(["adapters/host.yaml": FaultySystem.xmlRPC.adapter()])
    #expect(lines(try await look(files), .journal).isEmpty)
    var options = MockRunner.Options(usesFreePorts: true)
    options.journal = .all(.batched)
    try await withMocks(try files.load(.standard), options: options) { _ in }
    let whole = lines(try await look(files), .journal)
    #expect(whole.first?.hasPrefix("ok: journal: readable, ") == true, "\(whole)")
    let broken = try TemporaryWorkspace([
      "adapters/host.yaml": FaultySystem.xmlRPC.adapter(),
      ".trestle/journal.sqlite": String(repeating: "no database ", count: 100),
    ])
    let finding = try #require(try await look(broken).first { $0.check == .journal })
    #expect(finding.level == .problem)
    #expect(finding.remedy?.hasPrefix("rm ") == true)
  }

  @Test(
    "little disk and few files are told, by how little",
    arguments: [
      (Int64(1) << 20, Int64(256), Finding.Level.problem, Finding.Level.warning),
      (500 << 20, 1024, .warning, .ok), (64 << 30, 65_536, .ok, .ok),
    ])
  func machine(
    _ free: Int64, _ openFiles: Int64, _ disk: Finding.Level, _ limits: Finding.Level
  ) {
    let findings = MachineFacts(freeBytes: free, openFiles: openFiles, libxml2: "2.9.14").findings
    #expect(findings.map(\.level) == [disk, limits, .ok])
    #expect(findings.map { $0.remedy != nil } == [disk != .ok, limits != .ok, false])
  }

  @Test("this machine tells what it has")
  func current() {
    let facts = MachineFacts.current(NSTemporaryDirectory())
    #expect(facts.libxml2.hasPrefix("2."))
    #expect((facts.freeBytes ?? 0) > 0)
    #expect((facts.openFiles ?? 1) > 0)
  }
}
