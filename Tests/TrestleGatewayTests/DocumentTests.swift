import Testing
import Trestle

@testable import TrestleGateway

@Suite("The OpenAPI document of the admin API", .timeLimit(.minutes(3)))
struct DocumentTests {
  @Test("every route is in the document, and what is in the document is a route")
  func complete() async throws {
    try await SteeredMocks.run { steered in
      let api = AdminAPI(steered.mocks, version: "1")
      let told = (steered.client.document["paths"]?.objectValue ?? [:]).flatMap { path in
        (path.value.objectValue ?? [:]).map { "\($0.name.uppercased()) \(path.name)" }
      }
      let routes = api.table.routes.map { "\($0.method.rawValue) \($0.path)" }
      #expect(Set(told) == Set(routes))
      #expect(told.count == routes.count)
      // The route is there: whatever it says of these names, it is not that nothing is there.
      for route in api.table.routes {
        let target = route.path.replacing(/\{[a-z]+\}/, with: "1")
        let answer = try await steered.client.send(route.method.rawValue, target)
        #expect(!answer.message.hasPrefix("there is nothing at"), "\(target)")
        #expect(answer.status != 405, "\(target)")
      }
    }
  }

  @Test("names of operations and shapes are unique, and what is referred to is there")
  func sound() async throws {
    try await SteeredMocks.run { steered in
      let routes = AdminAPI(steered.mocks, version: "1").table.routes
      #expect(Set(routes.map(\.name)).count == routes.count)
      let shapes = steered.client.document["components"]?["schemas"]?.objectValue ?? [:]
      let text = JSONWriter.text(steered.client.document)
      for match in text.matches(of: /#\/components\/schemas\/([A-Za-z]+)/) {
        #expect(shapes[String(match.1)] != nil)
      }
      for route in routes {
        let names = route.parts.compactMap { if case .name(let name) = $0 { name } else { nil } }
        #expect(names == route.parameters.filter { $0.place == .path }.map(\.name), "\(route.path)")
      }
    }
  }

  @Test("examples of bodies fit their schemas")
  func examples() async throws {
    try await SteeredMocks.run { steered in
      let check = SchemaCheck(document: steered.client.document)
      for route in AdminAPI(steered.mocks, version: "1").table.routes {
        guard let body = route.body, let example = body.example else { continue }
        #expect(check.findings(in: example, against: body.shape) == [], "\(route.path)")
      }
    }
  }
}
