internal import TrestleTCP

/// Runs the custom TCP cases of a corpus, as far as their protocols can be declared yet: the table of
/// cyclic checks. Everything else the index lists is skipped by name.
func runTCPPart(directory: String) -> PartResult {
  guard let rows = CorpusFiles.table("\(directory)/INDEX.tsv") else {
    return PartResult(remarks: ["INDEX.tsv cannot be read"])
  }
  var result = PartResult()
  for row in rows {
    guard let file = row["file"], !file.isEmpty, file != "checks.tsv" else { continue }
    result.cases.append(
      CaseResult(part: "tcp", name: file, outcome: .skipped("its layout is not built yet")))
  }
  for row in CorpusFiles.table("\(directory)/checks.tsv") ?? [] {
    let name = row["algorithm"] ?? "?"
    result.cases.append(
      CaseResult(part: "tcp", name: "checks.tsv \(name)", outcome: outcome(ofCheck: row)))
  }
  return result
}

/// Computes the check of the ASCII text 123456789 by a row's parameters.
private func outcome(ofCheck row: [String: String]) -> CaseResult.Outcome {
  guard let digits = row["poly"], let polynomial = UInt32(digits, radix: 16),
    (2...8).contains(digits.utf8.count),
    let initial = row["init"].flatMap({ UInt32($0, radix: 16) }),
    let final = row["xorout"].flatMap({ UInt32($0, radix: 16) }),
    let expected = row["check(\"123456789\")"].flatMap({ UInt32($0, radix: 16) })
  else { return .failed("the row does not have the parameters of a check of up to 32 bits") }
  let check = CyclicCheck(
    digits.utf8.count * 4, polynomial, initial: initial, reflectsInput: row["refin"] == "y",
    reflectsOutput: row["refout"] == "y", final: final)
  let found = check.number(over: "123456789".utf8)
  guard found != expected else { return .passed }
  return .failed("expects \(String(expected, radix: 16)), found \(String(found, radix: 16))")
}
