internal import TrestleCore
internal import TrestleXML

/// Where an import leads.
enum ContractPath: Hashable {
  /// A file below the root, by its normalised path.
  case file(String)
  /// Another address: nothing of it is ever read; the text is what was written.
  case remote(String)
  /// A place that must not be read, and why.
  case refused(String)

  /// What a location means in a file (RFC 3986 §5.2, as far as files go).
  ///
  /// Absolute paths are taken as they stand when the root is said to contain them, and as relative to
  /// the root otherwise: contracts fetched from a server name their neighbours so.
  init(_ location: String, in base: String, root: String?) {
    let written = location.trimmingXMLSpace()
    // What a location says after `#` names a part of the file, which schemas have none of.
    var text = String(written.prefix { $0 != "#" })
    if let scheme = Self.scheme(of: text) {
      self =
        scheme == "http" || scheme == "https"
        ? .remote(written)
        : .refused("\(scheme): addresses are never read")
      return
    }
    if text.hasPrefix("//") {
      self = .refused("network paths are never read")
      return
    }
    text = PercentEncoding.decoded(text).replacing("\\", with: "/")
    guard !text.utf8.contains(0) else {
      self = .refused("it holds a NUL character")
      return
    }
    if text.hasPrefix("/") {
      if let root, text.hasPrefix(root + "/") { text.removeFirst(root.utf8.count) }
      self = Self.normalized(text).map { .file($0) } ?? Self.outside
      return
    }
    let folder = base.lastIndex(of: "/").map { String(base[...$0]) } ?? ""
    self = Self.normalized(folder + text).map { .file($0) } ?? Self.outside
  }

  private static let outside = ContractPath.refused("it lies outside the contract's folder")

  /// The scheme of a URL in lower case; nil for a path. One letter is a drive, not a scheme.
  private static func scheme(of text: String) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let scheme = text[..<colon]
    guard scheme.utf8.count > 1,
      scheme.utf8.allSatisfy({
        ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10
          || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      })
    else { return nil }
    return scheme.lowercased()
  }

  /// The path without `.` and `..`; nil when it climbs out.
  static func normalized(_ path: String) -> String? {
    var steps: [Substring] = []
    for step in path.split(separator: "/") where step != "." {
      if step == ".." {
        guard steps.popLast() != nil else { return nil }
      } else {
        steps.append(step)
      }
    }
    return steps.isEmpty ? nil : steps.joined(separator: "/")
  }

  /// How a file is named from the folder of another: `../common/types.xsd`.
  static func relative(_ path: String, toFolderOf main: String) -> String {
    var base = main.split(separator: "/").dropLast()[...]
    var target = path.split(separator: "/")[...]
    while let first = base.first, target.count > 1, first == target.first {
      base.removeFirst()
      target.removeFirst()
    }
    return (base.map { _ in ".." } + target.map(String.init)).joined(separator: "/")
  }
}
