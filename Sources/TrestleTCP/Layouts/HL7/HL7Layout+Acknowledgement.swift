internal import TrestleCore

extension HL7Layout {
  /// The acknowledgement of a message (HL7 v2.5 §2.9.2): a header of its own that goes back to the sender,
  /// and MSA, which accepts the message by its control id.
  func answer(to request: Value, generators: Generators) -> Value {
    let header = request["MSH"]?.arrayValue?.first ?? request["MSH"]
    guard dialect == .hl7, let header else { return .emptyObject }
    var answer = Record()
    func copy(_ from: Int, _ to: Int) {
      if let value = header[String(from)], value.scalarText != "" { answer["MSH-\(to)"] = value }
    }
    copy(1, 1)
    copy(2, 2)
    copy(5, 3)
    copy(6, 4)
    copy(3, 5)
    copy(4, 6)
    let now = generators.now()
    answer["MSH-7"] = .string(now.formatted("yyyyMMddHHmmss") + "+0000")
    answer["MSH-9"] = Self.acknowledgementType(of: header["9"])
    // Not longer than the 20 characters that MSH-10 has up to version 2.6.
    let chance = String(generators.randomBits() & 0xFFFFFF | 0x1000000, radix: 16).dropFirst()
    answer["MSH-10"] = .string(now.formatted("yyyyMMddHHmmss") + chance.uppercased())
    copy(11, 11)
    copy(12, 12)
    copy(18, 18)
    answer["MSA-1"] = "AA"
    if let control = header["10"], control.scalarText != "" { answer["MSA-2"] = control }
    return .object(answer)
  }

  /// A sample's acknowledgement accepts.
  var usualTexts: [(place: ValuePath, text: String)] {
    dialect == .hl7 ? [(ValuePath([.member("MSA-1")]), "AA")] : []
  }

  var exampleReply: Value? { dialect == .hl7 ? ["MSA": ["1": "AA"]] : example }

  /// `ACK^A01^ACK` for an `ADT^A01`.
  private static func acknowledgementType(of type: Value?) -> Value {
    guard let event = (type?.arrayValue?.first ?? type)?["2"] else { return "ACK" }
    return ["1": "ACK", "2": event, "3": "ACK"]
  }
}
