internal import TrestleCore
internal import TrestleTCP
internal import TrestleXML

/// Reads a message of jPOS, holds it against its fields, and writes it again.
func jposOutcome(_ row: TCPCorpusRow) -> CaseResult.Outcome {
  guard let bytes = CorpusFiles.bytes(row.path),
    let json = CorpusFiles.bytes("\(row.directory)/\(row.expected)"),
    let expected = try? JSONParser.parse(json)
  else { return .failed("the message or its fields cannot be read") }
  guard let section = jposSection(row) else {
    return .failed("the note does not say a known field table: \(row.note)")
  }
  var problems: [ValueProblem] = []
  guard let layout = CompiledLayout(["iso8583": section], problems: &problems) else {
    let told = problems.map { "\($0.path): \($0.message)" }.joined(separator: "; ")
    return .failed("the field table is refused: \(told)")
  }
  do throws(CodecError) {
    let message = try layout.decode(bytes).value
    let found = jposFields(message)
    var wanted = jposFields(expected)
    let lost = fieldsLost(expected: wanted, section)
    for field in lost { wanted.set(found[field] ?? .null, at: ValuePath([.member(field)])) }
    guard found == wanted else { return .failed("has \(found), expects \(wanted)") }
    guard try layout.encode(message) == bytes else {
      return .failed("does not encode to the same bytes")
    }
    guard lost.isEmpty else {
      return .skipped(
        "explained: field \(lost.joined(separator: ", ")) was given letters, and is written in"
          + " packed digits, which cannot hold them (ISO 8583, attribute n)")
    }
    return .passed
  } catch {
    return .failed("\(error)")
  }
}

/// The fields of packed digits for which letters are stated: these are not in the bytes.
private func fieldsLost(expected: Value, _ section: Value) -> [String] {
  (expected.objectValue ?? [:]).compactMap { member in
    guard section["fields"]?[member.name]?["data"] == "bcd", let text = member.value.stringValue,
      !text.allSatisfy({ "0123456789:;<=>?ABCDEF".contains($0) })
    else { return nil }
    return member.name
  }
}

/// Fields as both sides have them: the message type is field 0, binary data is text, and the header
/// of a composite, which jPOS does not show, is left out.
private func jposFields(_ value: Value) -> Value {
  guard case .object(let record) = value else { return value }
  if let digits = record["$hex"], record.count == 1 { return digits }
  var fields = Record()
  for member in record where member.name != "header" {
    fields[member.name == "mti" ? "0" : member.name] = jposFields(member.value)
  }
  return .object(fields)
}

/// The section for the table that a row's note names: the standard's of 1987, or a packager file.
private func jposSection(_ row: TCPCorpusRow) -> Value? {
  if row.note.contains("87A") {
    return ["version": 1987, "mti": "ascii", "bitmap": "hex", "defaults": ["binary": "hex"]]
  }
  if row.note.contains("87B") {
    // Fixed fields are padded on the left, others on the right; track 3 is text there.
    var fields: Record = [
      "35": "z..37 pad 0 right", "36": "z...104 ascii", "55": "ans...999",
    ]
    for number in ["2", "32", "33", "99", "100"] { fields[number] = "pad 0 right" }
    return [
      "version": 1987, "mti": "bcd", "bitmap": "binary",
      "defaults": ["numeric": "bcd", "length": "bcd"], "fields": .object(fields),
    ]
  }
  let tables = ["93A": "iso93ascii.xml", "93B": "iso93binary.xml"]
  let named = row.note.split(whereSeparator: { " /(),".contains($0) })
    .first { $0.hasSuffix(".xml") }.map(String.init)
  guard let table = named ?? tables.first(where: { row.note.contains($0.key) })?.value,
    let folder = row.path.lastIndex(of: "/"),
    let bytes = CorpusFiles.bytes("\(row.path[...folder])jpos-spec-\(table)")
  else { return nil }
  return JPOSPackager(bytes)?.section
}

/// A packager file: each field's class says its type, coding and length prefix.
private struct JPOSPackager {
  let section: Value

  init?(_ bytes: [UInt8]) {
    // Trestle refuses a DOCTYPE; here it names a DTD and no more.
    let text = String(decoding: bytes, as: UTF8.self)
    let content =
      text.firstRange(of: "<!DOCTYPE").map { mark in
        String(text[..<mark.lowerBound]) + text[mark.upperBound...].drop { $0 != ">" }.dropFirst()
      } ?? text
    guard let document = try? XMLDocument(Array(content.utf8)) else { return nil }
    var fields = Record()
    var section: Record = [:]
    for element in document.root.children {
      guard let id = element.attribute("id"), let kind = Kind(element) else { continue }
      switch id {
      case "0": section["mti"] = .string(kind.page ?? (kind.isPacked ? "bcd" : "ascii"))
      case "1": section["bitmap"] = .string(kind.bitmap)
      default: fields[id] = kind.field(element)
      }
    }
    if let count = document.root.attribute("headerLength"), count != "0" {
      section["header"] = .string("b\(count)")
    }
    section["version"] = 1993
    // Field 65 is declared there, but no message has it.
    fields["65"] = nil
    section["fields"] = .object(fields)
    self.section = .object(section)
  }

  /// The parts of a class's name: `IFB_LLNUM`.
  private struct Kind {
    let family: Character
    let dots: String
    let content: String

    init?(_ element: XMLElement) {
      guard let name = element.attribute("class")?.split(separator: ".").last,
        let mark = name.firstIndex(of: "_"), name.hasPrefix("IF")
      else { return nil }
      family = name.dropFirst(2).first ?? "_"
      let rest = name[name.index(after: mark)...]
      let prefix = rest.prefix { $0 == "L" }
      dots = String(repeating: ".", count: prefix.count)
      content = String(rest.dropFirst(prefix.count))
    }

    var isPacked: Bool { family == "B" }
    var page: String? { family == "E" ? "cp1047" : nil }
    var bitmap: String { isPacked ? "binary" : family == "E" ? "hex-ebcdic" : "hex" }

    func field(_ element: XMLElement) -> Value {
      let size = element.attribute("length") ?? "0"
      var field: Record = [:]
      switch content {
      case "NUMERIC", "NUM":
        // Track 2 comes under this class too.
        field["type"] = .string((dots.isEmpty ? "n" : "z") + dots + size)
        field["data"] = .string(page ?? (isPacked ? "bcd" : "ascii"))
        if isPacked {
          field[element.attribute("pad") == "true" ? "left_pad" : "right_pad"] = "0"
        }
      case "AMOUNT":
        field["type"] = .string("x+n\((Int(size) ?? 1) - 1)")
        field["data"] = .string(page ?? (isPacked ? "bcd" : "ascii"))
      case "BINARY":
        field["type"] = .string("b" + dots + size)
        field["data"] =
          dots.isEmpty && !isPacked ? .string(family == "E" ? "hex-ebcdic" : "hex") : "binary"
      default:
        field["type"] = .string("ans" + dots + size)
        field["data"] = .string(page ?? "ascii")
      }
      if !dots.isEmpty {
        field["length"] = .string(family == "E" ? "ebcdic" : isPacked ? "bcd" : "ascii")
      }
      compose(element, &field)
      return .object(field)
    }

    /// Fields within, where the element has some.
    private func compose(_ element: XMLElement, _ field: inout Record) {
      var fields = Record()
      for inner in element.children {
        guard let id = inner.attribute("id"), let kind = Kind(inner) else { continue }
        if kind.content == "BITMAP" {
          field["bitmap"] = [
            "as": .string(kind.bitmap),
            "bytes": .integer(Int64(inner.attribute("length") ?? "8") ?? 8),
          ]
        } else {
          fields[id] = kind.field(inner)
        }
      }
      guard !fields.isEmpty else { return }
      field["fields"] = .object(fields)
      if let count = element.attribute("headerLength"), count != "0" {
        field["header"] = .string("b\(count)")
      }
    }
  }
}
