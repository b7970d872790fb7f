import Testing
import TrestleCore

@Suite("Percent-encoding")
struct PercentEncodingTests {
  @Test(
    "UTF-8 is encoded but for what is unreserved",
    arguments: [
      ("azAZ09-._~", "azAZ09-._~"), ("a b/ü?", "a%20b%2F%C3%BC%3F"), ("\u{1}%", "%01%25"), ("", ""),
    ])
  func encoding(text: String, encoded: String) {
    #expect(PercentEncoding.encoded(text) == encoded)
    #expect(PercentEncoding.decoded(encoded) == text)
  }

  @Test("what is to be kept is kept")
  func keeping() {
    #expect(PercentEncoding.encoded("a/b c") { $0 != 0x20 } == "a/b%20c")
  }

  @Test(
    "a sign without two digits stands for itself",
    arguments: [
      ("%c3%Bc", "ü"), ("%", "%"), ("%4", "%4"), ("%+4", "%+4"), ("%4g%41", "%4gA"), ("a+b", "a+b"),
      ("%%41", "%A"),
    ])
  func decoding(text: String, decoded: String) {
    #expect(PercentEncoding.decoded(text) == decoded)
  }
}
