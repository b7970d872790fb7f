import Foundation
import Testing
import Trestle

@testable import TrestleCLI

@Suite("trestle import of a copybook")
struct CopybookImportTests {
  static let copybook = """
           01  CUST-REQUEST.
               05  TRAN-CODE         PIC X(4) VALUE "CINQ".
               05  ACCOUNT           PIC 9(10).
           01  CUST-REPLY.
               05  RETURN-CODE       PIC 99.
               05  CUST-NAME         PIC X(20).
               05  BALANCE           PIC S9(7)V99 COMP-3.
               05  LINE-COUNT        PIC S9(4) COMP.
               05  LINES OCCURS 0 TO 9 DEPENDING ON LINE-COUNT.
                   10  LINE-DATE     PIC 9(8).
                   10  LINE-DATE-X REDEFINES LINE-DATE PIC X(8).
                   COPY AMOUNTS.

    """

  private func workspace() async throws -> (TemporaryDirectory, Ran) {
    let source = try TemporaryDirectory([
      "CUSTINQ.cpy": Self.copybook,
      "AMOUNTS.cpy": "                   10  AMOUNT        PIC S9(5)V99.\n",
    ])
    let workspace = try TemporaryDirectory()
    let ran = await workspace.run(["import", source.path + "/CUSTINQ.cpy"], registry: .standard)
    return (workspace, ran)
  }

  @Test("a copybook and those it copies are kept unchanged, pinned, and described")
  func imported() async throws {
    let (workspace, ran) = try await workspace()
    #expect(
      ran
        == Ran(
          status: 0,
          out: """
            custinq: 1 operation
              copybooks/custinq/CUSTINQ.cpy
              copybooks/custinq/AMOUNTS.cpy
              copybooks/custinq/trestle.lock
              adapters/custinq.yaml

            Try:
              trestle describe custinq
              trestle describe custinq cust --template
              trestle mock custinq

            """, err: ""))
    #expect(workspace.text(of: "copybooks/custinq/CUSTINQ.cpy") == Self.copybook)
    let adapter = try #require(workspace.text(of: "adapters/custinq.yaml"))
    #expect(adapter.contains("endpoint: \"${env:CUSTINQ_URL:-tcp://127.0.0.1:9000}\""))
    #expect(
      adapter.contains(
        "cust_request: { copybook: \"../copybooks/custinq/CUSTINQ.cpy\", record: CUST-REQUEST }"
      ))
    #expect(adapter.contains("error: { when: 'RETURN-CODE != 0', code: RETURN-CODE }"))
  }

  @Test(
    "the system can be used at once",
    arguments: [
      ["list"], ["describe", "custinq"], ["describe", "custinq", "cust", "--template"],
      ["sample", "custinq", "cust"], ["sample", "custinq", "cust", "--reply"],
      ["sample", "custinq", "cust", "--reply", "--wire"],
      ["call", "custinq", "cust", "ACCOUNT=42", "--mock"],
      ["encode", "custinq", "cust", "-d", "{\"ACCOUNT\":\"42\"}"],
    ])
  func used(_ arguments: [String]) async throws {
    let (workspace, _) = try await workspace()
    let ran = await workspace.run(arguments, registry: .standard)
    #expect(ran.status == 0, "\(ran)")
    #expect(ran.err == "")
    #expect(!ran.out.isEmpty)
  }

  @Test("a copybook that has changed is told, and replaced when told to")
  func changed() async throws {
    let (workspace, _) = try await workspace()
    let source = try TemporaryDirectory([
      "CUSTINQ.cpy": Self.copybook.replacingOccurrences(of: "X(20)", with: "X(30)"),
      "AMOUNTS.cpy": "                   10  AMOUNT        PIC S9(5)V99.\n",
    ])
    let again = ["import", source.path + "/CUSTINQ.cpy"]
    let refused = await workspace.run(again, registry: .standard)
    #expect(refused.status == 3)
    #expect(refused.err.contains("changed  copybooks/custinq/CUSTINQ.cpy"))
    #expect(workspace.text(of: "copybooks/custinq/CUSTINQ.cpy") == Self.copybook)
    #expect(await workspace.run(again + ["--force"], registry: .standard).status == 0)
    #expect(workspace.text(of: "copybooks/custinq/CUSTINQ.cpy")?.contains("X(30)") == true)
    #expect(
      await workspace.run(again, registry: .standard).out
        == "custinq: nothing has changed since it was imported\n")
  }

  @Test("a copybook that cannot be read says where, and writes nothing")
  func unreadable() async throws {
    let source = try TemporaryDirectory(["BAD.cpy": "       01 R.\n          05 A PIC Q(3).\n"])
    let workspace = try TemporaryDirectory()
    let ran = await workspace.run(["import", source.path + "/BAD.cpy"], registry: .standard)
    #expect(ran.status == 3)
    #expect(ran.err.contains("BAD.cpy:2"))
    #expect(workspace.text(of: "adapters/bad.yaml") == nil)
  }
}
