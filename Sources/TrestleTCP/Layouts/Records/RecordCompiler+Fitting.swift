internal import TrestleCore

/// What fields must hold: constants, defaults, codes, cases and counts.
extension RecordCompiler {
  /// Tells of a text that a field cannot hold, or gives back as another.
  mutating func check(
    _ text: String, isHeldBy codec: any FieldCodec, as what: String, at place: ValuePath,
    isTrimmed: Bool = false
  ) {
    do throws(CodecError) {
      let found = try codec.roundTrip(.string(text))
      if found.matches(.string(text)) { return }
      let read = found.scalarText ?? found.description
      if isTrimmed, read.trimmed == text { return }
      error(
        "\(what) \"\(text)\" is read back as \"\(read)\"", at: place,
        hint: read.trimmed == text ? "say trim behind the field's type" : nil)
    } catch {
      self.error("\(what) \"\(text)\" does not fit: \(error.reason)", at: place, hint: error.hint)
    }
  }

  /// Tells of a text that a field cannot hold.
  mutating func check(
    _ text: String, fits codec: any FieldCodec, as what: String, at place: ValuePath
  ) {
    do throws(CodecError) {
      _ = try codec.roundTrip(.string(text))
    } catch {
      self.error("\(what) \"\(text)\" does not fit: \(error.reason)", at: place, hint: error.hint)
    }
  }

  /// Tells of codes that the field does not have, and of names and codes that stand there twice.
  mutating func check(
    _ names: [(code: String, name: String)], of codec: any FieldCodec, at place: ValuePath
  ) {
    var codes: [String: String] = [:]
    var named: [String: String] = [:]
    for (code, name) in names {
      if name.isEmpty {
        error("the code \(code) has no name", at: place, hint: "like uint8 {1: read, 2: write}")
      } else if let other = codes[code] {
        error("the code \(code) has two names: \(other) and \(name)", at: place)
      } else if let other = named[name] {
        error("the name \(name) stands for two codes: \(other) and \(code)", at: place)
      } else {
        check(code, isHeldBy: codec, as: "the code", at: place, isTrimmed: true)
      }
      codes[code] = name
      named[name] = code
    }
  }

  /// Tells of a field that cannot hold how many items or bytes there are.
  mutating func check(count path: String, at place: ValuePath) {
    guard let field = earlier(path) else { return }
    guard case .scalar(let codec) = field.kind else {
      error("\(path) is no number: it cannot say how many there are", at: place)
      return
    }
    let found: Int?
    do throws(CodecError) {
      found = try codec.roundTrip(.integer(1)).scalarText.flatMap { Int($0.trimmed) }
    } catch {
      found = nil
    }
    if found != 1 {
      error(
        "\(path) (\(field.type)) cannot say how many there are", at: place,
        hint: "a count is a number: uint8, digits(2), text(2), zoned(3), …")
    }
  }
}

extension RecordCompiler {
  /// `crc16-modbs` of `crc16-modbs(body)`: a name with a hyphen before a parenthesis is a check's.
  static func misspeltCheck(in text: String) -> String? {
    let word = text.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
    guard text[word.endIndex...].hasPrefix("("),
      Checksum.Algorithm(rawValue: String(word)) == nil,
      Suggestion.nearest(to: String(word), among: Checksum.Algorithm.allCases.map(\.rawValue))
        != nil
    else { return nil }
    return word.contains("-") || word.hasPrefix("crc") ? String(word) : nil
  }
}

extension FieldFactory {
  /// A word of other fields behind `const ABC`, which is then part of the text.
  static func wordBehindConstant(in text: String) -> String? {
    let literal = text.trimmed
    guard literal.hasPrefix("const ") else { return nil }
    let rest = literal.dropFirst("const ".count)
    guard !rest.contains(where: { "\"'".contains($0) }) else { return nil }
    return rest.split(separator: " ").dropFirst().map(String.init).first(where: modifiers.contains)
  }
}

extension FieldCodec {
  /// What a value is read back as.
  fileprivate func roundTrip(_ value: Value) throws(CodecError) -> Value {
    // Bits have no bytes of their own before they have their place.
    let codec = bits.map { placed(at: 0, of: ($0 + 7) / 8 * 8) } ?? self
    var bytes: [UInt8] = []
    try codec.write(value, to: &bytes)
    var reader = FieldReader(bytes)
    return try codec.read(&reader)
  }
}
