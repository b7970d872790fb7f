package import TrestleCore
internal import TrestleTCP

/// A COBOL copybook made into files of a workspace: the copybook unchanged, pinned, and a system whose
/// messages are its records.
///
/// A copybook says what is in a message, and nothing of how messages travel: what the file of the
/// system says of that is a guess, and marked as one.
package struct CopybookImport: PinnedImport {
  /// The name of the system.
  package let name: String
  /// Paths below the workspace, and contents: the copybooks, their lock, the adapter file.
  package let files: [(path: String, bytes: [UInt8])]
  package let operations: [String]
  /// What cannot be read of the copybook; records without mistakes work all the same.
  package let diagnostics: [Diagnostic]
  /// The copybook and those it copies, by their paths in the system's folder.
  package let documents: [ContractCopy]

  /// The folder of a system's copybooks, relative to the workspace.
  package var folder: String { "copybooks/\(name)" }
  package var noun: String { "copybook" }

  /// Reads a copybook and those beside it that it copies.
  ///
  /// - Throws: `LoadError` when the file cannot be read.
  package init(file: String, name: String, mockPort: Int) throws(LoadError) {
    self.name = name
    let bytes = try FilePaths.read(file, limit: 16 << 20)
    let main = FilePaths.name(file)
    let collector = CopiedBooks(folder: FilePaths.parent(file))
    let outline = CopybookOutline(bytes, file: FilePaths.display(file)) { collector.read($0) }
    diagnostics = outline.diagnostics
    documents = [ContractCopy(path: main, bytes: bytes)] + collector.copies(besides: main)
    let records = outline.records.filter { $0.size != nil }
    let operations = CopybookOperation.operations(of: records, system: name)
    self.operations = operations.map(\.name)
    let folder = "copybooks/\(name)"
    var files = documents.map { (path: "\(folder)/\($0.path)", bytes: $0.bytes) }
    files.append(("\(folder)/\(ContractLock.fileName)", Array(ContractLock(documents).text.utf8)))
    let adapter = Self.adapter(
      name: name, copybook: "../\(folder)/\(main)", records: records, operations: operations,
      mockPort: mockPort)
    files.append(("adapters/\(name).yaml", Array(adapter.utf8)))
    self.files = files
  }

  // MARK: - The adapter file

  private static func adapter(
    name: String, copybook: String, records: [CopybookOutline.Record],
    operations: [CopybookOperation], mockPort: Int
  ) -> String {
    var lines = [
      AdapterText.schemaComment,
      "# Messages as the copybook lays them out. How they travel a copybook does not say: lines with",
      "# \"adapt\" are guesses.",
      "system: \(AdapterText.scalar(name))", "protocol: custom_tcp",
    ]
    if let endpoint = AdapterText.endpoint("tcp://127.0.0.1:9000", of: name) {
      lines.append(endpoint + "  # adapt")
    }
    lines += [
      "timeout: 10s", "",
      "# adapt: here every message has its length before it, LL 00 00, itself counted. Others:",
      "#   { length: { bytes: 4, as: be } }     { lines: crlf }     { until: close }",
    ]
    let sizes = Set(operations.flatMap { [$0.request, $0.reply] }.compactMap { records[$0].size })
    if sizes.count == 1, let size = sizes.first { lines.append("#   { fixed: \(size) }") }
    lines += [
      "frame: { length: { bytes: 2, as: be, counts: total, header: 4 } }", "",
      "layout:",
      "  encoding: cp037  # adapt: the host's page (cp273, cp500, cp1047, cp1140, …), or us-ascii",
    ]
    for (position, record) in records.enumerated()
    where operations.contains(where: { $0.request == position || $0.reply == position }) {
      let size = record.size.map { "\($0) bytes" + (record.isVariable ? " at most" : "") } ?? ""
      lines.append("  # \(record.name ?? "the fields"): \(size)")
      for area in record.areas.prefix(4) {
        lines.append(
          "  # \(area.joined(separator: " and ")) share their bytes: segments: or select: says which"
        )
      }
      let chosen =
        records.count > 1 ? ", record: \(AdapterText.scalar(record.name ?? "FILLER"))" : ""
      lines.append(
        "  \(CopybookOperation.layoutName(record)): { copybook: \(AdapterText.quoted(copybook))\(chosen) }"
      )
    }
    lines += ["", "operations:"]
    for operation in operations { lines += operation.lines(records) }
    lines += ["", "mock:", "  port: \(mockPort)", "  fallback: sample", ""]
    return lines.joined(separator: "\n")
  }
}

/// The copybooks that a copybook copies, as they were read.
private final class CopiedBooks {
  private let folder: String
  private var copies: [ContractCopy] = []

  init(folder: String) { self.folder = folder }

  func read(_ name: String) -> [UInt8]? {
    // A name is a word of the copybook: nothing outside of its folder is read by one.
    guard !name.contains("/"), !name.contains("\\"), name.first != "." else { return nil }
    for suffix in CopybookOutline.suffixes {
      let path = name + suffix
      if let bytes = try? FilePaths.read("\(folder)/\(path)", limit: 16 << 20) {
        copies.append(ContractCopy(path: path, bytes: bytes))
        return bytes
      }
    }
    return nil
  }

  func copies(besides main: String) -> [ContractCopy] {
    copies.reduce(into: []) { kept, copy in
      if copy.path != main, !kept.contains(where: { $0.path == copy.path }) { kept.append(copy) }
    }
  }
}

/// Two records that answer each other, as their names say.
struct CopybookOperation: Sendable, Hashable {
  var name: String
  /// The positions of its records.
  var request: Int
  var reply: Int

  private static let requestWords: Set<String> = [
    "REQUEST", "REQ", "RQ", "IN", "INPUT", "INQUIRY", "INQ", "QUERY", "CALL", "SEND",
  ]
  private static let replyWords: Set<String> = [
    "REPLY", "RESPONSE", "RESP", "RES", "RSP", "RP", "OUT", "OUTPUT", "ANSWER", "ANS", "RESULT",
    "RETURN", "RECEIVE",
  ]
  private static let plainWords: Set<String> = [
    "RECORD", "REC", "MESSAGE", "MSG", "AREA", "DATA", "LAYOUT", "COMMAREA", "WS", "LS", "FILLER",
  ]

  static func operations(
    of records: [CopybookOutline.Record], system: String
  ) -> [CopybookOperation] {
    guard records.count > 1 else {
      return records.isEmpty ? [] : [CopybookOperation(name: word(system), request: 0, reply: 0)]
    }
    let words = records.map { record in
      (record.name ?? "").uppercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
        .map(String.init)
    }
    let requests = records.indices.filter { !requestWords.isDisjoint(with: words[$0]) }
    let replies = records.indices.filter {
      !replyWords.isDisjoint(with: words[$0]) && !requests.contains($0)
    }
    func stem(_ position: Int) -> [String] {
      words[position].filter {
        !requestWords.contains($0) && !replyWords.contains($0) && !plainWords.contains($0)
      }
    }
    var operations: [CopybookOperation] = []
    if !requests.isEmpty, !replies.isEmpty {
      for request in requests {
        let reply = replies.first { stem($0) == stem(request) } ?? replies[0]
        let stem = stem(request)
        operations.append(
          CopybookOperation(
            name: stem.isEmpty ? word(system) : word(stem.joined(separator: "-")),
            request: request, reply: reply))
      }
    } else if records.count == 2 {
      // Two records are a question and its answer, in this order.
      operations.append(CopybookOperation(name: word(system), request: 0, reply: 1))
    } else {
      for position in records.indices {
        let stem = stem(position).joined(separator: "-")
        operations.append(
          CopybookOperation(
            name: word(stem.isEmpty ? "record-\(position + 1)" : stem), request: position,
            reply: position))
      }
    }
    var taken: Set<String> = []
    return operations.map {
      var operation = $0
      var number = 1
      while !taken.insert(operation.name).inserted {
        number += 1
        operation.name = "\($0.name)\(number)"
      }
      return operation
    }
  }

  /// `CUST-INQUIRY` as operations are named: `custInquiry`.
  private static func word(_ text: String) -> String {
    let words = text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
    let name = words.enumerated().map { position, word in
      position == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
    return name.isEmpty ? "exchange" : name
  }

  static func layoutName(_ record: CopybookOutline.Record) -> String {
    let name = record.name.map { $0.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" } }
    return AdapterText.scalar(name.map { String($0) } ?? "record")
  }

  func lines(_ records: [CopybookOutline.Record]) -> [String] {
    var lines = [
      "  \(AdapterText.scalar(name)):",
      "    request: { layout: \(Self.layoutName(records[request])) }",
      "    reply: { layout: \(Self.layoutName(records[reply])) }",
    ]
    let code = records[reply].keys.first { key in
      let words = key.uppercased().split(whereSeparator: { $0 == "-" || $0 == "_" })
      return words.contains { ["RC", "CODE", "STATUS", "RETCODE"].contains($0) }
    }
    let good = code.map(records[reply].numbers.contains) ?? false ? "0" : "\"00\""
    lines.append(
      "    # adapt: error: { when: '\(code ?? "RETURN-CODE") != \(good)', code: \(code ?? "RETURN-CODE") }"
    )
    lines.append("    # adapt: effects: read")
    return lines
  }
}
