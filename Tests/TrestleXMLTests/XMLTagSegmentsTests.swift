import Testing

@testable import TrestleXML

@Suite struct XMLTagSegmentsTests {
  @Test("tags put together are those that libxml2 writes", arguments: ["a", "ns0:item", "ü_-.1"])
  func plain(_ name: String) {
    let plain = XMLTagSegments(name)
    let written = XMLTagSegments(written: name, attributes: [])
    #expect(plain.head == written.head)
    #expect(plain.open == written.open)
    #expect(plain.close == written.close)
    #expect(plain.empty == written.empty)
  }
}
