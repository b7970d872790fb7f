internal import TrestleCore

/// The Redis serialization protocol, RESP2 and RESP3.
///
/// A message is an object: `{value: …}` for most, `{status: OK}` for a simple string, `{error: {code,
/// message}}`. `{command: [GET, key]}` writes a request, an array of bulk strings.
struct RESPLayout: MessageLayout {
  /// 2 or 3: whether types that RESP2 lacks are written.
  var version = 2
  /// Whether definitions speak of commands.
  private var offersCommand = false

  init(version: Int) { self.version = version }

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else {
      throw CodecError(
        path: "layout.resp",
        reason: "writes one of value, command, status and error, found \(message)")
    }
    var writer = RESPWriter(isThird: version == 3)
    if record["error"] != nil {
      try writer.write(.object(record.only("error")))
    } else if let command = record["command"] {
      try writer.writeCommand(command)
    } else if let value = record["value"] {
      do throws(CodecError) {
        try writer.write(value)
      } catch {
        throw error.inside("value")
      }
    } else if RESPWriter.marks.contains(where: { record[$0] != nil }) {
      try writer.write(message)
    } else {
      throw CodecError(
        path: "layout.resp", reason: "the message has none of value, command, status and error",
        hint: "like {value: …}, {command: [GET, key]} or {status: OK}")
    }
    return writer.output
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var reader = RESPReader(bytes)
    let value = try reader.message()
    var message: Record = ["value": value]
    if case .object(let record) = value, record["status"] != nil || record["error"] != nil {
      message = record
    } else if offersCommand, reader.isCommand {
      message["command"] = value
    }
    return DecodedMessage(value: .object(message), warnings: reader.warnings)
  }

  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    var reader = RESPReader(bytes)
    defer { fields += reader.spans }
    _ = try reader.message()
  }

  func visible(_ message: Value) -> Value {
    guard case .object(var record) = message, record["value"] != nil else { return message }
    record["command"] = nil
    return .object(record)
  }

  /// Redis knows its commands in capitals and in small letters; everything after the first word is data.
  func ignoresCase(at place: ValuePath) -> Bool { place == Self.commandWord }

  private static let commandWord = ValuePath([.member("command"), .item(0)])

  var hasNulls: Bool { true }

  var example: Value? { ["value": ["text"]] }

  func prepared(for names: Set<String>) -> any MessageLayout {
    var layout = self
    layout.offersCommand = names.contains("command")
    return layout
  }
}

extension LayoutKind {
  /// `resp: 3`, `resp: {version: 2}`
  static let resp = LayoutKind(key: "resp", options: []) { outer, _, problems in
    guard let value = outer.value("resp") else { return RESPLayout(version: 2) }
    var version: Int? = WrittenNumber.integer(value)
    if value.objectValue != nil {
      guard var keys = KeyReader(value, at: outer.place("resp"), problems: &problems) else {
        return nil
      }
      version = keys.integer("version", in: 2...3, problems: &problems) ?? 2
      keys.finish("layout.resp", problems: &problems)
    }
    guard let version, (2...3).contains(version) else {
      problems.error("expects 2 or 3, found \(value)", at: outer.place("resp"))
      return nil
    }
    return RESPLayout(version: version)
  }
}

extension Record {
  /// A record of one member of this one.
  fileprivate func only(_ name: String) -> Record {
    self[name].map { [name: $0] } ?? [:]
  }
}
