import Testing

@testable import TrestleCLI

@Suite("trestle doctor", .timeLimit(.minutes(1)))
struct DoctorCommandTests {
  @Test("warnings alone end with 0, unless they are taken for errors")
  func warnings() async throws {
    let directory = try TemporaryDirectory.orders()
    let ran = await directory.run(["doctor", "--offline"])
    #expect(ran.status == 0)
    #expect(
      ran.out.hasPrefix(
        """
        warning adapters/orders.yaml:10:89: the contract does not allow this: odd is not known
                Known: id, total, line.

        """))
    #expect(ran.out.contains("\nok      library: libxml2 2."))
    #expect(ran.err.isEmpty)
    #expect(await directory.run(["doctor", "--offline", "--strict"]).status == 1)
  }

  @Test("what is wrong ends with 1, with what mends it on the next line")
  func problems() async throws {
    let ran = await (try TemporaryDirectory.orders()).run(["doctor", "orders"])
    #expect(ran.status == 1)
    #expect(
      ran.out.contains(
        """

        problem orders: connection refused by 127.0.0.1:9
                trestle mock orders   (or start the service)

        """))
    let broken = try TemporaryDirectory(["adapters/orders.yaml": "system: [\n"])
    let mistake = await broken.run(["doctor", "--offline"])
    #expect(mistake.status == 1)
    #expect(mistake.out.hasPrefix("problem adapters/orders.yaml:"))
    #expect(
      await (try TemporaryDirectory()).run(["doctor"]).out.contains("\n        trestle init\n"))
    #expect(await broken.run(["doctor", "nobody"]).status == 3)
  }

  @Test("colours come with signs in place of words")
  func signs() async throws {
    let ran = await (try TemporaryDirectory.orders()).run(
      ["doctor", "--offline", "--color", "always"])
    #expect(ran.out.contains("\u{1B}[33m!\u{1B}[0m adapters/orders.yaml:10:89"))
    #expect(ran.out.contains("\u{1B}[32m✓\u{1B}[0m library"))
  }

  @Test("programs get the findings as objects")
  func json() async throws {
    let ran = await (try TemporaryDirectory.orders()).run(["doctor", "--offline", "-o", "json"])
    #expect(
      ran.out.hasPrefix(
        #"[{"level":"warning","check":"files","system":"orders","message":"the contract does not"#))
    #expect(ran.out.contains(#""file":"adapters/orders.yaml","line":10,"column":89}"#))
  }
}
