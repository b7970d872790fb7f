package import TrestleCore
package import TrestleSOAP

/// Gives fetched documents names of files: from their addresses, the same ones every time, each once,
/// and of characters that are safe anywhere.
package struct ContractFileNames: Sendable {
  private var taken: Set<String> = [ContractLock.fileName]
  private let known: [WebAddress: String]
  /// The known names, which nothing else may take before their documents come.
  private let reserved: Set<String>

  /// Names that documents had before stay theirs.
  package init(keeping lock: ContractLock? = nil) {
    known = Dictionary(
      (lock?.pins ?? []).flatMap { pin in
        // A lock is a file that anybody may have written.
        Self.isSafe(pin.path) ? pin.addresses.map { ($0, pin.path) } : []
      }, uniquingKeysWith: { first, _ in first })
    reserved = Set(known.values.map { $0.lowercased() })
  }

  /// A name for the document at an address, which no other has.
  package mutating func name(
    for address: WebAddress, kind: ContractReferences.Kind
  ) -> String {
    if let kept = known[address], taken.insert(kept.lowercased()).inserted { return kept }
    let wanted = Self.derived(from: address, kind: kind)
    let dot = wanted.lastIndex(of: ".") ?? wanted.endIndex
    var name = wanted
    var number = 2
    // Disks that fold case are one place for `A.xsd` and `a.xsd`.
    while reserved.contains(name.lowercased()) || !taken.insert(name.lowercased()).inserted {
      name = "\(wanted[..<dot])-\(number)\(wanted[dot...])"
      number += 1
    }
    return name
  }

  private static func derived(from address: WebAddress, kind: ContractReferences.Kind) -> String {
    let suffix =
      switch kind {
      case .wsdl: ".wsdl"
      case .schema: ".xsd"
      case .other: ".xml"
      }
    let segment = address.path.split(separator: "/").last.map(String.init) ?? ""
    // `.svc`, `.asmx`, `.php` are the server's own.
    var stem = segment.lastIndex(of: ".").map { String(segment[..<$0]) } ?? segment
    var parts: [String] = []
    for item in (address.query ?? "").split(separator: "&") {
      let pair = item.split(separator: "=", maxSplits: 1).map(String.init)
      let word = pair.count > 1 ? pair[1] : pair[0]
      if pair.count == 1, ["wsdl", "xsd", "singlewsdl"].contains(word.lowercased()) { continue }
      let lowercased = word.lowercased()
      if lowercased.hasSuffix(".xsd") || lowercased.hasSuffix(".wsdl") {
        // The server names its own file.
        let file =
          word.replacing("%2F", with: "/").replacing("%2f", with: "/")
          .split(separator: "/").last ?? ""
        stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? stem
        parts = []
        break
      }
      parts.append(word)
    }
    let plain = safe(([stem] + parts).filter { !$0.isEmpty }.joined(separator: "-"))
    return (plain.isEmpty ? "contract" : plain) + suffix
  }

  /// A text of letters, digits, dots, underscores and hyphens, which begins with neither dot nor hyphen.
  private static func safe(_ text: String) -> String {
    var name = ""
    for byte in text.utf8 {
      if isSafe(byte) {
        name.unicodeScalars.append(UnicodeScalar(byte))
      } else if name.last != "-" {
        name += "-"
      }
    }
    while let first = name.first, ".-".contains(first) { name.removeFirst() }
    name = String(name.prefix(80))
    while let last = name.last, ".-".contains(last) { name.removeLast() }
    return name
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || "._-".utf8.contains(byte)
  }

  private static func isSafe(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy(isSafe) && !".-".contains(name.prefix(1))
  }
}
