import Trestle

/// The same small system over each protocol: an operation `ask`, answered with a text.
///
/// Of the two over TCP one says the length of its frames, the other ends them with a checksum.
enum FaultySystem: String, CaseIterable, Sendable {
  case soap, xmlRPC, scgi, tcp, tcpChecked

  /// Its adapter file, with what stands under `mock:` beside its answers; `ask` may be declared to
  /// only read, so that it may be asked again where a connection ends under it.
  func adapter(_ mock: String = "", reads: Bool = false) -> String {
    let operations = reads ? "operations: { ask: { effects: read } }\n" : ""
    return switch self {
    case .soap:
      """
      protocol: soap
      \(operations)timeout: 30s
      mock:
        responses: { ask: { answer: "forty-two" } }
      \(mock)
      """
    case .xmlRPC: xmlRPC(operations, mock)
    case .scgi: xmlRPC(operations + "endpoint: scgi://127.0.0.1:1/RPC2\n", mock)
    case .tcp: tcp("{ length: { bytes: 2 } }", mock, reads)
    case .tcpChecked:
      tcp(
        "{ start: \"$\", delimiter: \"\\r\\n\", check: { xor: hex, prefix: \"*\" } }", mock, reads)
    }
  }

  private func xmlRPC(_ keys: String, _ mock: String) -> String {
    """
    protocol: xml_rpc
    \(keys)timeout: 30s
    mock:
      responses: { ask: "forty-two" }
    \(mock)
    """
  }

  private func tcp(_ frame: String, _ mock: String, _ reads: Bool) -> String {
    let effects = reads ? "effects: read, " : ""
    return """
      protocol: custom_tcp
      timeout: 30s
      frame: \(frame)
      layout: { kv: {} }
      operations:
        ask: { \(effects)request: { set: { T: ASK } }, reply: { map: { answer: A } } }
      mock:
        responses: { ask: { answer: "forty-two" } }
      \(mock)
      """
  }
}
