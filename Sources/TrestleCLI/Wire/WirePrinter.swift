internal import TrestleCore
internal import TrestleNet

/// Shows exchanges as `curl -v` does: `>` before what is sent, `<` before what arrives, `*` before
/// what is only said.
struct WirePrinter: Sendable {
  let sink: Output.Sink
  let palette: Palette

  /// Shows one event.
  func show(_ event: WireEvent) {
    switch event {
    case .sending(let request, let endpoint):
      let isInProcess = endpoint.host == "in-process"
      var lines = [
        remark(
          isInProcess
            ? "the mock in this process"
            : "\(endpoint.scheme.rawValue)://\(endpoint.writtenAuthority)")
      ]
      if endpoint.isHTTP {
        lines.append(
          sent(
            "\(request.method) \(request.target(at: endpoint.target)) HTTP/1.1"
          ))
        lines += request.headers.fields.map { sent("\($0.name): \($0.value)") }
        lines.append(sent(""))
      }
      lines += MessageText.lines(request.body).map(sent)
      lines.append(remark("\(Self.size(request.body.count)) sent"))
      write(lines)
    case .received(let response, let duration):
      var lines: [String] = []
      if response.headers.fields.isEmpty == false || response.status != 200 {
        lines.append(received("HTTP/1.1 \(response.status) \(HTTPStatus.phrase(response.status))"))
        lines += response.headers.fields.map { received("\($0.name): \($0.value)") }
        lines.append(received(""))
      }
      lines += MessageText.lines(response.body).map(received)
      lines.append(
        remark("\(Self.size(response.body.count)) received in \(duration.milliseconds)"))
      write(lines)
    case .failed(let error, let duration):
      write([remark("\(error.reason) after \(duration.milliseconds)")])
    case .unsolicited(let message, let endpoint, let operation):
      var lines = MessageText.lines(message.body).map(received)
      lines.append(remark("\(operation), sent by \(endpoint.writtenAuthority) itself"))
      write(lines)
    }
  }

  private func write(_ lines: [String]) {
    sink.write(lines.map { $0 + "\n" }.joined())
  }

  private func sent(_ text: String) -> String { palette.cyan(text.isEmpty ? ">" : "> " + text) }
  private func received(_ text: String) -> String {
    palette.green(text.isEmpty ? "<" : "< " + text)
  }
  private func remark(_ text: String) -> String { palette.faint("* " + text) }

  /// A number of bytes for people: `312 B`, `1.1 kB`, `3.4 MB`.
  static func size(_ count: Int) -> String {
    switch count {
    case ..<1000: "\(count) B"
    case ..<1_000_000: tenths(count, of: 1000) + " kB"
    default: tenths(count, of: 1_000_000) + " MB"
    }
  }

  private static func tenths(_ count: Int, of unit: Int) -> String {
    let rounded = (count * 10 + unit / 2) / unit
    return "\(rounded / 10).\(rounded % 10)"
  }

  /// RFC 9110 §15, what legacy services use of it.
}

extension Endpoint {
  fileprivate var isHTTP: Bool { scheme == .http || scheme == .https }
}

extension Duration {
  /// For people: `0.4 ms`, `14.2 ms`, `1500 ms`.
  var milliseconds: String {
    let tenths = (components.seconds &* 10_000) &+ components.attoseconds / 100_000_000_000_000
    return tenths >= 1000 ? "\(tenths / 10) ms" : "\(tenths / 10).\(tenths % 10) ms"
  }

  /// Milliseconds with three digits after the point, as a number's text.
  var millisecondsText: String {
    let micros = (components.seconds &* 1_000_000) &+ components.attoseconds / 1_000_000_000_000
    let fraction = String(micros % 1000)
    return "\(micros / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
