import Testing
import TrestleCore

@Suite("MD5")
struct MD5Tests {
  // RFC 1321 §A.5's examples, and lengths around the end of a block, made with md5sum.
  @Test(
    "checksums are the standard's",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      (String(repeating: "a", count: 55), "ef1772b6dff9a122358552954ad0df65"),
      (String(repeating: "a", count: 56), "3b0c8ac703f828b04c6c197006d17218"),
      (String(repeating: "a", count: 64), "014842d480b571495a4a0363793f7367"),
    ])
  func checksums(text: String, checksum: String) {
    #expect(MD5.hexadecimal(Array(text.utf8)) == checksum)
  }
}
