internal import TrestleCore

/// A JSON text for a message.
struct JSONLayout: MessageLayout {
  /// Messages nested deeper are refused before they cost anything.
  private static let maximumDepth = 64

  var isStateless: Bool { true }

  var hasNulls: Bool { true }

  func encode(_ message: Value) throws(CodecError) -> [UInt8] { JSONWriter.bytes(message) }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    do throws(JSONError) {
      return DecodedMessage(value: try JSONParser.parse(bytes, maximumDepth: Self.maximumDepth))
    } catch {
      let place = min(error.offset, bytes.count)
      throw CodecError(
        path: "layout.json", reason: "is not JSON: \(error.reason)", in: bytes[...],
        wrong: place..<min(place + 1, bytes.count))
    }
  }
}
