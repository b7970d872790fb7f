internal import TrestleCore
internal import TrestleTCP

/// Runs the ISO 8583 cases: recorded calls of a Python library, messages of jPOS, unscored samples.
func iso8583Cases(_ row: TCPCorpusRow) -> [CaseResult] {
  if row.file.hasSuffix("-cases.jsonl") { return recordedCalls(row) }
  if row.file.hasSuffix(".bin") { return [row.result(row.file, jposOutcome(row))] }
  guard row.file.contains("moov-") else { return [] }
  guard let bytes = CorpusFiles.bytes(row.path) else {
    return [row.result(row.file, .failed("the file cannot be read"))]
  }
  // Nothing is stated of these: they must only do no harm.
  var problems: [ValueProblem] = []
  for section: Value in [["iso8583": "1987"], ["iso8583": ["bitmap": "hex"]]] {
    guard let layout = CompiledLayout(section, problems: &problems) else { continue }
    let text = bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes
    if let message = try? layout.decode(text) { _ = try? layout.encode(message.value) }
  }
  return [row.result(row.file, .skipped("unscored"))]
}

// MARK: Recorded calls

private func recordedCalls(_ row: TCPCorpusRow) -> [CaseResult] {
  let name = row.path.replacing("-cases.jsonl", with: "-specs.json")
  guard let bytes = CorpusFiles.bytes(name), let specs = try? JSONParser.parse(bytes),
    let lines = CorpusFiles.bytes(row.path)?.split(separator: 0x0A)
  else {
    return [row.result(row.file, .failed("the calls or their specifications cannot be read"))]
  }
  var known: [String: RecordedSpecification] = [:]
  return lines.enumerated().map { number, line in
    let place = "\(row.file):\(number + 1)"
    guard let call = try? JSONParser.parse(Array(line)), let key = call["spec"]?.stringValue,
      let spec = known[key] ?? specs[key]?.objectValue.map({ RecordedSpecification($0) })
    else { return row.result(place, .failed("the line is no call of a known specification")) }
    known[key] = spec
    return row.result(place, RecordedCall(call, spec).outcome)
  }
}

/// One call of the library, with what came of it.
private struct RecordedCall {
  let call: Value
  let spec: RecordedSpecification

  init(_ call: Value, _ spec: RecordedSpecification) {
    self.call = call
    self.spec = spec
  }

  private var error: Value? {
    guard let error = call["error"], !error.isNull else { return .none }
    return error
  }

  var outcome: CaseResult.Outcome {
    guard let layout = spec.layout else {
      // The library finds an unknown encoding when it meets it, we when we load it.
      return error != nil && spec.hasUnknownEncoding
        ? .passed : .failed("the specification is refused: \(spec.refusal)")
    }
    switch call["op"]?.stringValue {
    case "decode": return decode(layout)
    case "encode": return encode(layout)
    default: return .failed("neither decode nor encode")
    }
  }

  private func decode(_ layout: CompiledLayout) -> CaseResult.Outcome {
    guard let bytes = call["raw_hex"]?.stringValue.flatMap(hexadecimal) else {
      return .failed("raw_hex is no hexadecimal text")
    }
    var spans: [FieldSpan] = []
    var failure: CodecError?
    do throws(CodecError) {
      try layout.list(bytes, into: &spans)
    } catch {
      failure = error
    }
    var seen = Record()
    for span in spans {
      let field = Self.field(span.path, span.type)
      // The second and third bitmaps are one field there.
      seen[field] = .string((seen[field]?.stringValue ?? "") + (span.value.scalarText ?? ""))
    }
    let expected = call["decoded"]?.objectValue ?? [:]
    let failed = error?["field"]?.stringValue
    for member in expected where member.name != failed {
      guard Self.isSame(seen[member.name], member.value, member.name) else {
        return .failed(
          "\(member.name) is \(seen[member.name]?.description ?? "not there"), not \(member.value)")
      }
    }
    if error == nil, failure == nil {
      guard seen.count == expected.count else {
        return .failed("has \(seen.names), expects \(expected.names)")
      }
      guard let message = try? layout.decode(bytes), let again = try? layout.encode(message.value),
        Self.withCapitals(again, in: spans) == Self.withCapitals(bytes, in: spans)
      else { return .failed("does not encode to the same bytes") }
      return .passed
    }
    return compare(failure, checksPosition: true)
  }

  private func encode(_ layout: CompiledLayout) -> CaseResult.Outcome {
    var message = Record()
    for member in call["decoded"]?.objectValue ?? [:] {
      switch member.name {
      case "t": message["mti"] = member.value
      case "p", "1", "65": break
      case "h": if spec.hasHeader { message["header"] = member.value }
      default: message[member.name] = member.value
      }
    }
    do throws(CodecError) {
      let bytes = try layout.encode(.object(message))
      guard error == nil else { return .failed("encodes what should be refused") }
      guard text(bytes) == call["raw_hex"]?.stringValue?.uppercased() else {
        return .failed("encodes to \(text(bytes)), expects \(call["raw_hex"] ?? .null)")
      }
      return .passed
    } catch {
      return compare(error, checksPosition: false)
    }
  }

  private func compare(_ failure: CodecError?, checksPosition: Bool) -> CaseResult.Outcome {
    guard let failure else { return .failed("takes what should be refused") }
    guard let error else { return .failed("refused: \(failure)") }
    let path = failure.path.split(separator: ".").first.map(String.init) ?? ""
    let field = Self.field(path, failure.path == "65" ? "bitmap" : "")
    guard field == error["field"]?.stringValue else {
      return .failed("refused at \(field) (\(failure)), expects \(error)")
    }
    if checksPosition, failure.offset.map({ Int64($0) }) != error["pos"]?.integerValue {
      return .failed("refused at byte \(failure.offset ?? -1) (\(failure)), expects \(error)")
    }
    return .passed
  }

  /// What the library calls a field of ours.
  private static func field(_ path: String, _ type: String) -> String {
    switch path {
    case "mti": "t"
    case "header": "h"
    case "bitmap": "p"
    case "65" where type == "bitmap": "1"
    default: path
    }
  }

  /// Bytes with the hexadecimal text of bitmaps in capitals, which is how it is written.
  private static func withCapitals(_ bytes: [UInt8], in spans: [FieldSpan]) -> [UInt8] {
    var bytes = bytes
    for span in spans where span.type == "bitmap" {
      for position in span.range.clamped(to: bytes.indices)
      where (0x61...0x66).contains(bytes[position]) {
        bytes[position] &= 0xDF
      }
    }
    return bytes
  }

  /// Bitmaps in hexadecimal text may be in small letters.
  private static func isSame(_ found: Value?, _ expected: Value, _ name: String) -> Bool {
    guard name == "p" || name == "1" else { return found == expected }
    return found?.stringValue?.uppercased() == expected.stringValue?.uppercased()
  }
}

private func text(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
}

/// The bytes of hexadecimal text; nil where it is none.
func hexadecimal(_ text: String) -> [UInt8]? {
  let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
  guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
