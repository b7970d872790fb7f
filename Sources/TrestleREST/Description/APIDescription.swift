package import TrestleCore

/// What an OpenAPI or Swagger document says: operations that are read when they are first needed.
package struct APIDescription: Sendable {
  package var title: String
  package var summary: String?
  /// The addresses it gives, with the defaults of their variables; relative ones begin with a slash.
  package var servers: [String]
  /// In the document's order. Names are unique.
  package var operations: [RESTOperation]
  /// What was found wrong with the document as a whole.
  package var diagnostics: [Diagnostic]
  package let documents: APIDocuments
  package let schemas: SchemaLibrary
}

/// One operation of an API.
package struct RESTOperation: Sendable {
  /// The operationId, or one made of method and path.
  package var name: String
  /// In upper case.
  package var method: String
  package var path: PathTemplate
  package var summary: String?
  package var isDeprecated: Bool
  package var place: DocumentPlace
  /// Addresses of its own, where it has some.
  package var servers: [String]
  let lazyDetails: Lazy<Details>

  /// What calls and replies of it are like; read on first use.
  package var details: Details { lazyDetails.value }

  package struct Details: Sendable {
    package var parameters: [RESTParameter]
    package var body: RESTBody?
    package var responses: [RESTResponse]
    /// What of it cannot be used as it is written.
    package var problems: [Diagnostic]
    /// The names of all parameters.
    let names: Set<String>
    /// The names that the query has members of objects under.
    let queryMembers: Set<String>
    /// Whether some parameter takes all of the query.
    let takesWholeQuery: Bool
    /// The media types of answers, as calls ask for them.
    let accept: String

    init(
      parameters: [RESTParameter], body: RESTBody?, responses: [RESTResponse],
      problems: [Diagnostic]
    ) {
      self.parameters = parameters
      self.body = body
      self.responses = responses
      self.problems = problems
      names = Set(parameters.map(\.name))
      let spread = parameters.filter {
        $0.location == .query && $0.isObject && $0.style.explodes
      }
      queryMembers = Set(spread.flatMap(\.schema.propertyNames))
      takesWholeQuery = spread.contains { $0.schema.propertyNames.isEmpty }
      accept = Self.accept(responses)
    }

    private static func accept(_ responses: [RESTResponse]) -> String {
      var types: [MediaType] = []
      for content in responses.flatMap(\.contents) where !types.contains(content.type) {
        types.append(content.type)
      }
      guard !types.isEmpty else { return "*/*" }
      // The one that our values fit best goes first.
      let json = types.filter { $0.form == .json }.map(\.written)
      let others = types.filter { $0.form != .json }.map(\.written)
      return (json + (json.isEmpty ? others : others.map { $0 + ";q=0.5" }))
        .joined(separator: ", ")
    }
  }
}

/// The body of requests.
package struct RESTBody: Sendable {
  package var isRequired: Bool
  package var summary: String?
  /// By media type, in the document's order.
  package var contents: [MediaContent]
}

/// A body in one media type.
package struct MediaContent: Sendable {
  package var type: MediaType
  /// Nil where the document says nothing of the value.
  package var schema: JSONSchema?
  /// The values that the document shows, by name; one without a name first.
  package var examples: [NamedExample]
  /// How members of a form are written.
  package var encodings: [String: PartEncoding]
}

/// A value that a document shows.
package struct NamedExample: Sendable {
  package var name: String
  package var value: Value
  package var place: DocumentPlace
}

/// How one member of a form is written (OpenAPI 3.1 §4.8.15).
package struct PartEncoding: Sendable {
  package var contentType: String?
  /// Nil where the document does not say it, and the media type counts.
  package var style: ParameterStyle?
}

/// What a status answers.
package struct RESTResponse: Sendable {
  /// Which statuses it is for.
  package enum Statuses: Sendable, Hashable {
    case exactly(Int)
    /// `2XX`: 200 to 299.
    case hundred(Int)
    case others

    /// Reads a key of `responses`; nil for what is none.
    init?(_ text: String) {
      if text == "default" {
        self = .others
      } else if let status = Int(text), (100...599).contains(status) {
        self = .exactly(status)
      } else if text.count == 3, text.uppercased().hasSuffix("XX"),
        let first = text.first?.wholeNumberValue, (1...5).contains(first)
      {
        self = .hundred(first * 100)
      } else {
        return nil
      }
    }

    /// As the document writes it.
    package var text: String {
      switch self {
      case .exactly(let status): String(status)
      case .hundred(let first): "\(first / 100)XX"
      case .others: "default"
      }
    }

    func covers(_ status: Int) -> Bool {
      switch self {
      case .exactly(let own): own == status
      case .hundred(let first): (first..<first + 100).contains(status)
      case .others: true
      }
    }
  }

  package var statuses: Statuses
  package var summary: String?
  package var headers: [RESTParameter]
  package var contents: [MediaContent]
  /// The headers as the document shows them, or as samples of their schemas; made on first use.
  let fields: Lazy<[Headers.Field]>

  init(
    statuses: Statuses, summary: String? = nil, headers: [RESTParameter], contents: [MediaContent]
  ) {
    self.statuses = statuses
    self.summary = summary
    self.headers = headers
    self.contents = contents
    fields = Lazy { headers.compactMap(Self.field) }
  }

  private static func field(_ header: RESTParameter) -> Headers.Field? {
    var value = header.example
    if value.map({ header.schema.admits($0, for: .response) }) != true {
      value = header.schema.sample(for: .response, named: header.name)
    }
    return value.map {
      Headers.Field(name: header.name, value: ParameterWriter.header($0, header))
    }
  }
}

extension RESTOperation.Details {
  /// What the document says of a status: the closest entry.
  package func response(for status: Int) -> RESTResponse? {
    responses.first { $0.statuses == .exactly(status) }
      ?? responses.first { $0.statuses == .hundred(status / 100 * 100) }
      ?? responses.first { $0.statuses == .others }
  }

  /// The status that refuses a request: the one given, or the other one of 400 and 422 where the
  /// description has that alone.
  func refusal(preferring status: Int) -> Int {
    let other = status == 400 ? 422 : 400
    func isDescribed(_ status: Int) -> Bool {
      responses.contains { $0.statuses == .exactly(status) }
    }
    return !isDescribed(status) && isDescribed(other) ? other : status
  }

  /// The status of an answer when all is well, and what the document says of it: the least of 2xx, or
  /// 200 where the document has a default alone.
  package var success: (status: Int, response: RESTResponse?) {
    var best: (status: Int, response: RESTResponse)?
    for response in responses {
      let status: Int
      switch response.statuses {
      case .exactly(let exact) where (200..<300).contains(exact): status = exact
      case .hundred(200): status = 200
      default: continue
      }
      if best.map({ status < $0.status }) ?? true { best = (status, response) }
    }
    if let best { return (best.status, best.response) }
    if let others = responses.first(where: { $0.statuses == .others }) { return (200, others) }
    // An operation that only ever redirects, or says nothing of success.
    for response in responses {
      if case .exactly(let status) = response.statuses, (300..<400).contains(status) {
        return (status, response)
      }
    }
    return (200, nil)
  }
}
