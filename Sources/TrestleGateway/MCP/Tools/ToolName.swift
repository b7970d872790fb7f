internal import Trestle

/// Names that every client and every model's interface takes.
///
/// Clients put the server's name before a tool's and fail, or cut, at 60 to 64 characters; models' interfaces
/// refuse a whole list of tools for one name with a character of their dislike. So names are cut here, in a
/// way that gives the same name each time, and another one for another operation.
enum ToolName {
  static let greatestLength = 40
  private static let greatestArgumentLength = 64

  /// The tool that calls an operation.
  static func tool(_ system: String, _ operation: String) -> String {
    fitted("\(system)__\(operation)", length: greatestLength) { isWordPart($0) }
  }

  /// The argument that stands for a member.
  static func argument(_ member: String) -> String {
    fitted(member, length: greatestArgumentLength) { isWordPart($0) || $0 == UInt8(ascii: ".") }
  }

  private static func fitted(
    _ name: String, length: Int, _ isAllowed: (UInt8) -> Bool
  ) -> String {
    if !name.isEmpty, name.utf8.count <= length, name.utf8.allSatisfy(isAllowed) { return name }
    let head = name.unicodeScalars.map { scalar -> Character in
      scalar.isASCII && isAllowed(UInt8(scalar.value)) ? Character(scalar) : "_"
    }
    return String(head.prefix(length - 7)) + "_" + mark(of: name)
  }

  private static func isWordPart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }

  /// Six hexadecimal digits by which names differ that are cut to the same head (FNV-1a).
  private static func mark(of name: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return HexText.encode((0..<3).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) })
  }
}

/// What the arguments of a tool are called, where a member's own name is none that models can say.
struct ArgumentNames: Sendable {
  private var aliases: [String: String] = [:]
  private var members: [String: String] = [:]

  init(_ names: [String]) {
    for name in names {
      let alias = ToolName.argument(name)
      guard alias != name else { continue }
      aliases[name] = alias
      members[alias] = name
    }
  }

  var isEmpty: Bool { aliases.isEmpty }

  func alias(of member: String) -> String { aliases[member] ?? member }

  /// The parameters that arguments stand for.
  func parameters(_ arguments: Record) -> Record {
    guard !isEmpty else { return arguments }
    return Record(
      arguments.map { Record.Member(name: members[$0.name] ?? $0.name, value: $0.value) })
  }

  /// A place in parameters as a place in the arguments.
  func pointer(_ pointer: String) -> String {
    guard !isEmpty, pointer.hasPrefix("/") else { return pointer }
    let first = pointer.dropFirst().prefix { $0 != "/" }
    let name = String(first).replacing("~1", with: "/").replacing("~0", with: "~")
    return "/" + JSONPointer.escaped(alias(of: name)) + pointer.dropFirst(1 + first.count)
  }

  /// The arguments that stand for parameters.
  func arguments(_ parameters: Value) -> Value {
    guard !isEmpty, case .object(let record) = parameters else { return parameters }
    return .object(
      Record(record.map { Record.Member(name: alias(of: $0.name), value: $0.value) }))
  }
}
