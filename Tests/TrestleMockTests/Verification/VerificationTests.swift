import Testing
import TrestleCore
import TrestleMock

@Suite("Verification")
struct VerificationTests {
  private let verifier = CallVerifier([
    RecordedCall(system: "crm", operation: "Find", parameters: ["name": "Ann"]),
    RecordedCall(system: "billing", operation: "Invoice", parameters: ["amount": 10, "to": "Ann"]),
    RecordedCall(system: "billing", operation: "Invoice", parameters: ["amount": 20, "to": "Bob"]),
    RecordedCall(system: "billing", operation: "Send", parameters: ["id": 7]),
  ])

  @Test(
    "counts are held against the calls",
    arguments: [
      ("billing Invoice exactly 2", true), ("billing Invoice exactly 1", false),
      ("billing Invoice at least 2 times", true), ("billing Invoice at least 3", false),
      ("billing Invoice at most 1", false), ("billing Invoice to=Ann once", true),
      ("billing Invoice amount:=20", true), ("billing Invoice amount:=30", false),
      ("billing exactly 3", true), ("crm Delete never", true), ("crm Find never", false),
      ("billing Invoice amount:={\"gt\":5} exactly 2", true),
      ("crm Find 'name=Ann' once", true), ("mail", false),
    ])
  func counts(text: String, holds: Bool) throws {
    let finding = verifier.check(try CheckText.read(text))
    #expect(finding.holds == holds, "\(finding)")
  }

  @Test("a failed count says what came instead, nearest first")
  func saysInstead() throws {
    let wrong = verifier.check(try CheckText.read("billing Invoice amount:=20 to=Ann"))
    let text = try #require(wrong.failure)
    #expect(text.contains("expected at least once, never called"), "\(text)")
    #expect(text.contains("nearest of 2 calls"), "\(text)")
    #expect(text.contains("amount expects 20, found 10"), "\(text)")
    #expect(text.contains("to expects \"Ann\", found \"Bob\""), "\(text)")

    let tooMany = verifier.check(try CheckText.read("billing Invoice exactly 1"))
    #expect(tooMany.count == 2)
    #expect(tooMany.failure?.contains("expected exactly once, called 2 times") == true)
    #expect(tooMany.failure?.contains(#"{"amount":20,"to":"Bob"}"#) == true)

    let other = verifier.check(try CheckText.read("crm Delete"))
    #expect(other.failure?.contains(#"crm Find {"name":"Ann"}"#) == true)
    let none = CallVerifier([]).check(try CheckText.read("crm Delete"))
    #expect(none.failure?.contains("nothing was called at all") == true)
  }

  @Test("order goes across systems, and tells what came too early")
  func order() throws {
    let expectations = { (texts: [String]) in try texts.map { try CheckText.read($0) } }
    let right = try expectations(["crm Find", "billing Invoice to=Bob", "billing Send"])
    #expect(verifier.check(inOrder: right).holds)
    let wrong = verifier.check(
      inOrder: try expectations(["billing Invoice to=Bob", "billing Invoice to=Ann"]))
    #expect(wrong.count == 1)
    #expect(
      wrong.failure?.contains(
        "billing Invoice to=Ann: came as call 2, before billing Invoice to=Bob (call 3)") == true,
      "\(wrong)")
    let missing = verifier.check(inOrder: try expectations(["crm Find", "crm Find"]))
    #expect(missing.failure?.contains("1. crm Find") == true, "\(missing)")
    // The same call cannot be before itself.
    #expect(missing.failure?.contains("before crm Find (call 1)") == false, "\(missing)")
  }

  @Test("an order that does not hold tells the calls it is about, with their places among all")
  func orderStory() throws {
    let noise = (1...30).map {
      RecordedCall(system: "mail", operation: "Poll", parameters: ["n": .integer(Int64($0))])
    }
    let calls =
      [RecordedCall(system: "crm", operation: "Find", parameters: ["id": "A"])] + noise
      + [RecordedCall(system: "crm", operation: "Save", parameters: ["id": "B"])]
    let failure =
      CallVerifier(calls).check(
        inOrder: try ["crm Find id=A", "crm Save id=C"].map { try CheckText.read($0) }
      ).failure ?? ""
    #expect(failure.hasPrefix("crm Save id=C: never called after crm Find id=A (call 1)"))
    #expect(failure.contains("id expects \"C\", found \"B\""))
    #expect(failure.contains("  32. crm Save"))
    #expect(!failure.contains("mail Poll"), "\(failure)")
    // What came before the step that holds is nothing near it.
    let early =
      CallVerifier(calls).check(
        inOrder: try ["crm Save", "crm Find id=Z"].map { try CheckText.read($0) }
      ).failure ?? ""
    #expect(!early.contains("nearest of"), "\(early)")
  }

  @Test(
    "mistakes in checks are told",
    arguments: [
      ("", "a check begins with a system"), ("a=b", "a check begins with a system"),
      ("billing Send exactly two", "\"two\" is no number of calls"),
      ("billing Send exactly", "\"exactly\" lacks a number"),
      ("billing Send id:=x", "\"x\" is no JSON"), ("billing Send oddly 2", "is no condition"),
      ("billing Send 'a", "a quote is not closed"),
    ])
  func mistakes(text: String, reason: String) {
    #expect {
      try CheckText.read(text)
    } throws: { error in
      (error as? CheckText.Mistake)?.reason.contains(reason) ?? false
    }
  }
}
