internal import TrestleCore

/// Writes the segments of a message.
struct HL7Writer {
  let layout: HL7Layout

  func bytes(of message: HL7Message) throws(CodecError) -> [UInt8] {
    var output: [UInt8] = []
    let sign = String(UnicodeScalar(message.separators.field))
    for segment in message.segments {
      var text = segment.name
      // The separator itself, or the name, is field 1.
      let isCounted = layout.dialect.countsName || layout.dialect.isHeader(segment.name)
      for field in segment.fields.dropFirst(isCounted ? 1 : 0) {
        text += sign
        text += field.written(message.separators)
      }
      output += try message.encoding.bytes(of: text, path: segment.name)
      output += layout.segmentEnd
    }
    return output
  }
}
