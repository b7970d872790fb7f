internal import Trestle
internal import TrestleCore

/// What `trestle import` is told to import.
enum ImportSource {
  case contract(ContractSource)
  /// A COBOL copybook, by its absolute path.
  case copybook(String)
  /// The description of an API, by its absolute path.
  case description(String)
  /// A live service, which is asked what it offers; where it turns out to be none, the contract that
  /// the URL may be of instead.
  case service(endpoint: String, otherwise: ContractSource?)

  init(_ text: String, kind: ImportKind?) throws(CommandFailure) {
    if text.contains("://") {
      self = try Self.remote(text, kind: kind)
      return
    }
    if kind == .xmlRPC {
      throw .usage(
        "\(text) is no URL: an XML-RPC service is asked where it is",
        hint: "write it as http://host:port/RPC2")
    }
    let path = FilePaths.absolute(text)
    guard FilePaths.isFile(path) else {
      let names = FilePaths.list(FilePaths.parent(path)) ?? []
      throw .usage(
        FilePaths.isDirectory(path)
          ? "\(text) is a directory; name the WSDL file in it"
          : "no such file: \(text)" + Suggestion.clause(for: FilePaths.name(path), among: names))
    }
    let isCopybook = Self.copybookSuffixes.contains { path.lowercased().hasSuffix($0) }
    if kind == .copybook || (kind == nil && isCopybook) {
      self = .copybook(path)
      return
    }
    if kind == .openapi || (kind == nil && OpenAPIFile.isDescription(path)) {
      self = .description(path)
      return
    }
    guard
      kind == .wsdl || path.lowercased().hasSuffix(".wsdl") || path.lowercased().hasSuffix(".xml")
    else {
      throw .usage(
        "\(text) is not known by its name to be a contract",
        hint:
          "WSDL files, copybooks and OpenAPI files are imported; if it is one, say --as wsdl, --as copybook or --as openapi"
      )
    }
    self = .contract(.file(path))
  }

  private static func remote(
    _ text: String, kind: ImportKind?
  ) throws(CommandFailure) -> ImportSource {
    // Not repeated: what is shown ends in logs.
    if let authority = text.split(separator: "/").dropFirst().first, authority.contains("@") {
      throw .usage(
        "the URL has a user name in it",
        hint: "leave it out and give the credentials with --auth basic:USER:PASSWORD")
    }
    let scheme = text.prefix { $0 != ":" }.lowercased()
    if serviceSchemes.contains(scheme) {
      guard kind == nil || kind == .xmlRPC else {
        throw .usage(
          "a \(kind?.noun ?? "contract") is not fetched over \(scheme)://",
          hint: "save it, and import the file")
      }
      return .service(endpoint: text, otherwise: nil)
    }
    guard let address = WebAddress(text) else {
      throw .usage(
        "\(text) is no address of a contract",
        hint: "write it as http://host/path?wsdl, http://host/RPC2 or https://…")
    }
    switch kind {
    case .copybook, .openapi:
      throw .usage(
        "a \(kind?.noun ?? "contract") is not fetched from a URL",
        hint: "save it, and import the file")
    case .wsdl: return .contract(.address(address))
    case .xmlRPC: return .service(endpoint: text, otherwise: nil)
    case nil:
      let path = address.path.lowercased()
      let isContract =
        address.query?.lowercased().contains("wsdl") == true
        || [".wsdl", ".xml", ".xsd"].contains { path.hasSuffix($0) }
      let contract = ContractSource.address(address)
      return isContract ? .contract(contract) : .service(endpoint: text, otherwise: contract)
    }
  }

  private static let copybookSuffixes = [".cpy", ".cbl", ".cob", ".copybook"]

  /// Endpoints that only services have.
  private static let serviceSchemes = ["scgi", "http+unix", "scgi+unix"]

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
      case .contract(.file(let path)), .copybook(let path), .description(let path):
        FilePaths.name(path)
      case .contract(.address(let address)):
        address.path.split(separator: "/").last.map(String.init) ?? address.host
      case .service(let endpoint, _): Self.serviceName(endpoint)
      }
    return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
  }

  /// A service's host: the paths of XML-RPC are everywhere the same.
  private static func serviceName(_ endpoint: String) -> String {
    guard let address = WebAddress(endpoint) else { return "service" }
    let isNumber = address.host.allSatisfy { $0.isNumber || $0 == "." } || address.host.first == "["
    guard !isNumber, address.host != "localhost" else { return "xml-rpc-\(address.port)" }
    let labels = address.host.split(separator: ".")
    return String(labels.first { $0 != "www" } ?? "service")
  }
}

/// Where a contract is.
enum ContractSource {
  /// A file, by its absolute path.
  case file(String)
  case address(WebAddress)
}

extension ImportKind {
  /// What people call it.
  fileprivate var noun: String {
    switch self {
    case .wsdl: "WSDL"
    case .xmlRPC: "service"
    case .copybook: "copybook"
    case .openapi: "description of an API"
    }
  }
}
