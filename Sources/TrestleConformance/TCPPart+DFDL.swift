internal import TrestleCore
internal import TrestleTCP
internal import TrestleXML

/// The cases of a TDML file whose schemas say what a layout can say too; the rest is skipped with what
/// it has that a layout has no word for.
func dfdlCases(_ row: TCPCorpusRow) -> [CaseResult] {
  guard let bytes = CorpusFiles.bytes(row.path) else {
    return [row.result(row.file, .failed("cannot be read"))]
  }
  guard let suite = DFDLSuite(bytes) else {
    return [row.result(row.file, .skipped("no well-formed TDML"))]
  }
  return suite.cases.map { test in
    let name = "\(row.file) \(test.name)"
    do throws(DFDLSuite.Unsupported) {
      return row.result(name, try outcome(of: test, in: suite))
    } catch {
      return row.result(name, .skipped("a layout has no \(error.word)"))
    }
  }
}

private func outcome(
  of test: DFDLSuite.Case, in suite: DFDLSuite
) throws(DFDLSuite.Unsupported) -> CaseResult.Outcome {
  guard let schema = suite.schemas[test.model] else {
    throw DFDLSuite.Unsupported(word: "schema that is elsewhere")
  }
  guard let root = test.root ?? test.infoset?.localName else {
    throw DFDLSuite.Unsupported(word: "root element")
  }
  if test.errors.contains(where: {
    $0.contains("Schema Definition") || $0.contains("schema definition")
  }) {
    throw DFDLSuite.Unsupported(word: "schema to find mistakes in")
  }
  let bytes: [UInt8]
  switch test.document {
  case .success(let document): bytes = document
  case .failure(let unsupported): throw unsupported
  }
  if let infoset = test.infoset {
    guard !infoset.hasNils else { throw DFDLSuite.Unsupported(word: "nil values") }
    guard !infoset.deepText.unicodeScalars.contains(where: { 0xE000..<0xF900 ~= $0.value }) else {
      throw DFDLSuite.Unsupported(word: "characters that XML does not have")
    }
  }
  var translation = DFDLTranslation(
    schema, writes: test.isUnparser, writesAgain: test.isRoundTrip)
  let fields = try translation.fields(ofRoot: root)
  var problems: [ValueProblem] = []
  guard let layout = CompiledLayout(["r": .object(fields)], problems: &problems) else {
    // A field without an end before one that needs bytes: what DFDL says when it reads, a layout
    // says when it is loaded.
    let isEndless = problems.allSatisfy { $0.message.hasPrefix("takes all that is left") }
    if isEndless, test.infoset == nil, !test.isUnparser { return .passed }
    return .failed("its layout \(JSONWriter.text(.object(fields))) is wrong: \(problems)")
  }
  return test.isUnparser
    ? try written(test, root, bytes, layout) : try read(test, root, bytes, layout)
}

private func read(
  _ test: DFDLSuite.Case, _ root: String, _ bytes: [UInt8], _ layout: CompiledLayout
) throws(DFDLSuite.Unsupported) -> CaseResult.Outcome {
  let found: (value: Value, warnings: [String])
  do throws(CodecError) {
    found = try layout.decode(bytes, as: "r")
  } catch {
    return test.infoset == nil ? .passed : .failed("is not read: \(error)")
  }
  guard let infoset = test.infoset else {
    // What DFDL refuses by rules of values (facets, check policies), a layout has no word for.
    throw DFDLSuite.Unsupported(word: "rule for: \(test.errors.joined(separator: ", "))")
  }
  if let difference = difference(infoset, found.value[root] ?? .null, at: root) {
    return .failed(difference)
  }
  guard test.isRoundTrip, found.warnings.isEmpty else { return .passed }
  do throws(CodecError) {
    let again = try layout.encode(found.value, as: "r")
    return again == bytes ? .passed : .failed("is written as \(again), not \(bytes)")
  } catch {
    return .failed("is not written: \(error)")
  }
}

private func written(
  _ test: DFDLSuite.Case, _ root: String, _ bytes: [UInt8], _ layout: CompiledLayout
) throws(DFDLSuite.Unsupported) -> CaseResult.Outcome {
  guard let infoset = test.infoset else { throw DFDLSuite.Unsupported(word: "infoset") }
  let output: [UInt8]
  do throws(CodecError) {
    output = try layout.encode([root: value(infoset)], as: "r")
  } catch {
    return test.errors.isEmpty ? .failed("is not written: \(error)") : .passed
  }
  guard test.errors.isEmpty else {
    throw DFDLSuite.Unsupported(word: "rule for: \(test.errors.joined(separator: ", "))")
  }
  return output == bytes ? .passed : .failed("is written as \(output), not \(bytes)")
}

private func value(_ element: XMLElement) -> Value {
  let children = Array(element.children)
  guard !children.isEmpty else { return .string(element.text) }
  return .object(Record(children.map { Record.Member(name: $0.localName, value: value($0)) }))
}

/// Where a value is not what an element says; nil when it is.
private func difference(_ element: XMLElement, _ value: Value, at path: String) -> String? {
  let children = Array(element.children)
  guard children.isEmpty else {
    for child in children {
      let inner = value[child.localName] ?? .null
      if let difference = difference(child, inner, at: "\(path).\(child.localName)") {
        return difference
      }
    }
    return nil
  }
  let expected = Value.string(element.text)
  if value.matches(expected) { return nil }
  if let left = value.decimalText, let right = expected.decimalText, left.order(against: right) == 0
  {
    return nil
  }
  return "\(path) expects \(element.text), found \(value)"
}

extension XMLElement {
  /// Whether it, or an element in it, is nil.
  fileprivate var hasNils: Bool {
    attributes.contains { $0.name.local == "nil" } || children.contains { $0.hasNils }
  }
}
