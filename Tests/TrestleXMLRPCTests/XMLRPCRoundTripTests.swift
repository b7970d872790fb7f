import Testing
import TrestleCore

@testable import TrestleXMLRPC

/// Values of every kind that XML-RPC carries, the same on every run.
private struct ValueGenerator {
  var random: SeededGenerator
  let dialect: XMLRPCDialect

  mutating func value(depth: Int = 0) -> Value {
    switch Int.random(in: 0..<(depth < 4 ? 11 : 8), using: &random) {
    case 0: return .bool(Bool.random(using: &random))
    case 1: return .integer(Int64(Int32.random(in: .min ... .max, using: &random)))
    case 2 where dialect != .strict:
      return .integer(Int64.random(in: .min ... .max, using: &random))
    case 3:
      let number = Double(bitPattern: random.next())
      return .double(number.isFinite ? number : 0.5)
    case 4: return .dateTime("20\(Int.random(in: 10...99, using: &random))0228T23:59:59")
    case 5:
      return .bytes(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in
          UInt8.random(in: 0...255, using: &random)
        })
    case 6 where dialect != .strict: return .null
    case 8, 9:
      return .array(
        (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1) })
    case 10:
      var record = Record()
      for _ in 0..<Int.random(in: 0...14, using: &random) {
        record[text()] = value(depth: depth + 2)
      }
      return .object(record)
    default: return .string(text())
    }
  }

  mutating func text() -> String {
    let alphabet = Array("ab <>&'\"\n\t\r]é€😀\u{85}\u{2028}\u{FFFD}0".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...9, using: &random) {
      text.append(alphabet[Int.random(in: alphabet.indices, using: &random)])
    }
    return String(text)
  }
}

@Suite struct XMLRPCRoundTripTests {
  @Test(
    "what is written reads back the same, in strict mode and without a warning",
    arguments: XMLRPCDialect.allCases, XMLRPCWritingOptions.Encoding.allCases)
  func values(_ dialect: XMLRPCDialect, _ encoding: XMLRPCWritingOptions.Encoding) throws {
    var generator = ValueGenerator(random: SeededGenerator(seed: 11), dialect: dialect)
    let writer = XMLRPCWriter(XMLRPCWritingOptions(dialect: dialect, encoding: encoding))
    let strict = XMLRPCReader(XMLRPCReadingOptions(isStrict: true, dialect: dialect))
    for _ in 0..<60 {
      let values = (0..<3).map { _ in generator.value() }
      let call = try writer.call(method: "m", parameters: values.map { .init($0) })
      #expect(try strict.read(call).message == .call(method: "m", parameters: values))
      let response = try writer.response(values[0])
      #expect(try strict.read(response).message == .response(values[0]))
      let lenient = try XMLRPCReader(XMLRPCReadingOptions(dialect: dialect)).read(response)
      #expect(lenient.warnings == [])
      #expect(lenient.message == .response(values[0]))
    }
  }

  @Test("a fault reads back the same")
  func faults() throws {
    for message in ["", "no <such> & \"thing\"", "é\nline"] {
      let bytes = XMLRPCWriter().fault(code: -32_500, message: message)
      let read = try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(bytes)
      #expect(read.message == .fault(Fault(code: "-32500", message: message)))
    }
  }

  @Test("names that differ only by how a letter is composed are two, as their bytes are")
  func composedNames() throws {
    let text = responseDocument(
      "<struct><member><name>\u{E9}</name><value>1</value></member>"
        + "<member><name>e\u{301}</name><value>2</value></member></struct>")
    let document = try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(Array(text.utf8))
    guard case .response(.object(let record)) = document.message else {
      Issue.record("is \(document.message)")
      return
    }
    #expect(record.names.map { Array($0.utf8) } == [[0xC3, 0xA9], [0x65, 0xCC, 0x81]])
    #expect(record.members.map(\.value) == ["1", "2"])
    let again = try XMLRPCReader().read(try XMLRPCWriter().response(.object(record)))
    #expect(again.warnings == [])
  }
}
