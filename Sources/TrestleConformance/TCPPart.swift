internal import TrestleTCP

/// Runs the custom TCP cases of a corpus: what each row of the index holds is known by its folder.
func runTCPPart(directory: String) -> PartResult {
  guard let rows = CorpusFiles.table("\(directory)/INDEX.tsv") else {
    return PartResult(remarks: ["INDEX.tsv cannot be read"])
  }
  var result = PartResult()
  let corpusRows = rows.compactMap { row -> TCPCorpusRow? in
    guard let file = row["file"], !file.isEmpty else { return nil }
    return TCPCorpusRow(
      directory: directory, file: file, expected: row["expected"] ?? "-", note: row["note"] ?? "")
  }
  for row in corpusRows { result.cases += cases(of: row, among: corpusRows) }
  // The vectors of TLV stand beside the index, not in it.
  let vectors = TCPCorpusRow(
    directory: directory, file: "tlv/vectors.jsonl", expected: "-", note: "")
  if !rows.contains(where: { $0["file"] == vectors.file }), CorpusFiles.bytes(vectors.path) != nil {
    result.cases += tlvCases(vectors)
  }
  return result
}

/// One row of the index.
struct TCPCorpusRow {
  /// The part's folder.
  let directory: String
  /// Relative to it, as everything here.
  let file: String
  let expected: String
  let note: String

  var path: String { "\(directory)/\(file)" }

  func result(_ name: String, _ outcome: CaseResult.Outcome) -> CaseResult {
    CaseResult(part: "tcp", name: name, outcome: outcome)
  }
}

private func cases(of row: TCPCorpusRow, among rows: [TCPCorpusRow]) -> [CaseResult] {
  if row.file == "checks.tsv" { return checkCases(row) }
  if row.file.hasPrefix("hl7/") { return [hl7Case(row)] }
  if row.file.hasSuffix("quickfix-messages.json") { return fixCases(row) }
  if row.file.hasPrefix("fix/"), row.file.hasSuffix(".def") { return [fixScriptCase(row)] }
  if row.file.hasPrefix("cobol/") { return row.copybookCases(rows) }
  if row.file.hasPrefix("iso8583/") { return iso8583Cases(row) }
  if row.file.hasPrefix("tlv/") { return tlvCases(row) }
  if row.file.hasSuffix(".tdml") { return dfdlCases(row) }
  return [row.result(row.file, .skipped("its layout is not built yet"))]
}

private func checkCases(_ row: TCPCorpusRow) -> [CaseResult] {
  (CorpusFiles.table(row.path) ?? []).map { check in
    row.result("\(row.file) \(check["algorithm"] ?? "?")", outcome(ofCheck: check))
  }
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
