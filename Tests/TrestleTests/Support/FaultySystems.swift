import Trestle

/// The same small system over each protocol: an operation `ask`, answered with a text.
///
/// Of the two over TCP one says the length of its frames, the other ends them with a checksum.
enum FaultySystem: String, CaseIterable, Sendable {
  case soap, xmlRPC, scgi, tcp, tcpChecked

  /// Its adapter file, with what stands under `mock:` beside its answers.
  func adapter(_ mock: String = "") -> String {
    switch self {
    case .soap:
      """
      protocol: soap
      timeout: 30s
      mock:
        responses: { ask: { answer: "forty-two" } }
      \(mock)
      """
    case .xmlRPC: xmlRPC("", mock)
    case .scgi: xmlRPC("endpoint: scgi://127.0.0.1:1/RPC2\n", mock)
    case .tcp: tcp("{ length: { bytes: 2 } }", mock)
    case .tcpChecked:
      tcp("{ start: \"$\", delimiter: \"\\r\\n\", check: { xor: hex, prefix: \"*\" } }", mock)
    }
  }

  private func xmlRPC(_ endpoint: String, _ mock: String) -> String {
    """
    protocol: xml_rpc
    \(endpoint)timeout: 30s
    mock:
      responses: { ask: "forty-two" }
    \(mock)
    """
  }

  private func tcp(_ frame: String, _ mock: String) -> String {
    """
    protocol: custom_tcp
    timeout: 30s
    frame: \(frame)
    layout: { kv: {} }
    operations:
      ask: { request: { set: { T: ASK } }, reply: { map: { answer: A } } }
    mock:
      responses: { ask: { answer: "forty-two" } }
    \(mock)
    """
  }
}
