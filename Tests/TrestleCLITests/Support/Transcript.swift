import Testing

/// A command line, and all it leaves behind, in the workspace with the toy system.
struct Transcript: Sendable, CustomTestStringConvertible {
  /// What it shows, as a sentence.
  let testDescription: String
  /// The words after `trestle`, with spaces between.
  let command: String
  let input: String
  let ran: Ran

  init(
    _ sentence: String, _ command: String, input: String = "", status: Int32 = 0, out: String = "",
    err: String = ""
  ) {
    testDescription = sentence
    self.command = command
    self.input = input
    ran = Ran(status: status, out: out, err: err)
  }

  func played() async throws -> Ran {
    try await TemporaryDirectory.orders().run(
      command.split(separator: " ").map(String.init), input: input)
  }
}
