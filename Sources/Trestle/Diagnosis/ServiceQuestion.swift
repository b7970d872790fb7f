internal import TrestleCore
internal import TrestleNet
internal import TrestleXMLRPC

/// The question to a system over HTTP that cannot do anything there: SOAP's `?wsdl`, XML-RPC's `system.listMethods`.
struct ServiceQuestion {
  let system: LegacySystem
  let endpoint: Endpoint
  let proxies: HTTPProxyRules
  let patience: Duration

  private static let listMethods = "system.listMethods"
  /// Answers beyond this are no lists of methods, and contracts of that size are not needed to see that one is there.
  private static let answerLimit = 16 << 20

  /// What came of it; nil for a protocol without such a question.
  var finding: Finding? {
    get async {
      guard let request = request() else { return nil }
      var options = HTTPTransport.Options(
        credentials: system.definition.credentials, tls: ClientTLS(system.definition.tls))
      options.connectTimeout = patience
      options.proxies = proxies
      options.responseLimit = Self.answerLimit
      do throws(TransportError) {
        let transport = try HTTPTransport("\(endpoint)", options: options)
        let result: Result<WireResponse, TransportError>
        do throws(TransportError) {
          result = .success(try await transport.exchange(request, timeout: patience))
        } catch {
          result = .failure(error)
        }
        await transport.shutdown()
        return finding(from: try result.get())
      } catch {
        // A system that asks who calls is there.
        return finding(
          error.isAccessRefused ? .warning : .problem, error.reason, remedy: error.hint)
      }
    }
  }

  private func request() -> WireRequest? {
    switch system.protocolName {
    case "soap":
      let target = endpoint.target
      return WireRequest(
        method: "GET", target: target + (target.contains("?") ? "&wsdl" : "?wsdl"),
        headers: ["Accept": "text/xml, application/xml, */*"])
    case "xml_rpc":
      guard let body = try? XMLRPCWriter().call(method: Self.listMethods, parameters: []) else {
        return nil
      }
      return WireRequest(headers: ["Content-Type": "text/xml"], body: body)
    default: return nil
    }
  }

  private func finding(from response: WireResponse) -> Finding {
    let path = endpoint.target.prefix { $0 != "?" }
    let place = "endpoint: in \(system.file.isEmpty ? "its file" : system.file)"
    switch response.status {
    case 403:
      let isGiven = system.definition.credentials != nil
      return finding(
        .warning,
        (isGiven ? "refuses the credentials" : "wants credentials")
          + " (HTTP \(response.status))",
        remedy: "see auth: in \(system.file.isEmpty ? "its file" : system.file)")
    case 404, 410:
      return finding(
        system.protocolName == "soap" ? .warning : .problem,
        "has nothing at \(path)\(system.protocolName == "soap" ? ", or shows no WSDL" : "")"
          + " (HTTP \(response.status))",
        remedy: "check the path of \(place)")
    case 502...504:
      return finding(
        .problem, "cannot be reached by what stands before it (HTTP \(response.status))",
        remedy: "see whether the service behind \(endpoint.authority) is up")
    default: break
    }
    return system.protocolName == "soap" ? contract(in: response) : methods(in: response)
  }

  private func contract(in response: WireResponse) -> Finding {
    guard response.status == 200 else {
      return finding(.ok, "speaks HTTP, and shows no WSDL (HTTP \(response.status))")
    }
    let isContract = String(decoding: response.body.prefix(64 << 10), as: UTF8.self)
      .contains("definitions")
    return finding(.ok, isContract ? "shows its WSDL" : "speaks HTTP, and shows no WSDL")
  }

  private func methods(in response: WireResponse) -> Finding {
    guard response.status == 200 else {
      return finding(
        .problem, "answers HTTP \(response.status) to a call",
        remedy: "see its log; trestle call \(system.name) \(Self.listMethods) -v shows the exchange"
      )
    }
    do throws(CodecError) {
      switch try XMLRPCReader().read(response.body).message {
      case .response(let value):
        guard let names = value.arrayValue else { break }
        return finding(.ok, "speaks XML-RPC, and lists \(names.count) methods")
      case .fault: return finding(.ok, "speaks XML-RPC, and does not list its methods")
      case .call: break
      }
    } catch {
      return finding(
        .problem, "what it answers is not XML-RPC: \(error.reason)",
        remedy: "check endpoint: in \(system.file.isEmpty ? "its file" : system.file)")
    }
    return finding(.ok, "speaks XML-RPC")
  }

  private func finding(
    _ level: Finding.Level, _ message: String, remedy: String? = nil
  ) -> Finding {
    Finding(level, .service, of: system.name, message, remedy: remedy)
  }
}
