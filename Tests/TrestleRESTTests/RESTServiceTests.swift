import Testing
import TrestleCore
import TrestleREST

@Suite struct RESTServiceTests {
  private let json: Headers = ["Content-Type": "application/json"]

  @Test("A request is found below each of the paths that clients know")
  func prefixes() throws {
    let service = try Shop.service { .value(["id": $0.parameters["id"] ?? .null, "sku": "a"]) }
    for target in ["/v2/orders/7", "/orders/7", "/orders/7?x=1"] {
      #expect(service.answer("GET", target)?.json?["id"] == 7)
    }
    #expect(service.answer("HEAD", "/orders/7")?.status == 200)
  }

  @Test("Status and headers are those of the description")
  func described() throws {
    let service = try Shop.service { call in
      call.operation == "dropOrder" ? .value(.null) : .value(["id": 1, "sku": "a"])
    }
    let made = try #require(
      service.answer("POST", "/orders", json, #"{"id": 1, "sku": "a"}"#))
    #expect(made.status == 201)
    #expect(made.headers["Location"] == "/orders/1")
    #expect(made.headers["Content-Type"] == "application/json")
    let gone = try #require(service.answer("DELETE", "/orders/1"))
    #expect(gone.status == 204)
    #expect(gone.body.isEmpty)
  }

  @Test("A request that breaks the description is refused with the place of every mistake")
  func refusal() throws {
    let service = try Shop.service { _ in .value("never") }
    let body = try #require(
      service.answer("POST", "/orders", json, #"{"id": "x", "sku": "much too long"}"#))
    #expect(body.status == 422)
    #expect(body.headers["Content-Type"] == "application/problem+json")
    let pointers = body.json?["errors"]?.arrayValue?.compactMap { $0["pointer"]?.stringValue }
    #expect(pointers == ["#/id", "#/sku"])
    let query = try #require(service.answer("GET", "/orders?limit=500"))
    #expect(query.status == 422)
    #expect(query.json?["errors"]?[0]?["parameter"] == "limit")
    #expect(query.json?["errors"]?[0]?["in"] == "query")
    #expect(service.answer("GET", "/orders/seven")?.status == 422)
    #expect(service.answer("POST", "/orders", json)?.status == 422)
  }

  @Test("What is no JSON, and what nobody described, has its own status")
  func malformed() throws {
    let service = try Shop.service { call in
      call.operation == "GET /alert" ? .value(["on": true]) : .fault(.unmatched(call.operation))
    }
    #expect(service.answer("POST", "/orders", json, "{")?.status == 400)
    #expect(
      service.answer("POST", "/orders", ["Content-Type": "text/csv"], "a,b")?.status == 415)
    #expect(service.answer("GET", "/nothing")?.status == 404)
    let method = try #require(service.answer("PATCH", "/orders"))
    #expect(method.status == 405)
    #expect(method.headers["Allow"] == "GET, POST")
    let options = try #require(service.answer("OPTIONS", "/orders"))
    #expect(options.status == 204)
    #expect(options.headers["Allow"] == "GET, POST, OPTIONS")
    // A path that something answers all the same.
    #expect(service.answer("GET", "/v2/alert?x=1")?.json == ["on": true])
  }

  @Test("A fault has its status, its own body or the description's, with its words")
  func faults() throws {
    let service = try Shop.service { call in
      switch call.parameters["id"] {
      case 1: .fault(Fault(code: "404", message: "no order 1"))
      case 2: .fault(Fault(code: "404", message: "", detail: ["message": "own"]))
      case 3: .fault(Fault(code: "503", message: "asleep"))
      default: .fault(Fault(code: "Client", message: "wrong"))
      }
    }
    #expect(service.answer("GET", "/orders/1")?.json == ["message": "no order 1"])
    #expect(service.answer("GET", "/orders/2")?.json == ["message": "own"])
    let asleep = try #require(service.answer("GET", "/orders/3"))
    #expect(asleep.status == 503)
    #expect(asleep.json?["detail"] == "asleep")
    #expect(service.answer("GET", "/orders/4")?.status == 400)
  }

  @Test("A client picks its answer by Prefer, and what the description lacks is told")
  func preference() throws {
    let service = try Shop.service { _ in .value([["id": 5, "sku": "b"]]) }
    func prefer(_ text: String) -> WireResponse? {
      service.answer(
        "POST", "/orders", ["Content-Type": "application/json", "Prefer": text],
        #"{"id": 1, "sku": "a"}"#)
    }
    #expect(prefer("code=409")?.status == 409)
    #expect(prefer("code=409")?.json == ["message": "twice"])
    #expect(prefer("code=409, example=late")?.json == ["message": "late"])
    #expect(
      prefer("code=409; example=\"never\"")?.json?["detail"]?.stringValue?.contains("no example")
        == true)
    #expect(prefer("code=418")?.json?["detail"]?.stringValue?.contains("201, 409") == true)
    #expect(prefer("respond-async")?.status == 201)
  }

  @Test("A client gets the media type that it likes best")
  func negotiation() throws {
    let service = try Shop.service { _ in
      var reply = Reply.value(["id": 1, "sku": "a"])
      reply.origin = "sample"
      return reply
    }
    func type(_ accept: String) -> String? {
      service.answer("GET", "/orders/1", ["Accept": accept])?.headers["Content-Type"]
    }
    #expect(type("application/json") == "application/json")
    #expect(type("text/plain") == "text/plain; charset=utf-8")
    #expect(type("text/plain;q=0.1, */*") == "application/json")
    #expect(type("application/json;q=0.2, text/*") == "text/plain; charset=utf-8")
    #expect(type("image/png") == "application/json")
    #expect(service.answer("GET", "/orders/1", ["Accept": "text/plain"])?.text == "an order")
  }

  @Test("Numbers keep their text both ways")
  func numbers() throws {
    let service = try Shop.service { call in .value(call.parameters["body"] ?? .null) }
    let body = #"{"id":123456789012345678901234567890,"sku":"a","price":10.500}"#
    #expect(service.answer("POST", "/orders", json, body)?.text == body)
  }

  @Test("A reply's status may be another than the description's")
  func status() throws {
    let service = try Shop.service { _ in
      Reply(.value(["id": 1, "sku": "a"]), headers: [":status": 202, "X-Kind": "slow"])
    }
    let response = try #require(service.answer("GET", "/orders/1"))
    #expect(response.status == 202)
    #expect(response.headers["X-Kind"] == "slow")
  }
}
