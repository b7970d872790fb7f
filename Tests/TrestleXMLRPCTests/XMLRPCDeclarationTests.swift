import Testing
import TrestleCore

@testable import TrestleXMLRPC

/// The adapter file of a classifier, as YAML gives it.
let classifierDefinition: Value = [
  "system": "document-classifier",
  "methods": [
    "classifier.classify": [
      "summary": "What kind of document this is.",
      "effects": "read",
      "params": [
        ["name": "document", "type": "base64"],
        [
          "name": "options", "summary": "How to look at it.",
          "type": ["struct": ["language": "string?", "max_labels": "i4?"]],
        ],
        ["name": "since", "type": "dateTime?"],
      ],
      "returns": [
        "struct": [
          "label": "string", "confidence": "double", "classified_at": "dateTime", "size": "i8",
          "alternatives": [["struct": ["label": "string", "confidence": "double"]]],
        ]
      ],
      "faults": [["code": 404, "name": "UnknownLabel", "message": "no such label"]],
    ],
    "classifier.ping": ["params": [], "returns": "nil"],
    "classifier.open": .null,
  ],
]

func makeCodec(_ definition: Value) -> (codec: XMLRPCCodec, diagnostics: [Diagnostic]) {
  var diagnostics: [Diagnostic] = []
  let codec = XMLRPCCodec.make(definition: definition, name: "test", diagnostics: &diagnostics)
  return (codec, diagnostics)
}

struct DeclarationMistake: CustomTestStringConvertible, Sendable {
  let method: Value
  let message: String
  let hint: String?
  var testDescription: String { message }

  init(_ method: Value, _ message: String, hint: String? = nil) {
    self.method = method
    self.message = message
    self.hint = hint
  }
}

@Suite struct XMLRPCDeclarationTests {
  @Test("declared methods become operations with schemas in declared order")
  func contract() throws {
    let (codec, diagnostics) = makeCodec(classifierDefinition)
    #expect(diagnostics == [])
    #expect(
      codec.contract.operations.map(\.name) == [
        "classifier.classify", "classifier.ping", "classifier.open",
      ])
    #expect(!codec.contract.isOpen)
    let operation = try #require(codec.contract.operation(named: "classifier.classify"))
    #expect(operation.summary == "What kind of document this is.")
    #expect(operation.effects == .read)
    #expect(
      operation.notes == [
        "XML-RPC (document: base64, options: struct{language: string?, max_labels: i4?}, since: dateTime?)"
          + " → struct{label: string, confidence: double, classified_at: dateTime, size: i8,"
          + " alternatives: [struct{label: string, confidence: double}]}"
      ])
    guard case .object(let input) = operation.input.shape,
      case .object(let output) = operation.output.shape
    else {
      Issue.record("is no object")
      return
    }
    #expect(input.members.map(\.name) == ["document", "options", "since"])
    #expect(input.members.map(\.isRequired) == [true, true, false])
    #expect(input.members[1].schema.summary == "How to look at it.")
    #expect(
      output.members.map(\.name) == [
        "label", "confidence", "classified_at", "size", "alternatives",
      ])
    func scalar(_ index: Int) -> ScalarSchema? {
      if case .scalar(let scalar) = output.members[index].schema.shape { return scalar }
      return nil
    }
    #expect(scalar(1)?.typeName == "double")
    #expect(scalar(2)?.typeName == "dateTime.iso8601")
    #expect(scalar(2)?.form == .string)
    // Numbers go by the declared type: wide integers are text in Trestle JSON.
    #expect(scalar(3)?.form == .string)
    #expect(scalar(3)?.kind == .integer)
    #expect(operation.faults.map(\.name) == ["UnknownLabel"])
    #expect(operation.faults.first?.detail.summary == "404: no such label")
  }

  @Test("without methods the contract is open")
  func open() {
    let (codec, diagnostics) = makeCodec(["system": "x"])
    #expect(diagnostics == [])
    #expect(codec.contract.isOpen)
    #expect(codec.contract.operations.isEmpty)
  }

  @Test(
    "every mistake in a method is told with its place, and the rest works",
    arguments: [
      DeclarationMistake(
        "text", "methods.m expects a mapping with params and returns, found string"),
      DeclarationMistake(
        ["efects": "read"], "methods.m.efects is no key here; did you mean \"effects\"?",
        hint: "keys are summary"),
      DeclarationMistake(["effects": "maybe"], "methods.m.effects expects read or write"),
      DeclarationMistake(["summary": [1]], "methods.m.summary expects text"),
      DeclarationMistake(["params": "a"], "methods.m.params expects a list of {name, type}"),
      DeclarationMistake(["params": [5]], "methods.m.params[0] expects {name, type}, found number"),
      DeclarationMistake(["params": [["type": "int"]]], "methods.m.params[0] has no name"),
      DeclarationMistake(
        ["params": [["name": "a", "type": "strng"]]],
        "methods.m.params[0].type \"strng\" is no type; did you mean \"string\"?",
        hint: "types are int"),
      DeclarationMistake(
        ["params": [["name": "a", "typ": "int"]]], "methods.m.params[0].typ is no key here"),
      DeclarationMistake(
        ["params": ["a", "a"]], "methods.m.params[1] declares \"a\" a second time"),
      DeclarationMistake(
        ["params": ["a?", "b"]], "\"b\" is required, but \"a\" before it is optional",
        hint: "by position"),
      DeclarationMistake(["returns": .null], "methods.m.returns is empty", hint: "write nil"),
      DeclarationMistake(["returns": 5], "methods.m.returns expects a type, found 5"),
      DeclarationMistake(["returns": []], "methods.m.returns expects [TYPE]"),
      DeclarationMistake(["returns": ["int", "int"]], "methods.m.returns expects [TYPE]"),
      DeclarationMistake(["returns": ["struct": 5]], "methods.m.returns.struct expects a mapping"),
      DeclarationMistake(["returns": ["strct": .emptyObject]], "did you mean \"struct\""),
      DeclarationMistake(
        ["returns": ["struct": ["a": ["struct": ["b": "itn"]]]]],
        "methods.m.returns.struct.a.struct.b \"itn\""),
      DeclarationMistake(
        ["returns": [["struct": ["a": "boolen"]]]], "methods.m.returns[0].struct.a \"boolen\""),
      DeclarationMistake(["faults": "x"], "methods.m.faults expects a list"),
      DeclarationMistake(["faults": ["x"]], "methods.m.faults[0] expects {code, name, message}"),
      DeclarationMistake(["faults": [["name": "x"]]], "methods.m.faults[0].code expects a number"),
      DeclarationMistake(
        ["faults": [["code": 4_000_000_000]]],
        "methods.m.faults[0].code expects a number of 32 bits"),
      DeclarationMistake(
        ["returns": ["struct": ["a\u{1}": "int"]]],
        "methods.m.returns.struct.a\u{1} holds the character U+0001"),
    ])
  func mistakes(_ row: DeclarationMistake) throws {
    let (codec, diagnostics) = makeCodec(["methods": ["m": row.method, "good": ["returns": "int"]]])
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostic.severity == .error)
    #expect(diagnostic.message.contains(row.message), "\(diagnostic)")
    if let hint = row.hint { #expect(diagnostic.hint?.contains(hint) == true) }
    #expect(diagnostic.operations == ["m"])
    #expect(codec.contract.diagnostics == diagnostics)
    #expect(codec.contract.operation(named: "good") != nil)
  }

  @Test("the keys beside methods are checked too")
  func options() throws {
    let (_, diagnostics) = makeCodec([
      "methods": "x", "dialect": "i9", "nil_as": "nothing", "on_invalid_char": 5, "strict": "yes",
      "encoding": "utf8",
    ])
    #expect(
      diagnostics.map(\.message) == [
        "methods expects a mapping of method names, found string",
        "nil_as \"nothing\" is not known", "on_invalid_char \"5\" is not known",
        "strict expects true or false, found \"yes\"",
        "dialect \"i9\" is not known; did you mean \"i8\"?",
        "encoding \"utf8\" is not known; did you mean \"utf-8\"?",
      ])
    let (codec, none) = makeCodec(["nil_as": false, "strict": true, "encoding": "us-ascii"])
    #expect(none == [])
    #expect(codec.writer.options.nilForm == .false)
    #expect(codec.writer.options.encoding == .ascii)
    #expect(codec.isStrict)
  }

  @Test("what the strict dialect cannot write is told when the file is read")
  func strictDialect() {
    let (_, diagnostics) = makeCodec([
      "dialect": "strict",
      "methods": [
        "wide": ["returns": [["struct": ["size": "i8"]]]], "void": ["returns": "nil"],
        "fine": ["returns": "int"],
      ],
    ])
    #expect(diagnostics.map(\.operations) == [["wide"], ["void"]])
    let (_, none) = makeCodec([
      "dialect": "strict", "nil_as": "empty", "methods": ["void": ["returns": "nil"]],
    ])
    #expect(none == [])
  }

  @Test("mistakes are told with the keys that lead to them, whatever dots a method's name has")
  func problems() {
    var problems: [ValueProblem] = []
    _ = XMLRPCCodec.make(
      definition: ["methods": ["a.b": ["params": [["name": "x", "typ": "int"]]]]], name: "test",
      problems: &problems)
    #expect(
      problems.map(\.path.steps) == [
        [.member("methods"), .member("a.b"), .member("params"), .item(0), .member("typ")]
      ])
    #expect(problems.first?.concernsName == true)
  }

  @Test("samples of declared types can be written, and their dates have no zone")
  func samples() throws {
    for dialect in [XMLRPCDialect.i8, .apache] {
      let codec = XMLRPCCodec(
        name: "test", methods: Array(makeCodec(classifierDefinition).codec.methods.values),
        // The declaration has an i8 and a nil, which the strict dialect has not.
        writing: XMLRPCWritingOptions(dialect: dialect))
      for operation in codec.contract.operations where operation.name != "classifier.open" {
        let input = SampleMaker.sample(for: operation.input)
        let call = Call(operation: operation.name, parameters: input.objectValue ?? [:])
        let received = try codec.decode(try codec.encode(call))
        #expect(received.parameters.names == call.parameters.names)
        let output = SampleMaker.sample(for: operation.output)
        #expect(SchemaValidator.issues(in: output, against: operation.output) == [])
        let reply = try codec.decode(
          try codec.encode(.value(output), answering: call), answering: call)
        #expect(reply.warnings == [])
        if let date = reply.value?["classified_at"] {
          #expect(date == .dateTime("20260115T09:30:00"))
        }
      }
    }
  }

  @Test("a date may be given in either form without a zone")
  func dates() throws {
    let schema = XMLRPCType.dateTime.schema
    for text in ["20260115T09:30:00", "2026-01-15T09:30:00"] {
      #expect(SchemaValidator.issues(in: .string(text), against: schema) == [])
    }
    for text in ["2026-01-15T09:30:00Z", "20260115", "soon"] {
      #expect(SchemaValidator.issues(in: .string(text), against: schema).count == 1)
    }
  }
}
