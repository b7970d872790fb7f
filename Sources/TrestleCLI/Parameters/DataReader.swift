internal import Trestle
internal import TrestleCore

extension Session {
  /// The most that is read of a file or of standard input.
  static let inputLimit = 64 << 20

  /// The value that `-d` means: JSON, `@FILE`, or `-` for standard input.
  ///
  /// Line comments are allowed, so that a template can be filled in and sent.
  func value(ofData text: String) throws(CommandFailure) -> Value {
    let bytes: [UInt8]
    let origin: String
    switch text {
    case "-":
      bytes = try standardInput()
      origin = "standard input"
    case _ where text.hasPrefix("@"):
      bytes = try file(String(text.dropFirst()))
      origin = String(text.dropFirst())
    default:
      bytes = Array(text.utf8)
      origin = "what follows -d"
    }
    do throws(JSONError) {
      return try JSONParser.parse(Self.withoutComments(bytes))
    } catch {
      throw CommandFailure.usage(
        "\(origin) is not JSON: \(error)",
        hint: "-d takes JSON, @FILE or -; single parameters are written name=value")
    }
  }

  /// The bytes that `--xml` or `--raw` means: themselves, `@FILE`, or `-` for standard input.
  func bytes(ofArgument text: String) throws(CommandFailure) -> [UInt8] {
    if text == "-" { return try standardInput() }
    return text.hasPrefix("@") ? try file(String(text.dropFirst())) : Array(text.utf8)
  }

  /// The bytes of standard input.
  func standardInput() throws(CommandFailure) -> [UInt8] {
    if input.isTerminal { note("reading standard input; end with Ctrl-D") }
    let bytes = input.read(Self.inputLimit)
    guard bytes.count <= Self.inputLimit else {
      throw CommandFailure.usage(
        "standard input has more than the \(Self.inputLimit) bytes that are read")
    }
    return bytes
  }

  /// The bytes of a file.
  func file(_ path: String) throws(CommandFailure) -> [UInt8] {
    do throws(LoadError) {
      return try FilePaths.read(FilePaths.absolute(path), limit: Self.inputLimit)
    } catch {
      throw CommandFailure.usage(error.message, hint: error.hint)
    }
  }

  /// JSON with spaces in place of `//` comments, so that places in it stay what they were.
  static func withoutComments(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "/")) else { return bytes }
    var result = bytes
    var isInString = false
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\") where isInString: index += 1
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "/") where !isInString:
        guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/") else { break }
        while index < bytes.count, bytes[index] != 0x0A {
          result[index] = 0x20
          index += 1
        }
      default: break
      }
      index += 1
    }
    return result
  }

  /// The parameters of a call, as the words and `-d` give them.
  func parameters(
    _ words: [String], data: String?, operation: Operation, system: LegacySystem
  ) throws(CommandFailure) -> Value {
    var base: Value?
    if let data { base = try value(ofData: data) }
    guard !words.isEmpty else { return base ?? .emptyObject }
    let codec = (try? system.codec()) as? any PositionalCodec
    let reader = ParameterReader(
      operation: operation, system: system.name,
      positionalKey: codec.map { type(of: $0).positionalKey }
    ) {
      path throws(CommandFailure) in try file(path)
    }
    return try reader.parameters(words, over: base)
  }
}
