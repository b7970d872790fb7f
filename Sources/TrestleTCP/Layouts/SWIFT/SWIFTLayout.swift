internal import TrestleCore

/// SWIFT MT messages: blocks in braces, the text block made of tagged fields.
///
///     {basic: F01…, application: I103…, user: {"108": REF}, text: {"20": X, "32A": …}, trailer: {CHK: …}}
struct SWIFTLayout: MessageLayout {
  var lineEnd: [UInt8] = [0x0D, 0x0A]
  var encoding = TextEncoding.utf8

  /// What the blocks are called.
  static let names = [
    "1": "basic", "2": "application", "3": "user", "4": "text", "5": "trailer",
  ]

  private static let numbers = Dictionary(uniqueKeysWithValues: names.map { ($1, $0) })

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message, !record.isEmpty else {
      throw CodecError(path: "layout.swift", reason: "writes blocks, found \(message)")
    }
    var members = OrderedMembers.members(of: record).map {
      (name: key(of: $0.name), value: $0.value)
    }
    if record[OrderedMembers.orderKey] == nil {
      // Blocks stand in the order of their numbers, wherever a definition mentions them.
      let numbered = members.filter { Self.numbers[$0.name] != nil }
        .sorted { Self.numbers[$0.name] ?? "" < Self.numbers[$1.name] ?? "" }
      members = numbered + members.filter { Self.numbers[$0.name] == nil }
    }
    var output: [UInt8] = []
    for member in members {
      do throws(CodecError) {
        output += try block(member.name, member.value)
      } catch {
        throw error.inside(member.name)
      }
    }
    return output
  }

  private func block(_ name: String, _ value: Value) throws(CodecError) -> [UInt8] {
    let head = try self.name(Self.numbers[name] ?? name)
    var output = Array("{\(head):".utf8)
    if case .object(let record) = value {
      if name == "text", !Self.isService(record) {
        output += try fields(record)
      } else {
        for member in OrderedMembers.members(of: record) {
          do throws(CodecError) {
            let tag = try self.name(member.name)
            output += "{\(tag):".utf8
            output += try content(member.value) + [UInt8(ascii: "}")]
          } catch {
            throw error.inside(member.name)
          }
        }
      }
    } else {
      output += try content(value)
    }
    return output + [UInt8(ascii: "}")]
  }

  /// Service messages have blocks within the text block: all their tags are numbers of three digits.
  private static func isService(_ record: Record) -> Bool {
    !record.isEmpty
      && record.names.allSatisfy { name in
        name == OrderedMembers.orderKey
          || (name.utf8.count == 3 && name.utf8.allSatisfy { $0 &- 48 < 10 })
      }
  }

  private func name(_ name: String) throws(CodecError) -> String {
    guard !name.isEmpty, name.utf8.allSatisfy(SWIFTReader.isName) else {
      throw CodecError(reason: "is no name of a block or tag")
    }
    return name
  }

  private func content(_ value: Value) throws(CodecError) -> [UInt8] {
    guard let text = value.scalarText else {
      throw CodecError(reason: "expects a text, found \(value.kindName)")
    }
    let bytes = try encoding.bytes(of: text, path: "")
    guard !bytes.contains(UInt8(ascii: "{")), !bytes.contains(UInt8(ascii: "}")) else {
      throw CodecError(reason: "holds a brace, which divides blocks")
    }
    return bytes
  }

  /// The fields of a text block, each on a line of its own.
  private func fields(_ record: Record) throws(CodecError) -> [UInt8] {
    var output = lineEnd
    for member in OrderedMembers.members(of: record) {
      do throws(CodecError) {
        guard SWIFTReader.isTag(Array(member.name.utf8)[...]) else {
          throw CodecError(
            reason: "is no tag of a field", hint: "like 20 or 32A; parts of a field are its text")
        }
        guard let text = member.value.scalarText else {
          throw CodecError(reason: "expects a text, found \(member.value.kindName)")
        }
        output += ":\(member.name):".utf8
        output += try lines(of: text) + lineEnd
      } catch {
        throw error.inside(member.name)
      }
    }
    return output + [UInt8(ascii: "-")]
  }

  private func lines(of text: String) throws(CodecError) -> [UInt8] {
    let lines = try encoding.bytes(of: text, path: "")
      .split(separator: 0x0A, omittingEmptySubsequences: false)
    for (position, line) in lines.enumerated() {
      guard position == 0 || !(SWIFTReader.tag(of: line) != nil || SWIFTReader.isEnd(line)),
        !line.contains(0x0D)
      else {
        throw CodecError(reason: "has a line that would begin another field or end the text")
      }
    }
    return Array(lines.joined(separator: lineEnd))
  }

  // MARK: Reading

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var reader = SWIFTReader(layout: self, bytes: bytes)
    return DecodedMessage(value: try reader.message())
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var reader = SWIFTReader(layout: self, bytes: bytes)
    defer { fields += reader.spans }
    _ = try reader.message()
  }

  /// A free format message (MT999).
  var example: Value? {
    [
      "basic": "F01BANKBEBBAXXX0000000000", "application": "I999BANKDEFFXXXXN",
      "text": ["20": "REFERENCE", "79": "TEXT"],
    ]
  }

  func key(of field: String) -> String { Self.names[field] ?? field }
}

extension LayoutKind {
  /// `swift: {line: crlf}`
  static let swift = LayoutKind(key: "swift", options: ["encoding"]) { outer, context, problems in
    var layout = SWIFTLayout()
    layout.encoding = TextEncoding.read(&outer, problems: &problems) ?? context.encoding
    guard
      var keys = KeyReader(outer.value("swift"), at: outer.place("swift"), problems: &problems)
    else { return nil }
    if keys.word("line", as: SWIFTLineEnd.self, problems: &problems) == .lf {
      layout.lineEnd = [0x0A]
    }
    keys.finish("layout.swift", problems: &problems)
    return layout
  }
}

private enum SWIFTLineEnd: String, CaseIterable {
  case crlf, lf
}
