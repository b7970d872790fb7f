internal import TrestleCore
internal import TrestleTCP

/// Runs the BER-TLV vectors: bytes become the elements that are stated, and these the same bytes.
func tlvCases(_ row: TCPCorpusRow) -> [CaseResult] {
  var problems: [ValueProblem] = []
  // A list keeps everything, padding too.
  guard let lines = CorpusFiles.bytes(row.path)?.split(separator: 0x0A),
    let layout = CompiledLayout(["ber": ["shape": "list"]], problems: &problems)
  else { return [row.result(row.file, .failed("the vectors cannot be read"))] }
  return lines.enumerated().map { number, line in
    let place = "\(row.file):\(number + 1)"
    guard let vector = try? JSONParser.parse(Array(line)) else {
      return row.result(place, .failed("the line is no JSON"))
    }
    return row.result(place, outcome(of: vector, layout))
  }
}

private func outcome(of vector: Value, _ layout: CompiledLayout) -> CaseResult.Outcome {
  guard let bytes = vector["hex"]?.stringValue.flatMap(hexadecimal) else {
    return .failed("hex is no hexadecimal text")
  }
  do throws(CodecError) {
    let value = try layout.decode(bytes).value
    guard let expected = vector["tlv"] else { return .failed("takes what should be refused") }
    guard elements(value) == expected else {
      return .failed("has \(elements(value)), expects \(expected)")
    }
    guard try layout.encode(value) == bytes else {
      return .failed("does not encode to the same bytes")
    }
    return .passed
  } catch {
    return vector["ok"]?.boolValue == false ? .passed : .failed("\(error)")
  }
}

/// Items as the vectors have them: tag and value alone, without padding.
private func elements(_ value: Value) -> Value {
  guard let items = value.arrayValue else { return value }
  return .array(
    items.filter { $0["tag"] != nil }.map {
      ["tag": $0["tag"] ?? .null, "value": elements($0["value"] ?? .null)]
    })
}
