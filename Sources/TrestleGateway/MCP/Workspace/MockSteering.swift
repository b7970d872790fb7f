internal import HTTPTypes
package import Trestle
internal import TrestleNet

/// Steers mocks by requests of the admin API, wherever they run.
package protocol MockSteering: Sendable {
  /// Does one request; null where nothing is answered.
  ///
  /// - Throws: `SteeringRefusal` with what the admin API says.
  func steer(
    _ method: String, _ target: String, _ body: Value?
  ) async throws(SteeringRefusal) -> Value
}

/// Why mocks were not steered: the admin API's own words.
package struct SteeringRefusal: Error, Sendable {
  /// `{"error": {…}}`.
  package var value: Value

  package init(value: Value) { self.value = value }

  package init(_ message: String, hint: String? = nil) {
    var error: Record = ["code": "unavailable", "message": .string(message)]
    if let hint { error["hint"] = .string(hint) }
    value = ["error": .object(error)]
  }
}

/// Steers mocks of this process, which are started when they are first needed.
package struct LocalSteering: MockSteering {
  private let mocks: @Sendable () async throws(MockError) -> RunningMocks
  private let version: String

  package init(
    version: String, _ mocks: @escaping @Sendable () async throws(MockError) -> RunningMocks
  ) {
    self.version = version
    self.mocks = mocks
  }

  package func steer(
    _ method: String, _ target: String, _ body: Value?
  ) async throws(SteeringRefusal) -> Value {
    let running: RunningMocks
    do throws(MockError) {
      running = try await mocks()
    } catch {
      throw SteeringRefusal(error.reason, hint: error.hint)
    }
    var fields = HTTPFields()
    if body != nil { fields[.contentType] = JSONBody.type }
    let response = await AdminAPI(running, version: version).table.respond(
      method: method, target: target, fields: fields,
      body: body.map { JSONWriter.bytes($0) } ?? [])
    guard case .json(let value) = response.body else { return .null }
    guard response.status < 400 else { throw SteeringRefusal(value: value) }
    return value
  }
}

/// Steers mocks of another process, by their admin API.
package struct RemoteSteering: MockSteering {
  private let url: String
  private let token: String?
  private static let timeout: Duration = .seconds(30)

  package init(url: String, token: String?) {
    self.url = url
    self.token = token
  }

  package func steer(
    _ method: String, _ target: String, _ body: Value?
  ) async throws(SteeringRefusal) -> Value {
    var request = WireRequest(method: method, target: target)
    if let body {
      request.headers["Content-Type"] = JSONBody.type
      request.body = JSONWriter.bytes(body)
    }
    if let token { request.headers["Authorization"] = "Bearer \(token)" }
    let response: WireResponse
    do throws(TransportError) {
      let transport = try HTTPTransport(url)
      do throws(TransportError) {
        response = try await transport.exchange(request, timeout: Self.timeout)
        await transport.shutdown()
      } catch {
        await transport.shutdown()
        throw error
      }
    } catch {
      throw SteeringRefusal(
        "the mocks' admin API at \(url) does not answer: \(error.reason)",
        hint: "start the mocks again with trestle mock, then start this server anew")
    }
    guard !response.body.isEmpty else { return .null }
    guard let value = try? JSONParser.parse(response.body) else {
      throw SteeringRefusal("\(url) answered \(response.status) and no JSON")
    }
    guard response.status < 400 else { throw SteeringRefusal(value: value) }
    return value
  }
}
