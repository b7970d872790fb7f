import Foundation
import Synchronization
import TrestleCore

@testable import TrestleStore

/// A directory of its own for a journal, removed with its last holder.
final class JournalFolder: Sendable {
  let directory: String
  var path: String { directory + "/.trestle/journal.sqlite" }

  init() throws {
    directory = NSTemporaryDirectory() + "journal-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Whether any file of the journal has some bytes anywhere.
  func contains(_ bytes: [UInt8]) throws -> Bool {
    let folder = directory + "/.trestle"
    return try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
      [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + name))).contains(bytes)
    }
  }

  func contains(_ text: String) throws -> Bool { try contains(Array(text.utf8)) }

  static func body(_ text: String) -> [UInt8] { JSONWriter.bytes(["text": .string(text)]) }

  /// A service that says what it is told, and answers `boom` with a fault.
  static func service(recorder: any ExchangeRecorder) -> Service {
    var service = Service(
      codec: SayCodec(),
      responder: ClosureResponder { call in
        var reply = Reply.value(.object(call.parameters))
        if call.parameters["text"] == "boom" {
          reply = .fault(Fault(code: "Client", message: "boom"))
        }
        reply.origin = "test"
        return reply
      })
    service.recorder = recorder
    return service
  }
}

/// Time that goes on when it is told to; begins at nought.
final class SteppedTime: Sendable {
  private let microseconds = Mutex<Int64>(0)

  var now: @Sendable () -> Int64 { { self.microseconds.withLock { $0 } } }

  func advance(bySeconds seconds: Int64) {
    microseconds.withLock { $0 += seconds * 1_000_000 }
  }
}

/// JSON over HTTP with one operation, `say`.
struct SayCodec: Codec {
  let contract = Contract(name: "say", operations: [], isOpen: true)
  let wire = Wire.http

  func encode(_ call: Call) throws(CodecError) -> WireRequest { WireRequest() }

  func decode(_ request: WireRequest) throws(CodecError) -> Call {
    do throws(JSONError) {
      let value = try JSONParser.parse(request.body)
      return Call(operation: "say", parameters: value.objectValue ?? [:])
    } catch {
      throw CodecError(reason: "\(error)")
    }
  }

  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
    switch reply.outcome {
    case .value(let value): WireResponse(body: JSONWriter.bytes(value))
    case .fault(let fault): WireResponse(status: 500, body: JSONWriter.bytes(fault.jsonValue))
    }
  }

  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
    .value(.null)
  }

  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? {
    WireResponse(status: 400)
  }
}
