internal import TrestleCore

/// Every key of an adapter file: the one table behind the checks, the JSON Schema and the docs.
public enum AdapterSchema {
  /// The keys every adapter has.
  package static let common: [AdapterKey] = [
    AdapterKey(
      "system", .text,
      "The name callers pass; unique in the workspace. The file's name when left out."),
    AdapterKey(
      "protocol", .text, "The protocol the system speaks: soap, xml_rpc, custom_tcp or rest.",
      isRequired: true),
    AdapterKey("summary", .text, "One line for lists."),
    AdapterKey(
      "endpoint", .text,
      "Where the live system is: http://…, https://…, http+unix://%2FSOCKET/…, scgi://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT. Its own mock when left out."
    ),
    AdapterKey(
      "mode", .oneOf(CallMode.allCases.map(\.rawValue)),
      "Where calls through trestle serve go that do not say it: live or mock; to the mock where one runs when left out."
    ),
    AdapterKey(
      "timeout", .duration, "The longest a call may take, connecting included; 30s when left out."),
    AdapterKey(
      "connect_timeout", .duration,
      "The longest that making a connection may take, TLS included; 10s when left out."),
    AdapterKey(
      "retry",
      .object([
        AdapterKey(
          "times", .integer(1...10), "How often a call is made again after no answer came.",
          isRequired: true),
        AdapterKey(
          "only", .oneOf(["read"]),
          "Which calls: those of operations with effects: read, no others."),
        AdapterKey(
          "pause", .duration,
          "How long until the first of them; each further one waits twice as long; 50ms when left out."
        ),
        AdapterKey(
          "budget", .integer(0...100),
          "Which part of the calls may be repeated ones, in percent, ten aside; 20 when left out."),
      ]), "When calls are made again; never when left out."),
    AdapterKey(
      "breaker",
      .either([
        .flag,
        .object([
          AdapterKey(
            "failures", .integer(1...1000),
            "So many calls in a row without an answer open it; 5 when left out."),
          AdapterKey(
            "open", .duration,
            "How long no call is made then, before one shows whether the system is back; twice as long after each that fails; 5s when left out."
          ),
        ]),
      ]),
      "Whether calls fail at once while the system is gone; so for a live system when left out, not for a mock."
    ),
    AdapterKey(
      "limits",
      .object([
        AdapterKey(
          "concurrent", .integer(1...100_000),
          "How many calls are under way at most; 256 when left out."),
        AdapterKey(
          "waiting", .integer(0...1_000_000),
          "How many more wait for their turn at most; 1024 when left out."),
      ]), "How many calls the system is given at once."),
    AdapterKey(
      "compress", .oneOf(["gzip", "deflate"]),
      "How the bodies of requests are compressed, for services that take them so; not at all when left out."
    ),
    AdapterKey(
      "proxy", .text,
      "The HTTP proxy that calls go through, http://USER:PASSWORD@HOST:PORT, or none; what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say when left out."
    ),
    AdapterKey(
      "auth",
      .object([
        AdapterKey(
          "basic",
          .object([
            AdapterKey("user", .text, "The user's name.", isRequired: true),
            AdapterKey("password", .text, "The user's password.", isRequired: true),
          ]), "HTTP Basic (RFC 7617)."),
        AdapterKey(
          "digest",
          .object([
            AdapterKey("user", .text, "The user's name.", isRequired: true),
            AdapterKey("password", .text, "The user's password.", isRequired: true),
          ]), "HTTP Digest (RFC 7616)."),
        AdapterKey("bearer", .text, "The token of an Authorization: Bearer header (RFC 6750)."),
        AdapterKey(
          "header",
          .object([
            AdapterKey("name", .text, "The header's name.", isRequired: true),
            AdapterKey("value", .text, "The header's value.", isRequired: true),
          ]), "One header field of any name."),
        AdapterKey(
          "mtls",
          .object([
            AdapterKey("cert", .text, "A PEM file with the certificate chain.", isRequired: true),
            AdapterKey("key", .text, "A PEM file with the key.", isRequired: true),
          ]), "A client certificate."),
        AdapterKey("wsse", .anything, "WS-Security; not available yet."),
      ]), "How calls show who they come from; one of these."),
    AdapterKey(
      "tls",
      .object([
        AdapterKey("ca", .text, "A PEM file of the authorities to trust instead of the machine's."),
        AdapterKey("cert", .text, "A PEM file with the client's certificate chain."),
        AdapterKey("key", .text, "A PEM file with the client's key."),
        AdapterKey(
          "server_name", .text, "The name the server's certificate has, if not the endpoint's host."
        ),
      ]), "How TLS connections are made."),
    AdapterKey(
      "operations", .map(.object(operationKeys)),
      "What differs for single operations; what is not listed works all the same."),
    AdapterKey(
      "faults", .list(.object(fault)),
      "What the system's faults mean: the first entry whose conditions hold says it."),
    AdapterKey("session", .object(session), "How calls log in, and where what they get goes."),
    AdapterKey("mock", .object(mock), "How the system's mock answers."),
    AdapterKey(
      "strict", .flag, "Whether what is merely odd in a reply is an error; false when left out."),
  ]

  /// The keys of an entry of `faults`.
  static let fault: [AdapterKey] = [
    AdapterKey(
      "code", .anything, "The fault's code, a list of codes, or a condition as in a stub's when."),
    AdapterKey("message", .anything, "A condition on its message, such as contains: WORDS."),
    AdapterKey("detail", .anything, "Conditions on its detail."),
    AdapterKey("name", .text, "What the system's documentation calls it."),
    AdapterKey(
      "category", .oneOf(FaultCategory.allCases.map(\.rawValue)),
      "What it means to the one who calls."),
    AdapterKey(
      "retryable", .flag,
      "Whether the same call may succeed later; what the category says when left out."),
  ]

  /// The keys of `session`.
  static let session: [AdapterKey] = [
    AdapterKey(
      "login",
      .object([
        AdapterKey("operation", .text, "The operation that logs in.", isRequired: true),
        AdapterKey("parameters", .anything, "Its parameters, by name or as a list in wire order."),
        AdapterKey("path", .text, "The path it is called at, where it is not the endpoint's."),
      ]), "The call that gives the token; without it what is sent is the same for every call."),
    AdapterKey(
      "token", .text,
      "Where in the login's reply the token stands, as a path; the whole reply when left out."),
    AdapterKey(
      "send", .anything,
      "Where the token goes: first or last among the parameters (or first: [VALUES] with {{token}} in them), member: NAME, header: NAME, or cookie.",
      isRequired: true),
    AdapterKey(
      "expired", .object(Array(fault.prefix(3))),
      "Which fault says that the session is over, by code, message and detail; the category unauthenticated when left out."
    ),
    AdapterKey("logout", .text, "The operation that ends the session when the bridge closes."),
  ]

  static let operationKeys: [AdapterKey] = [
    AdapterKey(
      "effects", .oneOf(["read", "write"]),
      "read changes nothing and is safe to repeat; write is everything else."),
    AdapterKey("summary", .text, "One line for lists and tools."),
  ]

  /// The keys of the `mock` part.
  package static let mock: [AdapterKey] =
    [
      AdapterKey(
        "port", .integer(0...65535), "The port the mock listens on; a free one when left out."),
      AdapterKey(
        "socket", .text,
        "The path of a socket of this machine that the mock listens on instead of a port (HTTP, SCGI)."
      ),
      AdapterKey("host", .text, "The address the mock listens on; 127.0.0.1 when left out."),
      AdapterKey(
        "tls",
        .object([
          AdapterKey("cert", .text, "A PEM file with the certificate chain.", isRequired: true),
          AdapterKey("key", .text, "A PEM file with the key.", isRequired: true),
          AdapterKey("ca", .text, "A PEM file of the authorities whose clients are let in."),
        ]), "The certificate it shows; without one it listens in the clear."),
      AdapterKey(
        "sends",
        .list(
          .object([
            AdapterKey("operation", .text, "The operation it calls.", isRequired: true),
            AdapterKey("parameters", .map(.anything), "Its parameters; templates allowed."),
            AdapterKey("after", .duration, "When, counted from the connection's opening."),
            AdapterKey("every", .duration, "How often it is sent again; once when left out."),
          ])), "What it sends to each client without being asked (TCP)."),
      AdapterKey(
        "fallback", .oneOf(["sample", "fault", "proxy"]),
        "What an operation without a fitting stub answers: sample (made from the contract, the default) or fault."
      ),
      AdapterKey(
        "journal", .object(journal),
        "How its calls are kept; the last ten thousand, in batches, when left out."),
      AdapterKey(
        "secret", .list(.text),
        "Fields of calls and replies that the journal and the log show as ***, by path: password, card.pan."
      ),
      AdapterKey("responses", .map(.anything), "Operation → what it answers."),
      AdapterKey(
        "namespaces", .map(.text),
        "Prefixes for when_xpath, beside those of the contract: prefix → namespace."),
      AdapterKey(
        "stubs", .list(.object(stub)), "Answers under conditions, tried in order before responses."),
      AdapterKey(
        "misbehave",
        .either([.object(systemMisbehaviour), .list(.object(systemMisbehaviour))]),
        "What the system as a whole does wrong on purpose: one thing, or a list of which the first that is due is done."
      ),
    ] + mockState

  /// The keys of one stub.
  package static let stub = stubBasics + stubState

  static let stubBasics: [AdapterKey] = [
    AdapterKey("name", .text, "What lists and logs call it."),
    AdapterKey("operation", .text, "The operation it answers.", isRequired: true),
    AdapterKey(
      "when", .map(.anything),
      "Conditions on the parameters: a value to be equal to, or equals, deep_equals, contains, matches, any, absent, not, and, or, one_of, lt, lte, gt, gte, before, after, type, length and others."
    ),
    AdapterKey(
      "when_headers", .map(.anything), "Conditions on the request's header blocks, by name (SOAP)."),
    AdapterKey(
      "when_transport",
      .object([
        AdapterKey(
          "headers", .map(.anything),
          "Conditions on header fields, by name; upper and lower case are the same."),
        AdapterKey("method", .anything, "A condition on the HTTP method."),
        AdapterKey("path", .anything, "A condition on the path, without the query."),
        AdapterKey("peer", .anything, "A condition on the sender's ADDRESS:PORT."),
      ]), "Conditions on what came around the request."),
    AdapterKey(
      "when_xpath", .map(.anything),
      "XPath 1.0 expression → condition, on the XML of the request as it came."),
    AdapterKey(
      "priority", .integer(0...1000),
      "Which stubs go first: 1 before 5, which it is when left out; then the file's order. 0 goes before scenarios' responses too."
    ),
    AdapterKey("reply", .anything, "The value it answers with."),
    AdapterKey(
      "headers", .map(.anything),
      "Header blocks (SOAP) or fields (REST) that go along with the reply, by name."),
    AdapterKey(
      "status", .either([.integer(200...599), .text]),
      "The HTTP status of the reply, where it is not the description's (REST)."),
    AdapterKey(
      "fault",
      .object([
        AdapterKey(
          "code", .text, "The protocol's code: Client or Server (SOAP), a number (XML-RPC, TCP)."),
        AdapterKey("message", .text, "The message meant for people."),
        AdapterKey("detail", .anything, "Details, in the shape the contract gives the fault."),
        AdapterKey("actor", .text, "Who raised the fault (SOAP)."),
        AdapterKey("subcodes", .list(.text), "Finer codes, the outermost first (SOAP 1.2)."),
        AdapterKey("language", .text, "The language of the message, such as en (SOAP 1.2)."),
        AdapterKey(
          "translations", .map(.text),
          "The message in further languages, by their tags (SOAP 1.2)."),
      ]), "The fault it answers with."),
    AdapterKey(
      "misbehave", .object(misbehaviour),
      "What is done wrong on purpose; without reply and fault the answer is the usual one."),
  ]

  /// The keys that each protocol adds to the common ones, or has in place of one of them.
  package static let protocols: [(name: String, keys: [AdapterKey])] = [
    (
      "soap",
      [
        AdapterKey("wsdl", .text, "The WSDL 1.1 file, relative to the adapter file."),
        AdapterKey("service", .text, "The service of the WSDL, where it has several."),
        AdapterKey("port", .text, "The port of the service, where it has several."),
        AdapterKey("namespace", .text, "Without a wsdl: the namespace of the body element."),
        AdapterKey(
          "reply", .oneOf(["flat", "structured"]),
          "Without a wsdl: flat reads a reply as one level of names and texts."),
        AdapterKey(
          "soap_version", .oneOf(["1.1", "1.2"]),
          "The version calls are written in, where the contract leaves a choice or there is none."),
        AdapterKey(
          "use", .oneOf(["literal", "encoded"]),
          "Without a wsdl: encoded says the type of every value."),
        AdapterKey(
          "form", .oneOf(["unqualified", "qualified"]),
          "Without a wsdl: whether parameters are in the namespace of the operation."),
        AdapterKey(
          "understands", .list(.text),
          "Header blocks the mock understands beside the contract's, as {namespace}name."),
        AdapterKey(
          "max_megabytes", .integer(1...1024),
          "The largest message that is taken, in megabytes; 4 when left out."),
        AdapterKey("roles", .list(.text), "The roles the mock plays beside those every node does."),
      ]
    ),
    (
      "xml_rpc",
      [
        AdapterKey(
          "methods",
          .map(
            .object(
              operationKeys + [
                AdapterKey(
                  "params", .list(.anything),
                  "The parameters in their order on the wire, each with name and type."),
                AdapterKey("returns", .anything, "The type of the result."),
                AdapterKey(
                  "faults", .list(.anything), "Faults it may answer with: code, name, message."),
              ])), "The methods of the system."),
        AdapterKey(
          "introspect", .flag,
          "Not available: trestle import URL writes the methods of a live service."),
        AdapterKey(
          "error_when", .anything,
          "How a result looks that tells of a failure, with {{code}} and {{message}} where these stand."
        ),
        AdapterKey(
          "success", .anything,
          "Beside error_when: how a result looks that does not, with {{value}} where its value stands."
        ),
        AdapterKey(
          "dialect", .oneOf(["strict", "i8", "apache"]),
          "What beyond the specification the peer knows; i8 (and nil) when left out."),
        AdapterKey("nil_as", .anything, "How null is written: nil, omit, false or empty."),
        AdapterKey(
          "on_invalid_char", .oneOf(["error", "replace", "strip"]),
          "What becomes of characters XML cannot have."),
        AdapterKey(
          "encoding", .oneOf(["utf-8", "us-ascii", "iso-8859-1"]),
          "What messages are written in; utf-8 when left out."),
        AdapterKey(
          "max_megabytes", .integer(1...1024),
          "The largest message that is taken, in megabytes; 4 when left out."),
      ]
    ),
    (
      "rest",
      [
        AdapterKey(
          "openapi", .text,
          "The OpenAPI 3 or Swagger 2 file (YAML or JSON), relative to the adapter file."),
        AdapterKey(
          "validate", .flag,
          "Whether the mock refuses requests that break the description, with 422; true when left out."
        ),
        AdapterKey(
          "max_megabytes", .integer(1...1024),
          "The largest message that is taken, in megabytes; 4 when left out."),
      ]
    ),
    (
      "custom_tcp",
      [
        AdapterKey(
          "profile", .text,
          "A protocol that is declared already, under the file's own keys: \(TCPProfile.all.map(\.name).joined(separator: ", "))."
        ),
        AdapterKey("frame", .anything, "How a message is cut out of the stream."),
        AdapterKey("layout", .anything, "What is in a message."),
        AdapterKey(
          "operations", .map(.anything),
          "The operations: request, reply, error, and what every operation has."),
        AdapterKey("conversation", .anything, "How requests and replies belong together."),
      ]
    ),
  ]

  /// The keys of a protocol's adapter files: its own, and the common ones it does not replace.
  package static func keys(of name: String, own: [AdapterKey]? = nil) -> [AdapterKey] {
    let own = own ?? protocols.first { $0.name == name }?.keys ?? []
    let names = Set(own.map(\.name))
    return common.filter { !names.contains($0.name) } + own
  }

  /// The keys that a protocol adds to the common ones.
  package static func ownKeys(of name: String) -> [AdapterKey] {
    protocols.first { $0.name == name }?.keys ?? []
  }
}
