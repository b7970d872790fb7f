import Testing

@testable import TrestleNet

@Suite("Event loops")
struct EventLoopsTests {
  @Test(
    "the mask of allowed processors is counted",
    arguments: [
      ("Name:\ttrestle\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2),
      ("Cpus_allowed:\t1\n", 1),
      ("Cpus_allowed:\tffffffff,0000000f\n", 36),
      ("Cpus_allowed_list:\t0-1\n", nil),
      ("", nil),
    ])
  func counts(status: String, expected: Int?) {
    #expect(EventLoops.allowedProcessors(in: status) == expected)
  }
}
