internal import CRE2

/// A regular expression by RE2: it is searched for, anywhere in a text, in time linear in the text.
package final class RegularExpression: Sendable {
  /// Why a text is no regular expression of RE2.
  package struct Problem: Error, Sendable, Hashable {
    /// As RE2 says it: `missing ): (a`.
    package var reason: String
  }

  private let pattern: cre2_pattern

  package init(_ text: String) throws(Problem) {
    var text = text
    var reason = [CChar](repeating: 0, count: 256)
    pattern = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cre2_compile($0.baseAddress, $0.count, &reason, reason.count)
      }
    }
    guard pattern != 0 else {
      let bytes = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Problem(reason: String(decoding: bytes, as: UTF8.self))
    }
  }

  deinit { if pattern != 0 { cre2_free(pattern) } }

  /// Whether the expression is found in a text.
  package func isFound(in text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cre2_search(pattern, $0.baseAddress, $0.count) }
    }
  }
}
