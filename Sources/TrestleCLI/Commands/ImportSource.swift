internal import Trestle
internal import TrestleCore

/// What `trestle import` is told to import.
enum ImportSource {
  /// A file, by its absolute path.
  case file(String)
  case address(WebAddress)

  init(_ text: String, kind: ImportKind?, name: String?) throws(CommandFailure) {
    if text.contains("://") {
      // Not repeated: what is shown ends in logs.
      if let authority = text.split(separator: "/").dropFirst().first, authority.contains("@") {
        throw .usage(
          "the URL has a user name in it",
          hint: "leave it out and give the credentials with --auth basic:USER:PASSWORD")
      }
      guard let address = WebAddress(text) else {
        throw .usage(
          "\(text) is no address of a contract",
          hint: "write it as http://host/path?wsdl or https://…")
      }
      self = .address(address)
      return
    }
    let path = FilePaths.absolute(text)
    guard FilePaths.isFile(path) else {
      let names = FilePaths.list(FilePaths.parent(path)) ?? []
      throw .usage(
        FilePaths.isDirectory(path)
          ? "\(text) is a directory; name the WSDL file in it"
          : "no such file: \(text)" + Suggestion.clause(for: FilePaths.name(path), among: names))
    }
    guard
      kind == .wsdl || path.lowercased().hasSuffix(".wsdl") || path.lowercased().hasSuffix(".xml")
    else {
      throw .usage(
        "\(text) is not known by its name to be a contract",
        hint: "so far WSDL files are imported; if it is one, say --as wsdl")
    }
    self = .file(path)
  }

  /// The name of the system: the one that was given, else the source's own.
  func systemName(_ given: String?) throws(CommandFailure) -> String {
    let name = given ?? String(stem.map { $0 == " " ? "-" : $0 })
    let isPlain = name.utf8.allSatisfy {
      ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 || "._-".utf8.contains($0)
    }
    guard isPlain, !name.isEmpty, name.first != ".", name.first != "-" else {
      throw .usage(
        "\"\(name)\" is no name for a system",
        hint: "give one of letters, digits, . _ - with --name")
    }
    return name
  }

  private var stem: String {
    let last =
      switch self {
      case .file(let path): FilePaths.name(path)
      case .address(let address):
        address.path.split(separator: "/").last.map(String.init) ?? address.host
      }
    return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
  }
}
