import Foundation
import Testing
import Trestle

@testable import TrestleCLI

@Suite("The program itself", .timeLimit(.minutes(1)))
struct BinaryTests {
  private func workspace() async throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    _ = await directory.run(["init"], registry: .standard)
    return directory
  }

  /// The address a line of a mock names.
  private func address(_ line: String) throws -> String {
    try String(#require(line.split(separator: " ").first { $0.contains("://") }))
  }

  @Test("mocks say where they listen, answer calls, log them, and stop cleanly")
  func mocks() async throws {
    let directory = try await workspace()
    let mocks = try Binary.start(["mock", "--ports", "auto"], in: directory)
    let lines = await mocks.notes(lines: 4)
    #expect(
      lines.map { $0.split(separator: " ").first } == ["boiler", "stock", "translator", "steered"])
    let stock = try address(lines[1])
    #expect(stock.hasPrefix("http://127.0.0.1:"))
    #expect(lines[1].hasSuffix("  soap, 1 operation, ?wsdl"))

    let running = try await Binary.run(["list", "--running", "-q", "-o", "json"], in: directory)
    #expect(running.out.contains(stock))

    let call = try await Binary.run(
      ["call", "stock", "GetStock", "sku=A-1", "--endpoint", stock], in: directory)
    #expect(call.status == 0)
    #expect(call.out.hasPrefix(#"{"quantity":42,"#))
    let logged = await mocks.notes(lines: 1)
    #expect(logged.first?.contains(" stock GetStock sku=A-1 → response ") == true, "\(logged)")

    let fault = try await Binary.run(
      ["call", "boiler", "read", "sensor=T9", "--endpoint", address(lines[0])], in: directory)
    #expect(fault.status == 1)
    #expect(fault.err.hasPrefix("error: TCP call failed: no such sensor (E404)\n"))

    mocks.interrupt()
    let ended = await mocks.finished()
    #expect(ended.status == 130)
    #expect(ended.err.hasSuffix("stopped\n"))
    #expect(!directory.exists(".trestle/run.json"))
  }

  @Test("a mock ends with 0 when it is asked to terminate, and its log may be JSON")
  func terminated() async throws {
    let directory = try await workspace()
    let mock = try Binary.start(["mock", "stock", "--port", "0", "-o", "json"], in: directory)
    let lines = await mock.data(lines: 1)
    mock.terminate()
    #expect(await mock.finished().status == 0)
    #expect(
      lines.first?.hasPrefix(
        #"{"event":"listening","system":"stock","protocol":"soap","endpoint":"http://127.0.0.1:"#)
        == true)
  }

  @Test("a busy port is told by system and number, with exit code 4")
  func busyPort() async throws {
    let directory = try await workspace()
    let first = try Binary.start(["mock", "stock", "--port", "0"], in: directory)
    let line = await first.notes(lines: 2)
    let address = try address(#require(line.first))
    let port = try #require(URL(string: address)?.port)
    let second = try await Binary.run(["mock", "stock", "--port", "\(port)"], in: directory)
    #expect(second.status == 4)
    #expect(second.err.hasPrefix("error: stock: port \(port) on 127.0.0.1 is in use\n"))
    first.terminate()
    #expect(await first.finished().status == 0)
  }

  /// What run.json says of the admin API; null where it says nothing.
  private func told(_ directory: TemporaryDirectory) throws -> Value {
    let text = try #require(directory.text(of: ".trestle/run.json"))
    return try JSONParser.parse(text)["admin"] ?? .null
  }

  @Test("a call that finds nobody is told where the system's mock runs")
  func elsewhere() async throws {
    let directory = try await workspace()
    let mock = try Binary.start(["mock", "stock", "--port", "0"], in: directory)
    let address = try address(#require(await mock.notes(lines: 2).first))
    let call = try await Binary.run(
      ["call", "stock", "GetStock", "sku=A-1", "--endpoint", "http://127.0.0.1:1/"], in: directory)
    #expect(call.status == 4)
    #expect(call.err.hasSuffix("its mock runs at another place: --endpoint \(address)\n"))
    mock.terminate()
    _ = await mock.finished()
  }

  @Test("mocks are steered where run.json says, which only its owner can read")
  func admin() async throws {
    let directory = try await workspace()
    let mock = try Binary.start(["mock", "--ports", "auto"], in: directory)
    let lines = await mock.notes(lines: 4)
    let admin = try told(directory)
    let url = try #require(admin["url"]?.stringValue)
    #expect(lines.last == "steered at \(url)/v1/mocks")
    #expect(admin["token"] == nil)
    let path = directory.path + "/.trestle/run.json"
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(permissions as? Int == 0o600)
    let port = try #require(URL(string: url)?.port)
    let answer = try await Binary.bash(
      """
      exec 3<>/dev/tcp/127.0.0.1/\(port)
      printf 'GET /v1/mocks HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3
      cat <&3
      """, in: directory)
    #expect(answer.out.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.out.contains(#"{"mocks":[{"system":"boiler","#))
    mock.terminate()
    #expect(await mock.finished().status == 0)
  }

  @Test("mistakes in the files of what is mocked are told as list tells them")
  func mistakes() async throws {
    let directory = try TemporaryDirectory([
      "adapters/stock.yaml": """
      protocol: xml_rpc
      mock:
        data: { goods: { file: goods.csv, key: id } }
        misbehave: { late: soon }
        responses: { ask: "{{now('YYYY')}}" }
      """
    ])
    let list = try await Binary.run(["list"], in: directory)
    #expect(list.status == 3)
    let lines = list.err.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("goods.csv") }, "\(list.err)")
    #expect(lines.contains { $0.hasPrefix("adapters/stock.yaml:5:") && $0.contains("YYYY") })
    let mock = try Binary.start(["mock", "--ports", "auto"], in: directory)
    let told = await mock.notes(lines: lines.count)
    #expect(told.prefix(lines.count) == lines[...])
    mock.terminate()
    _ = await mock.finished()
    let strict = try await Binary.run(["mock", "--ports", "auto", "--strict"], in: directory)
    #expect(strict.status == 3)
  }

  @Test("a second process with mocks leaves the first one's run.json alone, and both are steered")
  func twoProcesses() async throws {
    let directory = try await workspace()
    let run = { (line: String) in
      try await Binary.run(line.split(separator: " ").map(String.init), in: directory)
    }
    let first = try Binary.start(["mock", "stock", "--port", "0"], in: directory)
    _ = await first.notes(lines: 2)
    let told = directory.text(of: ".trestle/run.json")
    let second = try Binary.start(["mock", "boiler", "--port", "0"], in: directory)
    let lines = await second.notes(lines: 3)
    #expect(
      lines.last?.hasPrefix("another process runs mocks here too; these are told of in") == true)
    #expect(directory.text(of: ".trestle/run.json") == told)
    #expect(try await run("stub list stock -q").status == 0)
    let boiler = try await run("stub list boiler")
    #expect(boiler.out.contains("boiler"), "\(boiler)")
    #expect(boiler.err.hasPrefix("steering process "))
    let either = try await run("stub list")
    #expect(either.status == 2)
    #expect(either.err.contains("2 processes run mocks here"))
    #expect(either.err.contains("(boiler): --admin http://127.0.0.1:"))
    let list = try await run("list --running -q")
    #expect(list.out.contains("stock") && list.out.contains("boiler"))
    second.terminate()
    _ = await second.finished()
    #expect(directory.text(of: ".trestle/run.json") == told)
    #expect(try await run("stub list").status == 0)
    first.terminate()
    _ = await first.finished()
    #expect(directory.names(in: ".trestle").allSatisfy { !$0.hasPrefix("run") })
  }

  @Test("steering beyond this machine needs a token, which run.json tells")
  func wideAdmin() async throws {
    let directory = try await workspace()
    let words = ["mock", "--ports", "auto", "--admin-host", "0.0.0.0", "-o", "json"]
    let mock = try Binary.start(words, in: directory)
    let lines = await mock.data(lines: 4)
    let admin = try told(directory)
    let url = try #require(admin["url"]?.stringValue)
    #expect(lines.last == #"{"event":"admin","url":"\#(url)","token":true}"#)
    #expect(admin["token"]?.stringValue?.count == 48)
    mock.terminate()
    _ = await mock.finished()
    // Nowhere to tell a token in.
    let bare = try TemporaryDirectory()
    try bare.write(try #require(directory.text(of: "wsdl/stock/stock.wsdl")), to: "stock.wsdl")
    let refused = try await Binary.run(
      ["mock", "stock.wsdl", "--port", "0", "--admin-host", "0.0.0.0"], in: bare)
    #expect(refused.status == 2)
    #expect(refused.err.contains("set TRESTLE_ADMIN_TOKEN"))
  }

  @Test("without an admin API nothing is steered")
  func noAdmin() async throws {
    let directory = try await workspace()
    let mock = try Binary.start(["mock", "stock", "--port", "0", "--no-admin"], in: directory)
    _ = await mock.notes(lines: 1)
    #expect(try told(directory) == .null)
    mock.terminate()
    #expect(await mock.finished().err == "stopped\n")
  }

  @Test("a busy admin port is told, and no mock is left running")
  func busyAdminPort() async throws {
    let directory = try await workspace()
    let first = try Binary.start(["mock", "--ports", "auto"], in: directory)
    _ = await first.notes(lines: 4)
    let url = try told(directory)["url"]?.stringValue
    let port = try #require(url.flatMap { URL(string: $0)?.port })
    let second = try await Binary.run(
      ["mock", "stock", "--port", "0", "--admin-port", "\(port)"], in: directory)
    #expect(second.status == 4)
    #expect(
      second.err.hasPrefix(
        "error: the admin API cannot listen: port \(port) on 127.0.0.1 is in use\n"))
    first.terminate()
    _ = await first.finished()
  }

  @Test("changed answers are taken up while mocks run")
  func watch() async throws {
    let directory = try await workspace()
    let mock = try Binary.start(["mock", "stock", "--port", "0", "--no-admin"], in: directory)
    let line = await mock.notes(lines: 1)
    let address = try address(#require(line.first))
    let text = try #require(directory.text(of: "adapters/stock.yaml"))
    try directory.write(
      text.replacingOccurrences(of: "quantity: 42", with: "quantity: 7"),
      to: "adapters/stock.yaml")
    let noted = await mock.notes(lines: 1)
    #expect(noted.first?.hasSuffix("answers are new: stock") == true)
    let call = try await Binary.run(
      ["call", "stock", "GetStock", "sku=A-1", "--endpoint", address], in: directory)
    #expect(call.out.hasPrefix(#"{"quantity":7,"#))
    mock.terminate()
    _ = await mock.finished()
  }

  @Test(
    "bash completes systems, operations and parameters from the workspace",
    arguments: [
      ("call st", "stock"), ("call stock Get", "GetStock"),
      ("call stock GetStock ", "sku= warehouse="), ("describe tr", "translator"),
      ("mock bo", "boiler"), ("stub set st", "stock"), ("stub set stock Get", "GetStock"),
      ("scenario sw", "switch"),
    ])
  func completion(line: String, offers: String) async throws {
    let ran = try await Binary.bash(
      """
      source <(trestle completions bash)
      COMP_LINE="trestle \(line)"; COMP_POINT=${#COMP_LINE}
      read -ra COMP_WORDS <<<"$COMP_LINE"; [[ $COMP_LINE == *" " ]] && COMP_WORDS+=("")
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
      _trestle trestle "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      echo "${COMPREPLY[*]}"
      """, in: workspace())
    #expect(ran == Ran(status: 0, out: offers + "\n", err: ""))
  }

  @Test("a mistake on the command line is exit code 2, and nothing on standard output")
  func mistake() async throws {
    let ran = try await Binary.run(["cal"], in: TemporaryDirectory())
    #expect(ran.status == 2)
    #expect(ran.out.isEmpty)
    #expect(ran.err.hasPrefix("error: no command \"cal\"; did you mean \"call\"?\n"))
  }

  @Test(
    "decode takes a body alone, and with --strict nothing that it would warn of",
    arguments: [
      ("lax", "", " 1 ", 0), ("lax", "--strict", " 1 ", 5), ("lax", "--strict", "1", 0),
      ("strict", "", " 1 ", 5), ("strict", "", "1", 0),
    ])
  func decodeStrictly(_ system: String, _ option: String, _ text: String, _ status: Int32)
    async throws
  {
    let directory = try TemporaryDirectory([
      "adapters/lax.yaml": "protocol: xml_rpc\n",
      "adapters/strict.yaml": "protocol: xml_rpc\nstrict: true\n",
    ])
    let value = "<params><param><value><int>\(text)</int></value></param></params>"
    for (document, words) in [
      ("<methodCall><methodName>m</methodName>\(value)</methodCall>", system),
      ("<methodResponse>\(value)</methodResponse>", "\(system) m --reply"),
    ] {
      let ran = try await Binary.bash(
        "printf '\(document)' | trestle decode \(words) \(option)", in: directory)
      #expect(ran.status == status, "\(ran)")
    }
  }

  @Test(
    "parameters may be given by position, and services are asked about themselves",
    arguments: [
      ("call translator translate params:=[\"hello\",\"fr\"] --mock", true),
      ("encode translator translate params:=[\"hello\",\"fr\"]", true),
      ("call translator system.listMethods --mock", true),
      ("call translator system.methodHelp method=translate --mock", true),
      ("call translator system.methodHelp params:=[\"translate\"] --mock", true),
      (
        "call translator system.multicall calls:=[{\"methodName\":\"system.listMethods\",\"params\":[]}] --mock",
        true
      ),
      ("describe translator system.multicall", true),
      ("call translator system.nothing --mock", false),
      ("call stock GetStock params:=[1] --mock", false),
    ])
  func positions(_ line: String, _ isTaken: Bool) async throws {
    let directory = try await workspace()
    let ran = try await Binary.run(line.split(separator: " ").map(String.init), in: directory)
    #expect((ran.status == 0) == isTaken, "\(ran)")
  }

  @Test(
    "what a protocol has no place for is refused, not passed over",
    arguments: [
      ("call boiler read sensor=T1 --auth basic:ada:x", "boiler does not speak HTTP"),
      ("call boiler read sensor=T1 -H Trace:7", "boiler does not speak HTTP"),
      ("call boiler read --xml <a/>", "boiler speaks no XML"),
      ("call boiler read sensor=T1 _headers.trace=7", "messages of custom_tcp have no headers"),
      ("call boiler read sensor=T1 --endpoint http://x", "is not the address of a TCP system"),
      (
        "call translator languages --endpoint ftp://x", "has no http:// or https:// before the host"
      ),
      (
        "call translator languages --endpoint unix:///x",
        "does not say what is spoken on the socket"
      ),
      ("encode boiler read sensor=T1 _headers.trace=7", "messages of custom_tcp have no headers"),
      ("call translator translate _headers.trace=7", "messages of xml_rpc have no headers"),
    ])
  func misplaced(_ line: String, _ message: String) async throws {
    let directory = try await workspace()
    let ran = try await Binary.run(line.split(separator: " ").map(String.init), in: directory)
    #expect(ran.status == 2, "\(ran)")
    #expect(ran.err.contains(message), "\(ran)")
  }
}
