package import Trestle
internal import TrestleCore

/// Every key of a test file (`*.test.yaml`).
package enum TestSchema {
  package static let keys: [AdapterKey] = [
    AdapterKey("workflow", .text, "The workflow that is tested, relative to this file."),
    AdapterKey(
      "command", .either([.text, .list(.text)]),
      "A program that is tested, in any language: a shell's line, or its words."),
    AdapterKey("summary", .text, "One line for reports."),
    AdapterKey(
      "services", .map(.object(WorkflowSchema.service)),
      "The services that a command calls, each a mock."),
    AdapterKey(
      "legacy_systems", .map(.anything),
      "The systems that a command calls, as in a workflow; those of the workspace are named under systems."
    ),
    AdapterKey("systems", .list(.text), "Systems of the workspace that a command calls."),
    AdapterKey(
      "scenarios", .map(.map(.map(.anything))),
      "Sets of responses by their names, beside the workflow's: service, path or operation, response."
    ),
    AdapterKey("defaults", .object(common), "What holds for each test that does not say it."),
    AdapterKey("tests", .list(.object(test)), "The tests."),
    AdapterKey("load", .object(load), "Many runs at once, and what they may take."),
  ]

  /// What a test may say, and what may be said for all of them.
  package static let common: [AdapterKey] = [
    AdapterKey("scenario", .text, "The set of responses that is on."),
    AdapterKey(
      "responses", .map(.map(.anything)),
      "What services and systems answer: name, path or operation, response or {fault: …}."),
    AdapterKey(
      "faults", .map(.anything),
      "What services and systems do wrong: name, then the keys of misbehave, or a list of such."),
    AdapterKey(
      "inputs", .map(.anything),
      "What is put into the context; a command finds it in TRESTLE_INPUTS."),
    AdapterKey(
      "events", .list(.object(WorkflowSchema.event)), "The events of an event-driven run."),
    AdapterKey("environment", .map(.text), "Environment variables of a command."),
    AdapterKey("seed", .integer(0...Int64.max), "Fixes everything random; 1 when left out."),
    AdapterKey(
      "clock", .oneOf(["virtual", "real"]),
      "Whether the run has a time of its own; virtual when left out. A command's is real."),
    AdapterKey(
      "timeout", .duration, "The longest it may take by the real clock; 60s when left out."),
    AdapterKey("skip", .text, "Why it is left out."),
  ]

  package static let test: [AdapterKey] =
    common + [
      AdapterKey("name", .text, "Its name.", isRequired: true),
      AdapterKey(
        "matrix", .map(.list(.anything)),
        "Values of inputs: the test is made once for each combination."),
      AdapterKey("expect", .object(expectations), "What must be so.", isRequired: true),
    ]

  package static let expectations: [AdapterKey] = [
    AdapterKey(
      "status", .oneOf(["completed", "failed"]), "What becomes of the run; completed when left out."
    ),
    AdapterKey("error", .anything, "A part of the error's words, or a condition on them."),
    AdapterKey(
      "result", .anything,
      "The run's output: what is said must be so, conditions as in a stub's when."),
    AdapterKey("context", .map(.anything), "The context at the end, in the same way."),
    AdapterKey("states", .list(.text), "The states it goes through, in order."),
    AdapterKey(
      "steps", .map(.anything),
      "What steps came to, by their names: conditions on {status, output, status_code, attempts, error}."
    ),
    AdapterKey(
      "events", .either([.list(.text), .map(.integer(0...1_000_000))]),
      "The events taken: their types in order, or how many of each."),
    AdapterKey("counters", .map(.anything), "The counters of handlers, by key."),
    AdapterKey("calls", .list(.object(call)), "Calls that mocks must have got."),
    AdapterKey("in_order", .flag, "Whether the calls came in the order of the list, one of each."),
    AdapterKey("no_other_calls", .flag, "Whether there must be no other calls."),
    AdapterKey(
      "time",
      .object([
        AdapterKey("at_least", .duration, "By the run's own clock."),
        AdapterKey("at_most", .duration, "By the run's own clock."),
      ]), "How long it takes."),
    AdapterKey(
      "warnings", .either([.integer(0...1000), .list(.text)]),
      "How many things are odd, or parts of what is said of them."),
    AdapterKey("exit", .integer(0...255), "A command's exit code; 0 when left out."),
    AdapterKey(
      "output", .anything,
      "A command's standard output: a part of it, or a condition; of JSON, conditions on its data."),
    AdapterKey("errors", .anything, "A command's standard error: a part of it, or a condition."),
  ]

  package static let call: [AdapterKey] = [
    AdapterKey("service", .text, "The service called."),
    AdapterKey("system", .text, "The system called."),
    AdapterKey("endpoint", .text, "The path called."),
    AdapterKey("method", .text, "The method; any when left out."),
    AdapterKey("operation", .text, "The operation called."),
    AdapterKey(
      "parameters", .map(.anything),
      "Conditions on its parameters or its body, as in a stub's when."),
    AdapterKey(
      "count", .either([.integer(0...1_000_000), .text]),
      "How often: a number, or at least 2, at most 3; at least once when left out."),
  ]

  package static let load: [AdapterKey] = [
    AdapterKey("name", .text, "Its name; load when left out."),
    AdapterKey("runs", .integer(1...1_000_000), "How many runs there are; 100 when left out."),
    AdapterKey("concurrent", .integer(1...1000), "How many of them at once; 10 when left out."),
    AdapterKey(
      "inputs", .map(.anything), "What is put into the context of each; ${number} is the run's."),
    AdapterKey("responses", .map(.map(.anything)), "What services answer."),
    AdapterKey("faults", .map(.anything), "What services do wrong."),
    AdapterKey(
      "scenarios", .map(.anything),
      "What services do wrong, by the names of several loads: one table of times for all of them."),
    AdapterKey(
      "expect",
      .object([
        AdapterKey("error_rate", .text, "The part of runs that may fail, 0 to 1; 0 when left out."),
        AdapterKey("p50", .duration, "The time that half of the runs may take at most."),
        AdapterKey("p95", .duration, "The time that 95 of a hundred may take at most."),
        AdapterKey("p99", .duration, "The time that 99 of a hundred may take at most."),
        AdapterKey("max", .duration, "The time that any may take at most."),
        AdapterKey("throughput", .text, "How many runs a second there must be at least."),
      ]), "What fails the load."),
  ]
}
