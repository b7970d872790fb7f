import Testing
import TrestleCore
import TrestleREST

@Suite struct RoutingTests {
  private func table(_ routes: [(String, String)]) -> RouteTable {
    var table = RouteTable()
    for (position, route) in routes.enumerated() {
      table.add(route.0, PathTemplate(route.1), operation: position)
    }
    return table
  }

  @Test("A path of texts goes before one with parameters, segment by segment")
  func precision() {
    let table = table([
      ("GET", "/pets/{id}"), ("GET", "/pets/mine"), ("GET", "/{entity}/me"), ("GET", "/books/{id}"),
      ("GET", "/files/{name}.{extension}"), ("GET", "/files/{id}"), ("GET", "/"),
    ])
    #expect(table.match("GET", "/pets/7") == .operation(0, ["7"]))
    #expect(table.match("GET", "/pets/mine") == .operation(1, []))
    #expect(table.match("GET", "/pets/me") == .operation(0, ["me"]))
    #expect(table.match("GET", "/cats/me") == .operation(2, ["cats"]))
    #expect(table.match("GET", "/files/a.tar.gz") == .operation(4, ["a.tar", "gz"]))
    #expect(table.match("GET", "/files/a") == .operation(5, ["a"]))
    #expect(table.match("GET", "/") == .operation(6, []))
    #expect(table.match("GET", "/pets") == .nothing)
    #expect(table.match("GET", "/pets/7/toys") == .nothing)
  }

  @Test("A text decodes, a slash in it does not cut, and an empty one is no parameter")
  func decoding() {
    let table = table([("GET", "/pets/{id}"), ("GET", "/caf%C3%A9/{id}:copy")])
    #expect(table.match("GET", "/pets/a%2Fb%20c") == .operation(0, ["a/b c"]))
    #expect(table.match("GET", "/pets/") == .nothing)
    #expect(table.match("GET", "/caf%c3%a9/7:copy") == .operation(1, ["7"]))
    #expect(table.match("GET", "/café/7%3Acopy") == .operation(1, ["7"]))
  }

  @Test("A path under another method says which methods it has")
  func methods() {
    let table = table([("GET", "/pets/{id}"), ("DELETE", "/pets/{name}"), ("PUT", "/pets/mine")])
    #expect(table.match("DELETE", "/pets/7") == .operation(1, ["7"]))
    // The text's path lacks the method, the parameter's has it.
    #expect(table.match("DELETE", "/pets/mine") == .operation(1, ["mine"]))
    #expect(table.match("POST", "/pets/7") == .method(allowed: ["GET", "DELETE"]))
    #expect(table.match("GET", "/pets/7/") == .operation(0, ["7"]))
  }

  @Test("Paths that fit many templates end soon")
  func hostile() {
    var routes: [(String, String)] = []
    for index in 0..<12 {
      routes.append(
        ("GET", (0..<12).map { $0 == index ? "{a}-{b}" : "{c}" }.joined(separator: "/")))
    }
    let table = table(routes)
    let path =
      "/"
      + [String](repeating: String(repeating: "-", count: 60), count: 11)
      .joined(separator: "/")
    let time = ContinuousClock().measure { _ = table.match("GET", path) }
    #expect(time < .seconds(2))
  }
}
