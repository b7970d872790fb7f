internal import TrestleCore
internal import TrestleTCP

/// Holds an HL7 message against the tree that another library made of it, and its writing against the
/// bytes.
func hl7Case(_ row: TCPCorpusRow) -> CaseResult {
  var problems: [ValueProblem] = []
  guard
    let layout = CompiledLayout(
      ["hl7": ["escapes": "raw", "charset": "MSH-18 default us-ascii"]], problems: &problems),
    let decoded = CompiledLayout(["hl7": [:]], problems: &problems),
    let bytes = CorpusFiles.bytes(row.path),
    let json = CorpusFiles.bytes("\(row.directory)/\(row.expected)"),
    let expected = (try? JSONParser.parse(json))?.arrayValue
  else { return row.result(row.file, .failed("cannot be read")) }
  do throws(CodecError) {
    let value = try layout.decode(bytes).value
    let segments = hl7Segments(of: value)
    for (position, segment) in expected.enumerated() {
      guard segments.indices.contains(position) else {
        return row.result(row.file, .failed("has \(segments.count) segments only"))
      }
      let wanted = hl7Normal(segment), found = segments[position]
      // The other library leaves out what follows MSH-2 where it is empty and alone.
      let isBareHeader = wanted.count == 3 && found == wanted + [[[[""]]]]
      guard wanted == found || isBareHeader else {
        return row.result(
          row.file, .failed("segment \(position): expects \(wanted), found \(found)"))
      }
    }
    guard segments.count == expected.count else {
      return row.result(row.file, .failed("has \(segments.count) segments"))
    }
    guard try layout.encode(value) == bytes else {
      return row.result(row.file, .failed("is written otherwise"))
    }
    // With its escapes read, a message means the same after it was written.
    let meaning = try decoded.decode(bytes).value
    guard try decoded.decode(try decoded.encode(meaning)).value == meaning else {
      return row.result(row.file, .failed("its texts are not kept"))
    }
    return row.result(row.file, .passed)
  } catch {
    return row.result(row.file, .failed(error.description))
  }
}

/// A segment: fields of repetitions of components of subcomponents, the name as field 0.
private typealias HL7Fields = [[[[String]]]]

/// The expected tree with every level in place.
private func hl7Normal(_ segment: Value) -> HL7Fields {
  (segment.arrayValue ?? []).map { field in
    // A segment without fields has its name alone.
    (field.arrayValue ?? [field]).map { repetition in
      guard let components = repetition.arrayValue else {
        return [[repetition.scalarText ?? ""]]
      }
      return components.map { component in
        guard let parts = component.arrayValue else { return [component.scalarText ?? ""] }
        return parts.map { $0.scalarText ?? "" }
      }
    }
  }
}

/// The segments of a value in their order.
private func hl7Segments(of value: Value) -> [HL7Fields] {
  guard case .object(let record) = value else { return [] }
  var names: [String] = []
  var values: [String: [Value]] = [:]
  for member in record where member.name != "_order" {
    let items = member.value.arrayValue ?? [member.value]
    names += [String](repeating: member.name, count: items.count)
    values[member.name] = items.reversed()
  }
  if let order = record["_order"]?.arrayValue { names = order.map { $0.stringValue ?? "" } }
  return names.map { name in
    guard let segment = values[name]?.popLast() else { return [[[[name]]]] }
    return [[[[name]]]]
      + hl7Parts(segment) { field in
        (field.arrayValue ?? [field]).map { repetition in
          hl7Parts(repetition) { hl7Parts($0) { $0.scalarText ?? "" } }
        }
      }
  }
}

/// What the numbers of an object hold, gaps filled; a text is its own first part.
private func hl7Parts<Part>(_ value: Value, _ part: (Value) -> Part) -> [Part] {
  guard case .object(let record) = value else { return [part(value)] }
  let last = record.names.compactMap { Int($0) }.max() ?? 0
  return (0..<last).map { part(record[String($0 + 1)] ?? "") }
}
