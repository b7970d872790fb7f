internal import TrestleCore
internal import TrestleMock

extension AdapterSchema {
  /// The keys of `mock` that have to do with state and data.
  static let mockState: [AdapterKey] = [
    AdapterKey(
      "scenarios",
      .map(.object(scenario)),
      "Scenario → where it starts, for those that do not start in the state started; or a set of responses that hold while it is on."
    ),
    AdapterKey(
      "scope",
      .either([
        .oneOf(["connection"]),
        .object([
          AdapterKey("header", .text, "The HTTP header field that names it."),
          AdapterKey(
            "header_block", .text, "The header block that names it (SOAP), or a place in one."),
          AdapterKey("field", .text, "The parameter that names it, or a place in one."),
        ]),
      ]),
      "Which calls share scenarios, store, counters and times: those with the same value of one header, header_block or field, or of one connection; { header: X-Trestle-Scope } when left out."
    ),
    AdapterKey(
      "seed", .integer(Int64.min...Int64.max),
      "What chance begins with, so that replies are the same in every run; left out, they are not."),
    AdapterKey(
      "data",
      .map(
        .object([
          AdapterKey(
            "file", .text, "A CSV file or an SQLite database, relative to the adapter file.",
            isRequired: true),
          AdapterKey(
            "key", .text, "The column whose values rows are looked up by.", isRequired: true),
          AdapterKey("table", .text, "The table (SQLite)."),
          AdapterKey("separator", .text, "What separates fields (CSV); a comma when left out."),
        ])), "Rows for templates, by name: {{data.NAME[KEY].COLUMN}}."),
  ]

  /// The keys of one scenario.
  package static let scenario: [AdapterKey] = [
    AdapterKey("start", .text, "The state it begins in; started when left out."),
    AdapterKey(
      "responses", .map(.anything),
      "Operation → what it answers while the scenario is on: a value, or { fault: … } and the like as in a stub."
    ),
  ]

  /// The keys of a stub that have to do with state and chance.
  static let stubState: [AdapterKey] = [
    AdapterKey("scenario", .text, "The scenario whose states it goes by."),
    AdapterKey(
      "state", .either([.text, .list(.text)]),
      "The state it answers in, or a list of them; all when left out."),
    AdapterKey("to", .text, "The state that its answer leads to."),
    AdapterKey(
      "times", .integer(1...1_000_000_000), "How often it answers before it is passed over."),
    AdapterKey("when_store", .map(.anything), "Conditions on the scope's store, by key."),
    AdapterKey(
      "when_true", .text,
      "An expression that must be true: data.customers[request.id] present."),
    AdapterKey(
      "set", .map(.anything),
      "Key → what is put into the scope's store under it; templates allowed in both, null takes away."
    ),
    AdapterKey("raw", raw, "Bytes that are sent in place of what the protocol would write."),
    AdapterKey(
      "replies", .list(.object(reply)),
      "Several answers in place of one, in the order that order says."),
    AdapterKey(
      "order", .oneOf(ReplyOrder.allCases.map(\.rawValue)),
      "How replies follow each other: in_turn (the last stays, the default), cycle, or random by weight."
    ),
  ]

  private static let raw = AdapterKey.Kind.either([
    .text,
    .object([
      AdapterKey("text", .text, "The bytes as text, in UTF-8; templates allowed."),
      AdapterKey("hex", .text, "The bytes, two hexadecimal digits each."),
      AdapterKey("base64", .text, "The bytes in Base64."),
      AdapterKey("status", .integer(100...599), "The HTTP status; 200 when left out."),
      AdapterKey("headers", .map(.anything), "HTTP header fields, by name; templates allowed."),
      AdapterKey(
        "framed", .flag, "Whether the frame goes around them (TCP); true when left out."),
    ]),
  ])

  /// The keys of an entry of `replies`: those of a stub that say what it answers, and its weight.
  private static let reply: [AdapterKey] =
    stubAnswer + [
      AdapterKey("raw", raw, "Bytes that are sent in place of what the protocol would write."),
      AdapterKey(
        "weight", .integer(0...1_000_000),
        "How often it is drawn beside the others; 1 when left out."),
    ]

  /// The keys of an answer that stands in place of a value.
  static let answer = reply.filter { $0.name != "weight" }

  private static var stubAnswer: [AdapterKey] {
    stubBasics.filter { ["reply", "fault", "headers", "status", "misbehave"].contains($0.name) }
  }
}
