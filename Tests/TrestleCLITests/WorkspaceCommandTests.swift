import Foundation
import Testing
import Trestle

@testable import TrestleCLI

@Suite("Making and reading workspaces")
struct WorkspaceCommandTests {
  private func made() async throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let ran = await directory.run(["init"], registry: .standard)
    #expect(ran.status == 0)
    return directory
  }

  @Test("init says what it made and what to try")
  func initText() async throws {
    let directory = try TemporaryDirectory()
    let ran = await directory.run(["init", "demo"], registry: .standard)
    #expect(
      ran
        == Ran(
          status: 0,
          out: """
            A workspace with three legacy systems is in DIR/demo:
              adapters/stock.yaml       SOAP, contract in wsdl/stock
              adapters/translator.yaml  XML-RPC
              adapters/boiler.yaml      a protocol of its own over TCP
              workflows/reorder.yaml    a workflow that calls all three, and its tests

            Try:
              cd DIR/demo
              trestle call stock GetStock sku=A-1 --mock
              trestle mock
              trestle test

            """, err: ""))
    #expect(directory.exists("demo/.trestle/schema/adapter.json"))
  }

  @Test("what init made has no mistakes")
  func initIsClean() async throws {
    let ran = try await made().run(["list", "--strict"], registry: .standard)
    #expect(
      ran
        == Ran(
          status: 0,
          out: """
            SYSTEM      PROTOCOL    OPS  ENDPOINT                     MOCK
            boiler      custom_tcp    1  tcp://127.0.0.1:8203         :8203
            stock       soap          1  http://127.0.0.1:8201/stock  :8201
            translator  xml_rpc       2  http://127.0.0.1:8202/RPC2   :8202

            """, err: ""))
  }

  @Test(
    "each system that init made can be called",
    arguments: [
      (
        "stock GetStock sku=A-1",
        #"{"quantity":42,"price":{"_currency":"EUR","_text":"19.90"},"countedOn":"2026-01-15"}"#
      ),
      ("translator translate text=Hallo to=en", #"{"text":"Hallo (en)","confidence":0.98}"#),
      ("translator languages", #"["de","en","fr"]"#),
      ("boiler read sensor=T1", #"{"value":"71.5","unit":"C"}"#),
    ])
  func initSystems(command: String, reply: String) async throws {
    let words = ["call"] + command.split(separator: " ").map(String.init) + ["--mock"]
    #expect(
      try await made().run(words, registry: .standard) == Ran(status: 0, out: reply + "\n", err: "")
    )
  }

  @Test(
    "each fault that init made is told in its protocol's words",
    arguments: [
      ("stock GetStock sku=X-0", "error: SOAP call failed: no item X-0 (Client)\n"),
      ("boiler read sensor=T9", "error: TCP call failed: no such sensor (E404)\n"),
    ])
  func initFaults(command: String, message: String) async throws {
    let words = ["call"] + command.split(separator: " ").map(String.init) + ["--mock"]
    let ran = try await made().run(words, registry: .standard)
    #expect(ran.status == 1)
    #expect(ran.err.hasPrefix(message))
  }

  @Test("init overwrites nothing")
  func initTwice() async throws {
    let directory = try await made()
    try directory.write("mine", to: "adapters/stock.yaml")
    #expect(
      await directory.run(["init"], registry: .standard)
        == Ran(
          status: 3, out: "",
          err: """
            error: DIR/adapters/stock.yaml is there already; nothing was written
              choose another name or directory, or move it away

            """))
    #expect(directory.text(of: "adapters/stock.yaml") == "mine")
  }

  @Test("where there is no workspace, every command says how to make one")
  func noWorkspace() async throws {
    let directory = try TemporaryDirectory()
    for words in [["list"], ["mock"], ["call", "stock", "GetStock"], ["describe", "stock"]] {
      #expect(
        await directory.run(words)
          == Ran(
            status: 3, out: "",
            err: """
              error: no workspace here: DIR has no adapter files (adapters/NAME.yaml)
                trestle init makes an example here; trestle import FILE.wsdl makes one of a contract;
                --dir DIR names another directory; or name a file instead of a system

              """))
    }
  }

  @Test("a directory that is not there is told")
  func noDirectory() async throws {
    let ran = try await TemporaryDirectory().run(["list", "--dir", "/nowhere/at/all"])
    #expect(ran.status == 3)
    #expect(ran.err.hasPrefix("error: no such directory: /nowhere/at/all\n"))
  }

  @Test("a broken adapter file is told with its place, and hides no other")
  func brokenFile() async throws {
    let directory = try TemporaryDirectory.orders()
    try directory.write("system: [broken\nprotocol: toy\n", to: "adapters/broken.yaml")
    let list = await directory.run(["list"])
    #expect(list.status == 3)
    #expect(list.out.contains("orders  toy"))
    #expect(list.err.hasPrefix("adapters/broken.yaml:2:9: error: this is no YAML: "))

    let call = await directory.run(["call", "broken", "GetOrder"])
    #expect(call.status == 3)
    #expect(
      call.err.hasSuffix("error: No adapter for system: broken\n  its file may be one of those\n"))
    #expect(await directory.run(["call", "orders", "GetOrder", "id=1", "--mock"]).status == 0)
  }

  @Test("an unknown protocol is told in the document's words")
  func unknownProtocol() async throws {
    let directory = try TemporaryDirectory(["adapters/x.yaml": "protocol: toi\n"])
    #expect(
      await directory.run(["call", "x", "Y"])
        == Ran(
          status: 3, out: "",
          err: """
            adapters/x.yaml:1:11: error: Unsupported protocol: toi; did you mean "toy"?
              known protocols: toy

            """))
  }

  @Test("with -o json a mistake in a file is JSON, with its place")
  func mistakesAsJSON() async throws {
    let directory = try TemporaryDirectory(["adapters/x.yaml": "protocol: toi\n"])
    let ran = await directory.run(["describe", "x", "-o", "json"])
    #expect(ran.status == 3)
    #expect(
      ran.err.hasPrefix(
        #"{"error":{"kind":"configuration","file":"adapters/x.yaml","line":1,"column":11,"#))
  }

  @Test("with --strict a warning is an error")
  func strict() async throws {
    let directory = try TemporaryDirectory.orders()
    let words = ["call", "orders", "GetOrder", "id=1", "--mock"]
    #expect(await directory.run(words).status == 0)
    let strict = await directory.run(words + ["--strict"])
    #expect(strict.status == 3)
    #expect(strict.err.contains("warning: the contract does not allow this: odd is not known"))
    #expect(await directory.run(["list", "--strict"]).status == 3)
  }

  @Test("list --running shows what a running process wrote, and nothing of one that is gone")
  func running() async throws {
    let directory = try TemporaryDirectory.orders()
    func runFile(_ pid: Int32) -> String {
      """
      {"pid": \(pid), "started": "2026-01-15T09:30:00Z",
       "mocks": {"orders": {"protocol": "toy", "endpoint": "http://127.0.0.1:4242/orders"}}}
      """
    }
    try directory.write(runFile(ProcessInfo.processInfo.processIdentifier), to: ".trestle/run.json")
    #expect(
      await directory.run(["list", "--running", "-q"]).out == """
        SYSTEM  PROTOCOL  ENDPOINT
        orders  toy       http://127.0.0.1:4242/orders

        """)
    try directory.write(runFile(Int32.max), to: ".trestle/run.json")
    #expect(
      await directory.run(["list", "--running"])
        == Ran(
          status: 0, out: "", err: "no mocks are running here; trestle mock starts them\n"))
  }
}
