internal import TrestleCore

/// What a message holds, and how it is written: bytes and values, both ways. A new layout is one new type.
protocol MessageLayout: Sendable {
  /// Writes a message.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written. Text is never changed to fit.
  func encode(_ message: Value) throws(CodecError) -> [UInt8]

  /// Reads a message.
  ///
  /// - Throws: `CodecError` with the place of what is wrong.
  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage

  /// Lists what a message holds in the order of its bytes; where reading fails, what came before.
  ///
  /// - Throws: `CodecError` with the place of what is wrong.
  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError)

  /// The values of messages, where these themselves are parameters and results; nil where they may be
  /// anything.
  var schema: Schema? { get }

  /// What callers see of a message: not what it writes by itself.
  func visible(_ message: Value) -> Value

  /// What every reply to a request holds by the protocol itself, before anything that the definition
  /// says (an HL7 ACK's header, ISO 8583's message type).
  func answer(to request: Value, generators: Generators) -> Value

  /// Whether one value is always written to the same bytes, and replies hold nothing of their requests
  /// by the protocol itself.
  var isStateless: Bool { get }

  /// The key of what kind of message a message is, which replies to other kinds of requests with the
  /// same identity are told by (ISO 8583's message type); nil where messages do not say.
  var typeKey: String? { get }

  /// The key that messages have for a field, where definitions may name it in other ways: `pan` for `2`.
  func key(of field: String) -> String

  /// What most replies hold at a place, for samples: `AA` at MSA-1.
  var usualTexts: [(place: ValuePath, text: String)] { get }

  /// A message that can be written, for samples where nothing but the layout says what messages hold; nil
  /// where an empty one will do.
  var example: Value? { get }

  /// The same of a reply, beside what it holds by the protocol itself.
  var exampleReply: Value? { get }

  /// The path under which messages hold what definitions call by another: `PID.3.1` for `PID-3.1`.
  func place(_ path: ValuePath) -> ValuePath

  /// The path under which messages hold the elements of a list, of which places are taken one by one.
  func listPlace(_ path: ValuePath) -> ValuePath

  /// What a definition's `set` means: a text may be a short form of what messages hold.
  func meaning(ofSet set: Value) -> Value

  /// Whether a constant at a place tells whose request a message is. Others (who sent it, say) only
  /// fill it.
  func identifies(_ place: ValuePath) -> Bool

  /// Whether upper and lower case are the same in a constant at a place (the command's word in RESP).
  func ignoresCase(at place: ValuePath) -> Bool

  /// Whether messages can say null where they have a place, rather than leave the place out.
  var hasNulls: Bool { get }

  /// The names that messages can have; nil where they may have any.
  var fieldNames: [String]? { get }

  /// The layout of what a field holds; nil where it holds no fields.
  func layout(within field: String) -> (any MessageLayout)?

  /// A value of a field as reading gives it back, filled up to its length; the value itself where
  /// nothing is filled up, or it cannot be written.
  func filled(_ value: Value, of field: String) -> Value

  /// The layout, ready for messages that speak of these names.
  func prepared(for names: Set<String>) -> any MessageLayout

  /// Reads texts at some places, and whether others are there; nil where that is not less work than
  /// reading all.
  func placeReader(texts: [ValuePath], present: [ValuePath]) -> (any PlaceReading)?

  /// The layout with the clock and counters that its messages are written with.
  func using(_ generators: Generators) -> any MessageLayout
}

extension MessageLayout {
  /// Reads a message; what is wrong with it shows the bytes.
  func read(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    do throws(CodecError) {
      return try decode(bytes)
    } catch {
      throw error.showing(bytes)
    }
  }

  /// Lists what a message holds; what is wrong with it shows the bytes.
  func fields(of bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    do throws(CodecError) {
      try list(bytes, into: &fields)
    } catch {
      throw error.showing(bytes)
    }
  }

  /// The message as one field.
  func list(_ bytes: [UInt8], into fields: inout [FieldSpan]) throws(CodecError) {
    let message = try decode(bytes)
    fields.append(FieldSpan(path: "", range: 0..<bytes.count, value: message.value))
  }

  var schema: Schema? { nil }

  func visible(_ message: Value) -> Value { message }

  func answer(to request: Value, generators: Generators) -> Value { .emptyObject }

  var isStateless: Bool { false }

  var typeKey: String? { nil }

  func key(of field: String) -> String { field }

  func place(_ path: ValuePath) -> ValuePath { keyed(path) }

  var usualTexts: [(place: ValuePath, text: String)] { [] }

  var example: Value? { nil }

  var exampleReply: Value? { example }

  func listPlace(_ path: ValuePath) -> ValuePath { place(path) }

  func meaning(ofSet set: Value) -> Value { keyed(set) }

  func identifies(_ place: ValuePath) -> Bool { true }

  func ignoresCase(at place: ValuePath) -> Bool { false }

  var hasNulls: Bool { false }

  var fieldNames: [String]? { nil }

  func layout(within field: String) -> (any MessageLayout)? { nil }

  func filled(_ value: Value, of field: String) -> Value { value }

  func prepared(for names: Set<String>) -> any MessageLayout { self }

  func placeReader(texts: [ValuePath], present: [ValuePath]) -> (any PlaceReading)? { nil }

  func using(_ generators: Generators) -> any MessageLayout { self }
}

/// A message as it was read.
struct DecodedMessage: Sendable {
  var value: Value
  /// What was odd but let pass, a sentence each.
  var warnings: [String] = []
}
