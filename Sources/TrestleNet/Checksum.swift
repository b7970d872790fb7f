internal import Crypto

/// Checksums of bytes in hexadecimal digits, as HTTP Digest and the pins of contracts write them.
package enum Checksum {
  /// SHA-256 (FIPS 180-4) as 64 digits.
  package static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(bytes, by: SHA256()) }

  /// MD5 (RFC 1321) as 32 digits. HTTP Digest still asks for it; it protects nothing by itself.
  package static func md5(_ bytes: [UInt8]) -> String { hexadecimal(bytes, by: Insecure.MD5()) }

  private static func hexadecimal(_ bytes: [UInt8], by function: some HashFunction) -> String {
    var function = function
    bytes.withUnsafeBytes { function.update(bufferPointer: $0) }
    return function.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}
