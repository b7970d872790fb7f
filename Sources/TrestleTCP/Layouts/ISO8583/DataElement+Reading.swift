internal import TrestleCore

/// What reading a message gathers besides its value.
struct ReadingNotes {
  /// Filled when places are wanted.
  var spans: [FieldSpan]?
  var warnings: [String] = []
}

extension DataElement {
  /// Reads the element where the reader stands, and passes it.
  ///
  /// Errors about the data name its first byte; their window marks what is wrong.
  func read(
    _ reader: inout FieldReader, _ notes: inout ReadingNotes
  ) throws(CodecError) -> Value {
    do throws(CodecError) {
      let start = reader.position
      let count = try readLength(&reader)
      let data = try reader.take(size(of: count))
      if let inner { return try read(inner, in: data, of: reader, &notes) }
      let value = Value.string(try text(of: data, count: count, of: reader))
      if notes.spans != nil {
        notes.spans?.append(
          FieldSpan(path: key, range: start..<reader.position, type: type, value: value))
      }
      return value
    } catch {
      throw error.inside(key)
    }
  }

  /// The length in units.
  private func readLength(_ reader: inout FieldReader) throws(CodecError) -> Int {
    guard let prefix else { return maximum }
    let digits: ArraySlice<UInt8>
    do throws(CodecError) {
      digits = try reader.take(prefix.width)
    } catch {
      throw error.inside("length")
    }
    guard let number = prefix.coding.number(in: digits) else {
      throw reader.wrong(
        digits, "has no length: expects \(prefix.coding.description(width: prefix.width))")
    }
    guard number <= UInt64(maximum) else {
      throw reader.wrong(
        digits, "has a length of \(counted(Int(clamping: number))), more than \(maximum)")
    }
    if unit == .halves, case .characters = coding, number % 2 == 1 {
      throw reader.wrong(digits, "has a length of \(number) half bytes, which are no characters")
    }
    return Int(number)
  }

  // MARK: Scalars

  private func text(
    of data: ArraySlice<UInt8>, count: Int, of reader: FieldReader
  ) throws(CodecError) -> String {
    switch coding {
    case .characters(let encoding):
      return try characters(encoding, of: data, of: reader)
    case .packed(let sign):
      let digits = data.dropFirst(signSize)
      let text = try packedText(of: digits, count: count, of: reader)
      guard kind == .amount else { return text }
      return try sign.text(of: data.prefix(1), path: "", at: data.startIndex) + text
    case .raw:
      return try halves(
        HexadecimalText.text(of: data), isOdd: unit == .halves && count % 2 == 1, in: data,
        of: reader)
    case .hexadecimal(let encoding):
      guard let digits = HexadecimalText.digits(of: data, in: encoding) else {
        throw reader.wrong(data, "is not hexadecimal")
      }
      return digits
    }
  }

  private func characters(
    _ encoding: TextEncoding, of data: ArraySlice<UInt8>, of reader: FieldReader
  ) throws(CodecError) -> String {
    var text: String
    do throws(CodecError) {
      text = try encoding.text(of: data, path: "", at: data.startIndex)
    } catch {
      throw reader.wrong(data, "is not \(encoding.name)")
    }
    if kind == .digits || kind == .amount {
      let digits = text.utf8.dropFirst(signSize)
      guard digits.allSatisfy({ $0 &- 0x30 < 10 }) else {
        throw reader.wrong(data, "is not \(type), which has digits")
      }
    }
    if trims, let pad { text = Self.trimmed(text, pad) }
    return text
  }

  private static func trimmed(_ text: String, _ pad: Pad) -> String {
    let scalars = text.unicodeScalars
    if pad.isLeft { return String(scalars.drop { $0 == pad.scalar }) }
    guard let last = scalars.lastIndex(where: { $0 != pad.scalar }) else { return "" }
    return String(scalars[...last])
  }

  private func packedText(
    of data: ArraySlice<UInt8>, count: Int, of reader: FieldReader
  ) throws(CodecError) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(data.count * 2)
    for byte in data {
      digits.append(byte >> 4)
      digits.append(byte & 15)
    }
    if unit == .halves, count % 2 == 1 {
      guard let pad, let half = pad.half else {
        throw reader.wrong(data, "has an odd number of digits, and the layout does not pad them")
      }
      let found = pad.isLeft ? digits.removeFirst() : digits.removeLast()
      guard found == half else { throw padding(found, pad, in: data, of: reader) }
    } else if unit == .bytes, let pad, let half = pad.half, half > 9 {
      // Only a pad that is no digit tells how many digits there are.
      if pad.isLeft, digits.first == half { digits.removeFirst() }
      if !pad.isLeft, digits.last == half { digits.removeLast() }
    }
    for position in digits.indices {
      guard digits[position] < 10 || kind == .track else {
        throw reader.wrong(data, "is not \(type), which has digits")
      }
      // The code set of the tracks goes on after 9 as ASCII does: `:` to `?`.
      digits[position] |= 0x30
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private func halves(
    _ text: String, isOdd: Bool, in data: ArraySlice<UInt8>, of reader: FieldReader
  ) throws(CodecError) -> String {
    guard isOdd else { return text }
    guard let pad, let half = pad.half else {
      throw reader.wrong(data, "has an odd number of half bytes, and the layout does not pad them")
    }
    let outer = (pad.isLeft ? data.first.map { $0 >> 4 } : data.last.map { $0 & 15 }) ?? 0
    guard outer == half else { throw padding(outer, pad, in: data, of: reader) }
    return String(pad.isLeft ? text.dropFirst() : text.dropLast())
  }

  private func padding(
    _ found: UInt8, _ pad: Pad, in data: ArraySlice<UInt8>, of reader: FieldReader
  ) -> CodecError {
    let side = pad.isLeft ? "left" : "right"
    let digit = String(found, radix: 16, uppercase: true)
    var error = reader.wrong(
      data, "is padded with \(digit) on the \(side), where the layout pads with \(pad.scalar)")
    error.hint = "give the field pad \(digit) \(side)"
    return error
  }

  // MARK: Layouts within

  private func read(
    _ inner: any MessageLayout, in data: ArraySlice<UInt8>, of reader: FieldReader,
    _ notes: inout ReadingNotes
  ) throws(CodecError) -> Value {
    var bytes = Array(data)
    var base: Int? = data.startIndex
    if case .hexadecimal(let encoding) = coding {
      guard let digits = HexadecimalText.digits(of: data, in: encoding),
        let content = HexadecimalText.bytes(of: digits)
      else { throw reader.wrong(data, "is not hexadecimal") }
      bytes = content
      base = nil
    }
    do throws(CodecError) {
      if notes.spans != nil {
        var spans: [FieldSpan] = []
        defer {
          notes.spans? += spans.map { $0.moved(by: base, within: data, under: key) }
        }
        try inner.list(bytes, into: &spans)
        return .null
      }
      let message = try inner.decode(bytes)
      notes.warnings += message.warnings.map { "\(key): \($0)" }
      return message.value
    } catch {
      // A place in hexadecimal text is that of the text.
      var error = error
      error.offset = base.map { $0 + (error.offset ?? 0) } ?? data.startIndex
      throw error
    }
  }
}

extension DataElement.Pad {
  /// The half byte that the pad is; nil where it is no hexadecimal digit.
  var half: UInt8? {
    UInt8(exactly: scalar.value).flatMap { NumberCoding.hexadecimalDigit($0) }
  }
}

extension FieldSpan {
  /// The place of a field in what surrounds its layout.
  fileprivate func moved(
    by base: Int?, within data: ArraySlice<UInt8>, under key: String
  ) -> FieldSpan {
    var span = self
    span.path = path.isEmpty ? key : path.hasPrefix("[") ? key + path : "\(key).\(path)"
    span.range =
      base.map { (range.lowerBound + $0)..<(range.upperBound + $0) }
      ?? data.startIndex..<data.endIndex
    return span
  }
}
