import Testing
import TrestleNet

@Suite("Checksums")
struct ChecksumTests {
  // The first two are FIPS 180-4's examples and RFC 1321 §A.5's; the last one was made with sha256sum and md5sum.
  @Test(
    "checksums are the standards', in small letters and with their zeros",
    arguments: [
      (
        "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "d41d8cd98f00b204e9800998ecf8427e"
      ),
      (
        "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "900150983cd24fb0d6963f7d28e17f72"
      ),
      (
        String(repeating: "a", count: 64),
        "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb",
        "014842d480b571495a4a0363793f7367"
      ),
    ])
  func checksums(text: String, sha256: String, md5: String) {
    #expect(Checksum.sha256(Array(text.utf8)) == sha256)
    #expect(Checksum.md5(Array(text.utf8)) == md5)
  }
}
