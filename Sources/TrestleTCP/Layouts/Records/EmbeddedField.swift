internal import TrestleCore

/// A message of another layout as a field: `xml(rest)`, `json(u16)`, `other(ll)`. It takes all the bytes
/// that it may have.
struct EmbeddedField: FieldCodec {
  var layout: any MessageLayout
  var typeName: String

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(reader.remaining)
    do throws(CodecError) {
      let message = try layout.decode(Array(bytes))
      reader.warnings += message.warnings
      return message.value
    } catch {
      throw error.moved(by: bytes.startIndex)
    }
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    // A message without anything in it is no message of most layouts: what is left out stays out.
    if value.isNull { return }
    output += try layout.encode(value)
  }

  func list(
    _ reader: inout FieldReader, at path: String, into fields: inout [FieldSpan]
  ) throws(CodecError) -> Value? {
    let bytes = reader.bytes[reader.position..<reader.end]
    var inner: [FieldSpan] = []
    defer {
      fields += inner.map { span in
        var span = span
        span.path =
          span.path.isEmpty || span.path.hasPrefix("[") ? path + span.path : "\(path).\(span.path)"
        span.range =
          (span.range.lowerBound + bytes.startIndex)..<(span.range.upperBound + bytes.startIndex)
        return span
      }
    }
    do throws(CodecError) {
      try layout.list(Array(bytes), into: &inner)
    } catch {
      throw error.moved(by: bytes.startIndex)
    }
    return try read(&reader)
  }

  func using(_ generators: Generators) -> any FieldCodec {
    EmbeddedField(layout: layout.using(generators), typeName: typeName)
  }

  var schema: Schema { layout.schema ?? .any }
  var takesRest: Bool { true }
}

extension CodecError {
  /// The error with its offset in a message that holds the one it is about.
  fileprivate func moved(by count: Int) -> CodecError {
    var error = self
    error.offset = offset.map { $0 + count } ?? count
    // As a field the message has a path of its own; only alone is it the layout.
    if path.hasPrefix("layout.") { error.path = "" }
    return error
  }
}
