internal import TrestleCore

/// Bytes that several items share.
extension CopybookWriting {
  /// The value of a field that chooses an alternative, where the only one given says it.
  func segment(_ choice: ChoiceReference) -> Value? {
    guard choice.levels < scopes.count else { return nil }
    var value = Value.object(scopes[scopes.count - 1 - choice.levels])
    for key in choice.path {
      guard let inner = value[key] else { return nil }
      value = inner
    }
    let fitting = choice.cases.filter { $0.keys.contains { value[$0] != nil } }
    guard let first = fitting.first, fitting.allSatisfy({ $0.keys == first.keys }) else {
      return nil
    }
    return .string(first.value)
  }

  mutating func write(
    _ area: CopybookArea, _ members: Members
  ) throws(CodecError) {
    let given = area.alternatives.indices.filter { alternative in
      area.keys[alternative].contains { members[$0] != nil }
    }
    let chosen = try chosen(of: area, among: given)
    let written = chosen.map { [$0] } ?? given
    var merged = try self.bytes(of: area.alternatives[written.first ?? 0], members)
    var owners = [Int](repeating: written.first ?? 0, count: merged.bytes.count)
    for alternative in written.dropFirst() {
      let other = try bytes(of: area.alternatives[alternative], members)
      for (position, byte) in other.bytes.enumerated() {
        guard position < merged.bytes.count else {
          merged.bytes.append(byte)
          merged.given.append(other.given[position])
          owners.append(alternative)
          continue
        }
        guard other.given[position] else { continue }
        guard !merged.given[position] || merged.bytes[position] == byte else {
          let names = [owners[position], alternative].map { area.alternatives[$0].title }
          throw CodecError(
            path: area.keys[alternative].first ?? "",
            reason: "\(names[0]) and \(names[1]) share their bytes and do not agree",
            hint: "give one of them")
        }
        merged.bytes[position] = byte
        merged.given[position] = true
        owners[position] = alternative
      }
    }
    // Where one alternative is meant and says how long it is, the record ends with it.
    let endsEarly = area.isLast && options.isVariable == true && !written.isEmpty
    if !endsEarly, merged.bytes.count < area.size, !isShort(area, written) {
      let space = options.encoding.byte(of: " ")
      let missing = area.size - merged.bytes.count
      merged.bytes += [UInt8](repeating: space, count: missing)
      merged.given += [Bool](repeating: false, count: missing)
    }
    if keepsGiven { self.given += merged.given }
    output += merged.bytes
  }

  /// Whether an area has no size of its own, for what is written has tables of any length.
  func isShort(_ area: CopybookArea, _ written: [Int]) -> Bool {
    written.contains { area.alternatives[$0].isVariable } && options.isVariable != false
  }

  func chosen(
    of area: CopybookArea, among given: [Int]
  ) throws(CodecError) -> Int? {
    let chosen: Int
    switch area.choice {
    case nil: return nil
    case .always(let alternative): chosen = alternative
    case .by(let slot, let cases):
      guard let value = noted[slot],
        let named = cases.first(where: { CopybookSegment.isAlike(value, $0.value) })
      else {
        guard let first = given.first else { return nil }
        throw CodecError(
          path: area.keys[first].first ?? "",
          reason: "is given, but \"\(noted[slot]?.scalarText ?? "")\" does not choose it",
          hint: "known: \(cases.map(\.value).joined(separator: ", "))")
      }
      chosen = named.alternative
    }
    if let other = given.first(where: { $0 != chosen }) {
      throw CodecError(
        path: area.keys[other].first ?? "",
        reason: "is given, but the record is one of \(area.alternatives[chosen].title)")
    }
    return chosen
  }

  mutating func bytes(
    of node: CopybookNode, _ members: Members
  ) throws(CodecError) -> (bytes: [UInt8], given: [Bool]) {
    var inner = self
    inner.output = []
    inner.given = []
    inner.keepsGiven = true
    try inner.write(node, members)
    noted = inner.noted
    return (inner.output, inner.given)
  }
}
