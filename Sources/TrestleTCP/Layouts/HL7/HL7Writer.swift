internal import TrestleCore

/// Writes the segments of a message.
struct HL7Writer {
  let segmentEnd: [UInt8]

  func bytes(of message: HL7Message) throws(CodecError) -> [UInt8] {
    var output: [UInt8] = []
    let sign = String(UnicodeScalar(message.separators.field))
    for segment in message.segments {
      var text = segment.name
      // The separator itself is a header's field 1.
      for field in segment.fields.dropFirst(HL7Separators.headers.contains(segment.name) ? 1 : 0) {
        text += sign
        text += field.written(message.separators)
      }
      output += try message.encoding.bytes(of: text, path: segment.name)
      output += segmentEnd
    }
    return output
  }
}
