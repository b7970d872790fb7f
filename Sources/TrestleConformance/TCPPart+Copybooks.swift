internal import TrestleCore
internal import TrestleTCP

extension TCPCorpusRow {
  private var folder: String {
    file.split(separator: "/").dropLast().joined(separator: "/")
  }

  private var name: String { file.split(separator: "/").last.map(String.init) ?? file }

  /// The cases of a row of the folder `cobol`: a copybook that is to be read, or data with the lists of
  /// records it is expected to hold.
  func copybookCases(_ rows: [TCPCorpusRow]) -> [CaseResult] {
    let isCopybook = ["cbl", "cob", "cpy"].contains { file.hasSuffix("." + $0) }
    guard !isCopybook else {
      // A copybook with data beside it is held against that.
      let hasData = rows.contains { $0.folder == folder && $0.expected != "-" }
      return hasData ? [] : [result(file, readingOutcome())]
    }
    let copybooks = rows.filter { row in
      row.folder == folder && ["cbl", "cob", "cpy"].contains { row.file.hasSuffix("." + $0) }
    }
    let hasTwin = rows.contains {
      $0.folder == folder && $0.file != file && $0.expected == expected
    }
    var results: [CaseResult] = []
    for path in expectedFiles where path.hasSuffix(".txt") && !path.hasSuffix("_layout.txt") {
      let name = String(path.split(separator: "/").last?.dropLast(4) ?? "")
      let described = CopybookCase.named(name)
      guard self.name.hasPrefix(described.data),
        let copybook = copybooks.max(by: { $0.likeness(to: name) < $1.likeness(to: name) })
      else { continue }
      var outcome = outcome(described, copybook: copybook, expected: "\(directory)/\(path)")
      if described.mayBeFull, case .failed = outcome {
        var full = described
        full.options["variable"] = false
        outcome = self.outcome(full, copybook: copybook, expected: "\(directory)/\(path)")
      }
      let suffix = hasTwin && described.data.isEmpty ? " \(self.name)" : ""
      results.append(
        result("\(path)\(suffix)", described.isScored ? outcome : .skipped("unscored")))
    }
    return results
  }

  /// `dir/{a,b}` as the files it stands for.
  private var expectedFiles: [String] {
    guard let open = expected.firstIndex(of: "{"), expected.hasSuffix("}") else {
      return [expected]
    }
    let names = expected[expected.index(after: open)...].dropLast()
    return names.split(separator: ",").map { String(expected[..<open]) + $0 }
  }

  /// How many characters a copybook's name and a list's name begin with alike.
  private func likeness(to name: String) -> Int {
    zip(self.name, name).prefix { $0 == $1 }.count * 2 - (self.name.hasPrefix(name + "_") ? 0 : 1)
  }

  // MARK: Reading a copybook

  private func readingOutcome() -> CaseResult.Outcome {
    guard let bytes = CorpusFiles.bytes(path) else { return .failed("cannot be read") }
    let outline = CopybookOutline(bytes, file: name)
    if let error = outline.diagnostics.first(where: { $0.severity == .error }) {
      return .failed("\(error)")
    }
    return outline.records.allSatisfy { ($0.size ?? 0) > 0 }
      ? .passed : .failed("a record has no bytes")
  }

  // MARK: Data

  private func outcome(
    _ described: CopybookCase, copybook: TCPCorpusRow, expected: String
  ) -> CaseResult.Outcome {
    guard let data = CorpusFiles.bytes(path), let text = CorpusFiles.bytes(expected) else {
      return .failed("cannot be read")
    }
    let files = DefinitionFiles { [directory, folder] file in
      CorpusFiles.bytes("\(directory)/\(folder)/\(file)").map { .success($0) }
        ?? .failure(DefinitionFiles.Failure(message: "cannot be read"))
    }
    var section = described.options
    section["copybook"] = .string(copybook.name)
    section["short"] = true
    var problems: [ValueProblem] = []
    guard
      let layout = CompiledLayout(.object(section), files: files, problems: &problems)
    else {
      return .failed("\(copybook.name): \(problems.first?.message ?? "cannot be read")")
    }
    let body = Array(data.dropFirst(described.skipped.start).dropLast(described.skipped.end))
    let wanted = CopybookRecords.values(in: text)
    do throws(CodecError) {
      let found = try CopybookRecords.records(
        in: body, by: described, layout, atMost: wanted.count)
      let comparison = CopybookComparison(texts: described.texts)
      for (position, expected) in wanted.enumerated() {
        guard position < found.count else {
          return .failed("has \(found.count) records, expected \(wanted.count)")
        }
        if let difference = comparison.difference(found[position], expected, at: "") {
          return .failed("record \(position)\(difference)")
        }
      }
      return wanted.isEmpty ? .failed("expects nothing") : .passed
    } catch {
      return .failed("\(error)")
    }
  }
}
