internal import TrestleCore
internal import TrestleTCP

/// FIX by its tags: what every version of it has.
private let fixLayout: Value = [
  "kv": [
    "separator": "\\x01", "assign": "=", "end": true, "length": "9",
    "data": [
      "90": "91", "95": "96", "212": "213", "348": "349", "350": "351", "352": "353",
      "354": "355", "356": "357", "358": "359", "360": "361", "362": "363", "364": "365",
      "445": "446", "618": "619", "621": "622",
    ],
  ], "check": ["field": "10", "sum": "dec"], "encoding": "iso-8859-1",
]

/// Holds recorded FIX messages against their fields and the verdicts on their length and checksum.
func fixCases(_ row: TCPCorpusRow) -> [CaseResult] {
  var problems: [ValueProblem] = []
  guard let layout = CompiledLayout(fixLayout, problems: &problems),
    let bytes = CorpusFiles.bytes(row.path),
    let messages = (try? JSONParser.parse(bytes))?.arrayValue
  else { return [row.result(row.file, .failed("cannot be read"))] }
  return messages.enumerated().map { position, message in
    row.result("\(row.file) \(position)", fixOutcome(message, layout))
  }
}

private func fixOutcome(_ message: Value, _ layout: CompiledLayout) -> CaseResult.Outcome {
  guard let raw = message["raw"]?.stringValue, let expected = message["fields"]?.arrayValue else {
    return .failed("is no recorded message")
  }
  var bytes = Array(raw.utf8)
  var wrong = fixError(bytes, layout)
  var fields = expected.map { $0.arrayValue?.compactMap(\.scalarText) ?? [] }
  if let check = fields.firstIndex(where: { $0.first == "10" }), check < fields.count - 1,
    let wrong, wrong.path == "layout.kv" || wrong.reason.hasPrefix("does not end")
  {
    // What follows the check is told, and the message is what stands before it.
    fields = Array(fields[...check])
    bytes = Array(bytes[..<min(fixEnd(bytes, layout), bytes.count)])
  }
  let found = fixFields(bytes, layout)
  guard found.flatMap({ fixPieces($0.0, $0.1) }) == fields else {
    return .failed("expects \(fields), found \(found)")
  }
  wrong = fixError(bytes, layout)
  var named: Set<String> = []
  if message["body_length_ok"] == false { named.insert("9") }
  if message["checksum_ok"] == false { named.insert("10") }
  if !named.isEmpty {
    guard let wrong, named.contains(wrong.path) else {
      return .failed(
        "expects \(named.sorted()) to be wrong, found \(wrong.map(\.description) ?? "nothing")")
    }
    return .passed
  }
  if let wrong { return .failed(wrong.description) }
  do throws(CodecError) {
    let written = try layout.encode(
      .array(found.map { [.string($0.0), .string($0.1)] }))
    // One recorded message lacks its last separator.
    return written == bytes || written == bytes + [0x01]
      ? .passed : .failed("is written \(String(decoding: written, as: UTF8.self))")
  } catch {
    return .failed(error.description)
  }
}

/// Where the check ends, its separator included.
private func fixEnd(_ bytes: [UInt8], _ layout: CompiledLayout) -> Int {
  var spans: [FieldSpan] = []
  try? layout.list(bytes, into: &spans)
  return (spans.first { $0.path == "10" }?.range.upperBound ?? bytes.count) + 1
}

/// A value as one sees it who does not know that data may hold separators.
private func fixPieces(_ tag: String, _ value: String) -> [[String]] {
  let pieces = value.split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
  return [[tag, pieces[0]]] + pieces.dropFirst().map { [$0, ""] }
}

private func fixFields(_ bytes: [UInt8], _ layout: CompiledLayout) -> [(String, String)] {
  var spans: [FieldSpan] = []
  try? layout.list(bytes, into: &spans)
  return spans.map { ($0.path, $0.value.scalarText ?? "") }
}

private func fixError(_ bytes: [UInt8], _ layout: CompiledLayout) -> CodecError? {
  do throws(CodecError) {
    _ = try layout.decode(bytes)
    return nil
  } catch {
    return error
  }
}

/// Holds the messages that a session script expects against the length they say.
///
/// Their checksums are placeholders, which the script's player fills.
func fixScriptCase(_ row: TCPCorpusRow) -> CaseResult {
  var problems: [ValueProblem] = []
  guard let layout = CompiledLayout(fixLayout, problems: &problems),
    let bytes = CorpusFiles.bytes(row.path)
  else { return row.result(row.file, .failed("cannot be read")) }
  var count = 0
  for line in bytes.split(separator: 0x0A) {
    let line = line.last == 0x0D ? line.dropLast() : line
    let message = Array(line.dropFirst())
    guard line.starts(with: "E8=".utf8) else { continue }
    let tags = fixFields(message, layout).map(\.0)
    guard tags.contains("9"), tags.contains("10") else { continue }
    count += 1
    guard let error = fixError(message, layout), error.path != "10" else { continue }
    guard error.path == "9", fixHasOtherTimes(message, layout) else {
      return row.result(row.file, .failed("line \(count): \(error)"))
    }
    return row.result(
      row.file, .skipped("length counted with time stamps of another precision (FIX UTCTimestamp)"))
  }
  return row.result(row.file, count > 0 ? .passed : .skipped("no expected message with a length"))
}

/// Whether the length that a message says is right for time stamps with or without their milliseconds.
private func fixHasOtherTimes(_ message: [UInt8], _ layout: CompiledLayout) -> Bool {
  let fields = fixFields(message, layout)
  guard let said = fields.first(where: { $0.0 == "9" }).flatMap({ Int($0.1) }),
    let body = try? layout.encode(.array(fields.map { [.string($0.0), .string($0.1)] })),
    let right = fixFields(body, layout).first(where: { $0.0 == "9" }).flatMap({ Int($0.1) })
  else { return false }
  func times(_ count: Int) -> Int {
    fields.filter { $0.0 == "52" || $0.0 == "60" || $0.0 == "122" }
      .filter { $0.1.utf8.count == count }.count
  }
  let difference = said - right
  return difference % 4 == 0
    && (-4 * times(21)...4 * times(17)).contains(difference)
}
