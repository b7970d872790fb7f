// Runs Trestle against other people's contracts and messages:
//
//     trestle-conformance DIR [PART…]
//
// Prints a line per failed case, a line per part, and last `N passed, N failed, N skipped`; exits 1
// when a case failed.

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The parts that are built, in the order they run in; each takes its own folder.
let parts: [(name: String, run: (String) -> PartResult)] = [
  ("wsdl", runWSDLPart), ("soap_interop", runSOAPInteropPart), ("xmlrpc", runXMLRPCPart),
  ("tcp", runTCPPart), ("openapi", runOpenAPIPart),
]

let arguments = CommandLine.arguments.dropFirst()
guard let corpus = arguments.first else {
  print("usage: trestle-conformance DIR [PART…]")
  exit(2)
}
let wanted = arguments.dropFirst().isEmpty ? parts.map(\.name) : Array(arguments.dropFirst())
var passed = 0
var failed = 0
var skipped = 0
for name in wanted {
  guard let part = parts.first(where: { $0.name == name }) else {
    print("\(name): skipped, not built yet")
    continue
  }
  guard access("\(corpus)/\(name)", R_OK) == 0 else {
    print("\(name): skipped, not in \(corpus)")
    continue
  }
  let result = part.run("\(corpus)/\(name)")
  var counts = (passed: 0, failed: 0, skipped: 0)
  for one in result.cases {
    switch one.outcome {
    case .passed: counts.passed += 1
    case .failed(let reason):
      counts.failed += 1
      print("failed \(one.part) \(one.name): \(reason)")
    case .skipped: counts.skipped += 1
    }
  }
  for remark in result.remarks { print("\(name): \(remark)") }
  print("\(name): \(counts.passed) passed, \(counts.failed) failed, \(counts.skipped) skipped")
  passed += counts.passed
  failed += counts.failed
  skipped += counts.skipped
}
print("\(passed) passed, \(failed) failed, \(skipped) skipped")
exit(failed == 0 ? 0 : 1)
