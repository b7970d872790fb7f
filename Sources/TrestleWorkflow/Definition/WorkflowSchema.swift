package import Trestle
internal import TrestleCore

/// Every key of a workflow file: the one table behind the checks, the JSON Schema and the docs.
package enum WorkflowSchema {
  /// The keys of the file.
  package static let keys: [AdapterKey] = [
    AdapterKey("workflow", .text, "Its name; the file's when left out."),
    AdapterKey("summary", .text, "One line for lists."),
    AdapterKey(
      "context", .map(.anything),
      "What `${…}` is filled in from at the start; `-i key=value` goes over it."),
    AdapterKey(
      "substitution", .oneOf(["text", "typed"]),
      "Whether a text that is nothing but one `${…}` becomes text or keeps the value's type; text when left out."
    ),
    AdapterKey(
      "seed", .integer(0...Int64.max), "Fixes everything random, so that each run is the same."),
    AdapterKey(
      "timeout", .duration, "The longest a step may take that does not say it; 30s when left out."),
    AdapterKey(
      "step_limit", .integer(1...1_000_000),
      "How many transitions a run may make, or events it may take; 1000 when left out."),
    AdapterKey(
      "services", .map(.object(service)),
      "HTTP services by their names, each a mock of a specification, a URL, or a system."),
    AdapterKey(
      "legacy_systems", .map(.anything),
      "Legacy systems by their names, each `{protocol_adapter: {type, port, responses}}` or as an adapter file has it."
    ),
    AdapterKey(
      "scenarios", .map(.map(.map(.anything))),
      "Sets of responses by their names: service, path, response."),
    AdapterKey("scenario", .text, "The scenario that is on from the start."),
    AdapterKey("initial", .text, "The state that a run begins in; initial when left out."),
    AdapterKey(
      "stop_on_transition", .flag,
      "Whether the actions of a state behind one that leads on are left out; false when left out."),
    AdapterKey("states", .map(.object(state)), "The states by their names."),
    AdapterKey(
      "steps", .either([.list(.object(step)), .map(.object(step))]), "The steps, in order."),
    AdapterKey("frameworks", .map(.object(framework)), "The frameworks by their names."),
    AdapterKey("data_flow", .object(flow), "How data goes from framework to framework."),
    AdapterKey(
      "webhook_services", .map(.either([.integer(0...65535), .object(service)])),
      "Services that take events by POST /webhook: a port, or as a service."),
    AdapterKey("handlers", .list(.object(handler)), "What is done when events come, in order."),
    AdapterKey("events", .list(.object(event)), "The events of a run that is given none."),
  ]

  package static let service: [AdapterKey] = [
    AdapterKey(
      "spec", .text, "The specification that its mock is generated of, relative to this file."),
    AdapterKey("port", .integer(0...65535), "Where its mock listens; any free port when left out."),
    AdapterKey("url", .text, "Where it is, in place of a mock."),
    AdapterKey("system", .text, "The system whose mock it is, in place of a specification."),
    AdapterKey("responses", .map(.anything), "What its mock answers from the start, by path."),
  ]

  /// An event that is put into the queue.
  private static let emitted = AdapterKey.Kind.either([
    .text,
    .object([
      AdapterKey("type", .text, "The event's type.", isRequired: true),
      AdapterKey("data", .anything, "Its data."),
    ]),
  ])

  /// What steps and actions of all forms have.
  package static let step: [AdapterKey] = [
    AdapterKey("name", .text, "Its name; unique."),
    AdapterKey(
      "type", .text,
      "api_call, legacy_call, condition_check, data_transform, emit, wait or set; told by the other keys when left out."
    ),
    AdapterKey("if", .text, "An expression: it is left out where that is not true."),
    AdapterKey(
      "needs", .either([.list(.text), .text]),
      "The steps it comes after; the one before it when left out, none for []."),
    AdapterKey(
      "service", .text, "api_call: the service to call. data_transform: the service that does it."),
    AdapterKey("url", .text, "api_call: where to call, in place of a service."),
    AdapterKey("endpoint", .text, "The path, with its query."),
    AdapterKey("method", .text, "GET when left out."),
    AdapterKey("data", .anything, "What is sent; `${…}` is filled in."),
    AdapterKey("query", .map(.anything), "Parameters of the query."),
    AdapterKey("headers", .map(.text), "Header fields."),
    AdapterKey("system", .text, "legacy_call: the system to call."),
    AdapterKey("operation", .text, "legacy_call: the operation."),
    AdapterKey("parameters", .map(.anything), "legacy_call: the parameters; `${…}` is filled in."),
    AdapterKey(
      "condition", .text, "condition_check: an expression, like response.accuracy >= 0.85."),
    AdapterKey("input", .anything, "data_transform: what it works on; the context when left out."),
    AdapterKey("from", .text, "data_transform: an expression that gives what it works on."),
    AdapterKey("map", .map(.text), "data_transform: members of the result, each by an expression."),
    AdapterKey("template", .anything, "data_transform: the result, with `${…}` in it."),
    AdapterKey(
      "to", .oneOf(["xml", "json"]),
      "data_transform: a text of XML of data, or data of a text of XML or JSON."),
    AdapterKey(
      "root", .text, "data_transform to xml: the root element's name; data when left out."),
    AdapterKey("emit", emitted, "emit: the event to put into the queue."),
    AdapterKey("wait", .duration, "wait: how long."),
    AdapterKey(
      "save", .map(.text),
      "What of the outcome goes into the context, each by an expression: response.accuracy."),
    AdapterKey(
      "set", .map(.anything),
      "What is put into the context when it succeeds; `${…}` keeps its type here."),
    AdapterKey("context_updates", .map(.anything), "The same as set."),
    AdapterKey("transition_on_success", .text, "The state that it leads to when it succeeds."),
    AdapterKey("transition_on_failure", .text, "The state that it leads to when it fails."),
    AdapterKey(
      "transitions", .list(.object(transition)),
      "Where else it leads, the first whose condition holds."),
    AdapterKey(
      "retry",
      .either([
        .integer(0...100),
        .object([
          AdapterKey("times", .integer(0...100), "How often it is tried again.", isRequired: true),
          AdapterKey(
            "pause", .duration,
            "How long until the first of them, twice as long each time; 50ms when left out."),
        ]),
      ]), "How often it is tried again when it fails."),
    AdapterKey("timeout", .duration, "The longest that one try may take."),
    AdapterKey("continue_on_failure", .flag, "Whether the run goes on though it fails."),
  ]

  package static let transition: [AdapterKey] = [
    AdapterKey("if", .text, "An expression; always where left out."),
    AdapterKey("to", .text, "The state.", isRequired: true),
  ]

  package static let state: [AdapterKey] = [
    AdapterKey(
      "services", .map(.map(.anything)),
      "What services answer in this state: service, path, response."),
    AdapterKey("actions", .list(.object(step)), "What is done in it, in order."),
    AdapterKey(
      "transitions", .list(.object(transition)),
      "Where it leads when no action has led on, the first whose condition holds."),
    AdapterKey(
      "stop_on_transition", .flag, "Whether the actions behind one that leads on are left out."),
    AdapterKey("failure", .flag, "Whether a run that ends here has failed."),
    AdapterKey("summary", .text, "One line for pictures."),
  ]

  package static let framework: [AdapterKey] = [
    AdapterKey(
      "services", .map(.object(service)), "Its services; steps call the one called main.",
      isRequired: true)
  ]

  package static let flow: [AdapterKey] = [
    AdapterKey(
      "execution_order", .list(.text), "The steps in order; as they need each other when left out."),
    AdapterKey("steps", .map(.object(flowStep)), "The steps by their names.", isRequired: true),
  ]

  package static let flowStep: [AdapterKey] =
    step + [
      AdapterKey("framework", .text, "The framework whose main service is called."),
      AdapterKey(
        "transform_to", .object(transform),
        "What becomes of the output before the next step gets it."),
      AdapterKey("source_framework", .text, "Whose format the output is in."),
      AdapterKey("target_framework", .text, "Whose format it is to be in."),
      AdapterKey("transform_port", .integer(0...65535), "Where the transform service listens."),
      AdapterKey(
        "transformation_template", .anything,
        "What the transform service answers; what it was sent when left out."),
      AdapterKey("source_format", .anything, "Told by the transform service."),
      AdapterKey("target_format", .anything, "Told by the transform service."),
    ]

  package static let transform: [AdapterKey] = [
    AdapterKey(
      "port", .integer(0...65535),
      "Where a transform service listens that does it: POST /transform."),
    AdapterKey("format", .anything, "Told to the transform service."),
    AdapterKey(
      "map", .map(.text), "Without a service: members of the result, each by an expression."),
    AdapterKey("template", .anything, "Without a service: the result, with `${…}` in it."),
    AdapterKey(
      "to", .oneOf(["xml", "json"]), "Without a service: XML of data, or data of XML or JSON."),
    AdapterKey("root", .text, "The root element's name for to: xml."),
  ]

  package static let handler: [AdapterKey] = [
    AdapterKey("name", .text, "Its name; the event's when left out."),
    AdapterKey("event", .text, "The type of event it is for.", isRequired: true),
    AdapterKey(
      "key", .text,
      "An expression: counters are kept for each of its values, like event.data.model_id."),
    AdapterKey("count", .map(.anything), "What is added to counters: numbers, or expressions."),
    AdapterKey("if", .text, "An expression: nothing is done where it is not true."),
    AdapterKey("set", .map(.anything), "What is put into the context."),
    AdapterKey("emit", emitted, "An event to put into the queue."),
    AdapterKey(
      "stub", .map(.map(.anything)), "What services answer from then on: service, path, response."),
    AdapterKey("call", .either([.object(step), .list(.object(step))]), "A step, or several."),
  ]

  package static let event: [AdapterKey] = [
    AdapterKey("type", .text, "Its type.", isRequired: true),
    AdapterKey("data", .anything, "Its data."),
    AdapterKey("after", .duration, "How long after the one before it comes."),
  ]
}
