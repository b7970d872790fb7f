internal import TrestleCore

extension DataElement {
  /// Writes the element: its length, where it has one, and its data.
  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    do throws(CodecError) {
      let start = output.count
      if let prefix { output.append(contentsOf: repeatElement(0, count: prefix.width)) }
      let count: Int
      if let inner {
        count = try write(inner, value, to: &output)
      } else {
        count = try writeScalar(value, to: &output)
      }
      guard let prefix else {
        guard count == maximum else {
          throw CodecError(reason: "has \(counted(count)), expects \(maximum)")
        }
        return
      }
      guard count <= maximum else {
        throw CodecError(reason: "has \(counted(count)), more than \(maximum)")
      }
      guard prefix.write(count, over: &output, from: start) else {
        throw CodecError(
          reason: "has \(counted(count)), which a length of "
            + "\(prefix.coding.description(width: prefix.width)) cannot say")
      }
    } catch {
      throw error.inside(key)
    }
  }

  /// A value as reading gives it back; the value itself where it cannot be written.
  func filled(_ value: Value) -> Value {
    guard inner == nil else { return value }
    var bytes: [UInt8] = []
    guard (try? write(value, to: &bytes)) != nil else { return value }
    var reader = FieldReader(bytes)
    var notes = ReadingNotes()
    return (try? read(&reader, &notes)) ?? value
  }

  /// Writes the data; gives its length in units.
  private func writeScalar(_ value: Value, to output: inout [UInt8]) throws(CodecError) -> Int {
    if kind == .binary {
      let digits = try hexadecimal(value)
      if case .hexadecimal(let encoding) = coding {
        return try writeHexadecimal(digits, in: encoding, to: &output)
      }
      return try writeRaw(digits, to: &output)
    }
    if case .bytes = value { throw .unwritable(value, "text of \(type)") }
    guard let text = value.scalarText else { throw .unwritable(value, "text of \(type)") }
    switch coding {
    case .characters(let encoding): return try writeCharacters(text, in: encoding, to: &output)
    case .packed(let sign): return try writePacked(text, sign: sign, to: &output)
    case .raw, .hexadecimal: throw .unwritable(value, "bytes")
    }
  }

  // MARK: Characters

  private func writeCharacters(
    _ text: String, in encoding: TextEncoding, to output: inout [UInt8]
  ) throws(CodecError) -> Int {
    if kind == .digits || kind == .amount {
      let digits = text.utf8.dropFirst(signSize)
      guard digits.allSatisfy({ $0 &- 0x30 < 10 }), text.utf8.count >= signSize else {
        throw .unwritable(.string(text), kind == .digits ? "digits" : "a sign and digits")
      }
    }
    let start = output.count
    output += try encoding.bytes(of: text, path: "")
    let size = output.count - start
    let wanted = self.size(of: maximum)
    if prefix == nil, size < wanted, size >= signSize, let pad {
      let place = pad.isLeft ? start + signSize : output.count
      output.insert(
        contentsOf: repeatElement(encoding.byte(of: pad.scalar), count: wanted - size), at: place)
    }
    let count = output.count - start - signSize
    return unit == .halves ? count * 2 : count
  }

  // MARK: Packed digits

  private func writePacked(
    _ text: String, sign: TextEncoding, to output: inout [UInt8]
  ) throws(CodecError) -> Int {
    var halves: [UInt8] = []
    halves.reserveCapacity(text.utf8.count + 1)
    var isSign = kind == .amount
    for scalar in text.unicodeScalars {
      if isSign {
        output += try sign.bytes(of: String(scalar), path: "")
        isSign = false
      } else if let half = half(of: scalar) {
        halves.append(half)
      } else {
        throw .unwritable(.string(text), kind == .track ? "digits and : ; < = > ?" : "digits")
      }
    }
    if isSign { throw .unwritable(.string(text), "a sign and digits") }
    let wanted = unit == .halves ? maximum : maximum * 2
    if prefix == nil, halves.count < wanted, kind != .track, pad != nil {
      halves.insert(contentsOf: repeatElement(0, count: wanted - halves.count), at: 0)
    }
    let count = halves.count
    if count % 2 == 1 { try fillUp(&halves) }
    for position in stride(from: 0, to: halves.count, by: 2) {
      output.append(halves[position] << 4 | halves[position + 1])
    }
    return unit == .halves ? count : halves.count / 2
  }

  private func half(of scalar: Unicode.Scalar) -> UInt8? {
    guard let byte = UInt8(exactly: scalar.value) else { return nil }
    if byte &- 0x30 < 10 { return byte & 15 }
    guard kind == .track else { return nil }
    // Peers write the separator as `=` or `D`.
    return byte &- 0x3A < 6 ? byte & 15 : NumberCoding.hexadecimalDigit(byte)
  }

  private func fillUp(_ halves: inout [UInt8]) throws(CodecError) {
    guard let pad, let half = pad.half else {
      throw CodecError(
        reason: "has an odd number of digits, and the layout does not pad them",
        hint: "give the field a pad, like pad 0 left")
    }
    guard unit == .halves || half > 9 else {
      throw CodecError(
        reason: "has an odd number of digits, which a length in bytes cannot say",
        hint: "give the field pad F right")
    }
    halves.insert(half, at: pad.isLeft ? 0 : halves.count)
  }

  // MARK: Binary data

  /// Hexadecimal digits, a half byte each.
  private func hexadecimal(_ value: Value) throws(CodecError) -> [UInt8] {
    if case .bytes(let bytes) = value { return bytes.flatMap { [$0 >> 4, $0 & 15] } }
    guard let text = value.scalarText else { throw .unwritable(value, "hexadecimal text") }
    var halves: [UInt8] = []
    halves.reserveCapacity(text.utf8.count + 1)
    for byte in text.utf8 {
      guard let digit = NumberCoding.hexadecimalDigit(byte) else {
        throw .unwritable(value, "hexadecimal text")
      }
      halves.append(digit)
    }
    return halves
  }

  private func writeRaw(
    _ digits: [UInt8], to output: inout [UInt8]
  ) throws(CodecError) -> Int {
    var halves = digits
    if halves.count % 2 == 1 {
      guard unit == .halves else {
        throw CodecError(reason: "has an odd number of hexadecimal digits")
      }
      try fillUp(&halves)
    }
    for position in stride(from: 0, to: halves.count, by: 2) {
      output.append(halves[position] << 4 | halves[position + 1])
    }
    return unit == .halves ? digits.count : digits.count / 2
  }

  private func writeHexadecimal(
    _ digits: [UInt8], in encoding: TextEncoding, to output: inout [UInt8]
  ) throws(CodecError) -> Int {
    guard unit == .halves || digits.count % 2 == 0 else {
      throw CodecError(reason: "has an odd number of hexadecimal digits")
    }
    for digit in digits {
      output.append(encoding.byte(of: Unicode.Scalar(HexadecimalText.digit(digit))))
    }
    return unit == .halves ? digits.count : digits.count / 2
  }

  // MARK: Layouts within

  private func write(
    _ inner: any MessageLayout, _ value: Value, to output: inout [UInt8]
  ) throws(CodecError) -> Int {
    let bytes = try inner.encode(value)
    if case .hexadecimal(let encoding) = coding {
      return try writeHexadecimal(
        bytes.flatMap { [$0 >> 4, $0 & 15] }, in: encoding, to: &output)
    }
    output += bytes
    return unit == .halves ? bytes.count * 2 : bytes.count
  }
}
