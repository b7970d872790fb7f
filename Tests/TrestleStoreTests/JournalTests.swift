import Foundation
import Testing
import TrestleCore

@testable import TrestleStore

@Suite("The journal")
struct JournalTests {
  @Test("what was exchanged is kept, with both sides' bytes and true sizes")
  func everything() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path)
    let lane = journal.lane(for: "echo", settings: JournalSettings(body: 8))
    let service = JournalFolder.service(recorder: lane)
    _ = service.handle(
      WireRequest(
        target: "/echo?a=1", headers: ["X-Trace": "7"], body: JournalFolder.body("hello world")))
    _ = service.handle(WireRequest(body: Array("garbage".utf8)))
    _ = service.handle(WireRequest(body: JournalFolder.body("boom")))
    await journal.close()
    let entries = try JournalFile(path: folder.path).entries(JournalQuery(isOldestFirst: true))
    #expect(entries.map(\.outcome) == [.ok, .unreadable, .fault])
    let first = try #require(entries.first)
    #expect(first.system == "echo")
    #expect(first.operation == "say")
    #expect(first.parameters == ["text": "hello world"])
    #expect(first.value == ["text": "hello world"])
    #expect(first.origin == "test")
    #expect(first.target == "/echo?a=1")
    #expect(first.status == 200)
    #expect(first.request?.headers["X-Trace"] == "7")
    #expect(first.request?.body == Array(JournalFolder.body("hello world").prefix(8)))
    #expect(first.request?.size == JournalFolder.body("hello world").count)
    #expect(first.request?.isCut == true)
    #expect(entries[1].error?.isEmpty == false)
    #expect(entries[2].fault?["message"] == "boom")
  }

  @Test("calls of several systems have their numbers in the order in which they came")
  func order() async throws {
    let folder = try JournalFolder()
    let clock = SteppedTime()
    let journal = try Journal(path: folder.path, now: clock.now)
    let services = ["a", "b", "c"].map { name in
      JournalFolder.service(recorder: journal.lane(for: name))
    }
    let order = [2, 0, 1, 1, 2, 0, 0, 2, 1]
    for (number, place) in order.enumerated() {
      clock.advance(bySeconds: 1)
      _ = services[place].handle(WireRequest(body: JournalFolder.body("\(number)")))
    }
    await journal.close()
    let entries = try JournalFile(path: folder.path).entries(JournalQuery(isOldestFirst: true))
    #expect(entries.map(\.system) == order.map { ["a", "b", "c"][$0] })
    #expect(entries.map { $0.parameters["text"] } == order.indices.map { .string("\($0)") })
  }

  @Test("calls of several systems are put into the order in which they began")
  func timeOrder() async throws {
    let folder = try JournalFolder()
    let clock = SteppedTime()
    let journal = try Journal(path: folder.path, now: clock.now)
    let one = JournalFolder.service(recorder: journal.lane(for: "one"))
    let two = JournalFolder.service(recorder: journal.lane(for: "two"))
    for (text, service) in [("a", two), ("b", one), ("c", two), ("d", one)] {
      clock.advance(bySeconds: 1)
      _ = service.handle(WireRequest(body: JournalFolder.body(text)))
    }
    await journal.close()
    let entries = try JournalFile(path: folder.path).entries(JournalQuery(isOldestFirst: true))
    #expect(entries.inTimeOrder.map { $0.parameters["text"] } == ["a", "b", "c", "d"])
  }

  @Test("only the newest are kept, per system, by entries, by bytes and by age")
  func caps() async throws {
    let folder = try JournalFolder()
    let clock = SteppedTime()
    let journal = try Journal(path: folder.path, now: clock.now)
    let few = JournalFolder.service(
      recorder: journal.lane(for: "few", settings: JournalSettings(entries: 10)))
    let small = JournalFolder.service(
      recorder: journal.lane(for: "small", settings: JournalSettings(bytes: 2000)))
    let old = JournalFolder.service(
      recorder: journal.lane(for: "old", settings: JournalSettings(age: .seconds(60))))
    for number in 1...25 {
      for service in [few, small, old] {
        _ = service.handle(WireRequest(body: JournalFolder.body("number \(number)")))
      }
      if number % 5 == 0 { await journal.flush() }
    }
    clock.advance(bySeconds: 61)
    _ = old.handle(WireRequest(body: JournalFolder.body("new")))
    await journal.close()
    let file = try JournalFile(path: folder.path)
    let kept = try file.entries(JournalQuery(system: "few", isOldestFirst: true))
    #expect(kept.map { $0.parameters["text"]?.stringValue } == (16...25).map { "number \($0)" })
    #expect(try 2...8 ~= file.entries(JournalQuery(system: "small")).count)
    #expect(try file.entries(JournalQuery(system: "old")).map(\.parameters) == [["text": "new"]])
  }

  @Test("a ring that overflows gives up the oldest and counts them")
  func overflow() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path)
    let lane = JournalLane(
      system: "ring", settings: JournalSettings(entries: 3), mask: SecretMask(), isFramed: false,
      fields: nil, now: Journal.wallTime, wake: { _ in })
    let service = JournalFolder.service(recorder: lane)
    for number in 1...5 { _ = service.handle(WireRequest(body: JournalFolder.body("\(number)"))) }
    #expect(lane.counts.seen == 5)
    #expect(lane.counts.superseded == 2)
    #expect(lane.take(10).map { $0.exchange.call?.parameters["text"] } == ["3", "4", "5"])
    await journal.close()
  }

  @Test("with sync, an answer is held until its row can be read by others")
  func sync() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path, isSync: true)
    let service = JournalFolder.service(
      recorder: journal.lane(for: "s", settings: JournalSettings(durability: .sync)))
    let file = try JournalFile(path: folder.path)
    for number in 1...20 {
      guard
        case .later(let answer) = service.handle(WireRequest(body: JournalFolder.body("\(number)")))
      else {
        Issue.record("the answer is not held")
        return
      }
      #expect(await answer() != nil)
      #expect(try file.entries(JournalQuery(limit: 1)).first?.parameters == ["text": "\(number)"])
    }
    await journal.close()
  }

  @Test("with batched, the answer is not held")
  func batched() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path)
    let service = JournalFolder.service(recorder: journal.lane(for: "s"))
    guard case .now = service.handle(WireRequest(body: JournalFolder.body("x"))) else {
      Issue.record("the answer is held")
      return
    }
    await journal.close()
  }

  @Test(
    "queries find calls",
    arguments: [
      (JournalQuery(operation: "say", outcomes: [.ok]), ["c", "b", "a"]),
      (JournalQuery(outcomes: [.fault]), ["boom"]),
      (JournalQuery(conditions: [.init(path: "text", text: "b")]), ["b"]),
      (JournalQuery(text: "boo"), ["boom"]),
      (JournalQuery(origin: "test", limit: 2), ["boom", "c"]),
      (JournalQuery(before: 3), ["b", "a"]),
      (JournalQuery(after: 2, isOldestFirst: true), ["c", "boom"]),
      (JournalQuery(from: 2_000_000, to: 3_000_000), ["c", "b"]),
      (JournalQuery(system: "other"), []),
    ] as [(JournalQuery, [String])])
  func queries(query: JournalQuery, texts: [String]) async throws {
    let folder = try JournalFolder()
    let clock = SteppedTime()
    let journal = try Journal(path: folder.path, now: clock.now)
    let service = JournalFolder.service(
      recorder: journal.lane(for: "s", settings: JournalSettings(age: .seconds(1 << 40))))
    for text in ["a", "b", "c", "boom"] {
      clock.advance(bySeconds: 1)
      _ = service.handle(WireRequest(body: JournalFolder.body(text)))
    }
    // Calls begin a little before the time at which they are taken in.
    clock.advance(bySeconds: 0)
    await journal.close()
    var query = query
    if query.from != nil { query.from = 1_500_000 }
    let found = try JournalFile(path: folder.path).entries(query)
    #expect(found.map { $0.parameters["text"]?.stringValue ?? "" } == texts)
  }

  @Test("an analysis tells counts, times, errors and what stands out")
  func analysis() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path)
    let service = JournalFolder.service(recorder: journal.lane(for: "s"))
    for _ in 1...8 { _ = service.handle(WireRequest(body: JournalFolder.body("same"))) }
    for _ in 1...2 { _ = service.handle(WireRequest(body: JournalFolder.body("boom"))) }
    _ = service.handle(WireRequest(body: [0]))
    await journal.close()
    let analysis = JournalAnalysis(try JournalFile(path: folder.path).entries())
    #expect(analysis.total == 11)
    #expect(analysis.outcomes == [.ok: 8, .fault: 2, .unreadable: 1])
    #expect(analysis.operations == ["s say": 10])
    #expect(analysis.statuses == [200: 8, 500: 2, 400: 1])
    #expect(analysis.latency?.count == 10)
    #expect(analysis.failures.first?.count == 2)
    #expect(analysis.repeats.first?.count == 8)
    #expect(analysis.insights.contains("3 of 11 calls (27 %) did not get a value."))
    let json = analysis.jsonValue
    #expect(json["outcomes"]?["ok"] == 8)
    #expect(json["time_range"]?["from"] != nil)
  }

  @Test("HAR 1.2 has what its readers need")
  func archive() async throws {
    let folder = try JournalFolder()
    let journal = try Journal(path: folder.path)
    let service = JournalFolder.service(recorder: journal.lane(for: "s"))
    _ = service.handle(
      WireRequest(
        target: "/x?a=1", headers: ["Host": "h:1", "Content-Type": "text/plain"],
        body: JournalFolder.body("é")))
    await journal.close()
    let har = HARLog.value(of: try JournalFile(path: folder.path).entries(), creator: "1")
    let entry = try #require(har["log"]?["entries"]?[0])
    #expect(har["log"]?["version"] == "1.2")
    #expect(entry["request"]?["url"] == "http://h:1/x?a=1")
    #expect(entry["request"]?["queryString"]?[0]?["name"] == "a")
    #expect(entry["request"]?["postData"]?["text"]?.stringValue?.contains("é") == true)
    #expect(entry["response"]?["status"] == 200)
    for key in ["startedDateTime", "time", "cache", "timings"] { #expect(entry[key] != nil) }
  }

  @Test("a file that is no journal is told, and so is none")
  func broken() throws {
    let folder = try JournalFolder()
    #expect(throws: JournalError.self) { try JournalFile(path: folder.path) }
    try FileManager.default.createDirectory(
      atPath: folder.directory + "/.trestle", withIntermediateDirectories: true)
    try Data("this is no database, whatever it looks like".utf8).write(
      to: URL(filePath: folder.path))
    #expect(throws: JournalError.self) { try JournalFile(path: folder.path) }
    #expect(throws: JournalError.self) { try Journal(path: folder.path) }
  }
}
