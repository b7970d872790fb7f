internal import TrestleCore

/// One kind of layout a `layout` section may name by its key. A new kind is one new entry of `all`.
struct LayoutKind: Sendable {
  /// The key that chooses it: `kv`.
  let key: String
  /// The keys that may stand beside it.
  let options: Set<String>
  /// Makes the layout; nil when something in it is wrong, which is then among the problems.
  let make: @Sendable (inout KeyReader, LayoutContext, inout [ValueProblem]) -> (any MessageLayout)?

  static let all: [LayoutKind] = [
    .body, .keyValue, .rows, .headers, .hl7, .astm, .resp, .swift, .copybook, .iso8583, .ber, .tlv,
  ]

  /// The kind that a mapping is meant to be: one that names it, and nothing a kind does not have.
  static func of(_ record: Record) -> LayoutKind? {
    all.first { kind in
      record[kind.key] != nil
        && record.allSatisfy { member in
          member.name == kind.key || kind.options.contains(member.name)
            || isOption(member, of: kind)
        }
    }
  }

  /// Whether a key is meant as an option that it is not: `encodng: cp037`.
  private static func isOption(_ member: Record.Member, of kind: LayoutKind) -> Bool {
    guard Suggestion.nearest(to: member.name, among: kind.options.sorted()) != nil else {
      return false
    }
    guard let text = member.value.stringValue, let written = FieldText(text) else { return false }
    return !FieldFactory.types.contains(written.type)
  }
}

/// What layouts are made with.
struct LayoutContext: Sendable {
  /// The encoding of text where a layout does not say its own.
  var encoding = TextEncoding.utf8
  /// The one that the section itself names; nil where it names none.
  var ownEncoding: TextEncoding?
  var files = DefinitionFiles.none
}

/// The files that a definition names (copybooks), by paths relative to the definition's own.
package struct DefinitionFiles: Sendable {
  /// Why a file could not be read.
  package struct Failure: Error, Sendable {
    package var message: String
    package var hint: String?

    package init(message: String, hint: String? = nil) {
      self.message = message
      self.hint = hint
    }
  }

  package let read: @Sendable (String) -> Result<[UInt8], Failure>

  package init(read: @escaping @Sendable (String) -> Result<[UInt8], Failure>) {
    self.read = read
  }

  /// No files at all.
  package static let none = DefinitionFiles { _ in
    .failure(Failure(message: "files cannot be read here"))
  }
}
