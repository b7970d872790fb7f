internal import TrestleCore
package import TrestleMock
package import TrestleNet
package import TrestleStore

/// One legacy system as its adapter file describes it, checked and with `${…}` filled in. A codec is
/// made from it.
public struct AdapterDefinition: Sendable {
  /// The name callers pass; unique in a workspace.
  public var system: String
  /// The name the protocol is registered under: `soap`.
  public var protocolName: String
  /// The file it was read from, relative to the workspace where possible; empty when there was none.
  public var file: String
  /// Everything the file says, the protocol's own keys included.
  public var document: Record
  /// Where the live system is; nil when only its mock is there.
  public var endpoint: String?
  /// The longest a call may take.
  public var timeout: Duration
  /// Whether what is merely odd is an error.
  public var isStrict: Bool

  /// The longest that making a connection may take.
  public var connectTimeout: Duration
  /// Where calls through the gateway go that do not say it; nil leaves it to whether mocks run.
  package var mode: CallMode?
  package var credentials: HTTPCredentials?
  /// How request bodies are compressed.
  package var compression: ContentCoding?
  /// The proxy that calls go through; nil leaves it to the environment.
  package var proxy: HTTPProxyRules?
  package var tls: TLSFiles
  /// How calls fare when it is slow, full or gone.
  package var resilience: ResilienceSettings
  package var mock: MockSettings
  package var places: PlaceMap
  /// What the file says as it is written, secrets by their names; empty where there is no file.
  package var written: Record = [:]

  /// The longest a call may take where the file says nothing: what a slow legacy system takes on a bad
  /// day, and no longer than a person waits.
  public static let defaultTimeout: Duration = .seconds(30)
  /// The longest that making a connection may take where the file says nothing.
  public static let defaultConnectTimeout: Duration = HTTPTransport.Options.defaultConnectTimeout

  /// Describes a system without a file.
  public init(system: String, protocolName: String, document: Record = [:]) {
    self.system = system
    self.protocolName = protocolName
    self.document = document
    file = ""
    endpoint = document["endpoint"]?.stringValue
    timeout =
      document["timeout"]?.scalarText.flatMap { Duration(written: $0) } ?? Self.defaultTimeout
    connectTimeout =
      document["connect_timeout"]?.scalarText.flatMap { Duration(written: $0) }
      ?? Self.defaultConnectTimeout
    isStrict = document["strict"]?.boolValue ?? false
    mode = document["mode"]?.stringValue.flatMap { CallMode(rawValue: $0) }
    credentials = nil
    compression = document["compress"]?.stringValue.flatMap { ContentCoding(rawValue: $0) }
    proxy = nil
    tls = TLSFiles()
    resilience = ResilienceSettings(document)
    mock = MockSettings(document["mock"])
    places = PlaceMap()
  }

  /// The largest message the system's protocol takes, in megabytes; nil leaves it to the protocol.
  package var messageMegabytes: Int? {
    self["max_megabytes"].flatMap { $0.integerValue ?? $0.scalarText.flatMap { Int64($0) } }
      .flatMap { Int(exactly: $0) }
  }

  /// What the file says under a key, or nil.
  public subscript(key: String) -> Value? { document[key] }
}

/// How a system's mock listens and what it answers.
package struct MockSettings: Sendable {
  package var host: String
  /// Nil takes any free port.
  package var port: Int?
  /// The path of a socket of this machine to listen on instead; absolute, or below the workspace.
  package var socket: String?
  /// How it shows itself over TLS; nil for none.
  package var tls: ServerTLS?
  package var answers: MockDefinition
  /// What it sends by itself, as the file says it.
  package var sends: [Value]
  /// How its calls are kept.
  package var journal: JournalSettings
  /// Fields that are not written down, by path.
  package var secrets: [String]

  package init(_ value: Value?) {
    host = value?["host"]?.stringValue ?? "127.0.0.1"
    port = value?["port"].flatMap { $0.integerValue ?? $0.stringValue.flatMap { Int64($0) } }
      .flatMap { Int(exactly: $0) }
    socket = value?["socket"]?.scalarText
    answers = MockDefinition(value, at: ValuePath([.member("mock")]))
    sends = value?["sends"]?.arrayValue ?? []
    journal = JournalSettings(value?["journal"])
    secrets = value?["secret"]?.arrayValue?.compactMap(\.scalarText) ?? []
  }
}

/// Where a call through the gateway goes.
package enum CallMode: String, Sendable, CaseIterable {
  /// To the system's endpoint.
  case live
  /// To the running mock, over its own wire.
  case mock
}

/// PEM files for TLS, by paths that can be opened as they are.
package struct TLSFiles: Sendable, Hashable {
  package var authorities: String?
  package var certificate: String?
  package var key: String?
  /// The name the peer's certificate must have, where it is not the endpoint's host.
  package var serverName: String?

  package init(
    authorities: String? = nil, certificate: String? = nil, key: String? = nil,
    serverName: String? = nil
  ) {
    self.authorities = authorities
    self.certificate = certificate
    self.key = key
    self.serverName = serverName
  }
}
