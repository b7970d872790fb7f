import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// A contract whose `Ask` has this content model.
private func asking(_ model: String, more: String = "") -> WSDLDefinitions {
  load([
    "main.wsdl": wsdl(
      types: schema(
        "<xs:element name='Ask'><xs:complexType>\(model)</xs:complexType></xs:element><xs:element name='Answer' type='xs:int'/>\(more)"
      ))
  ])
}

private func request(_ content: String) -> WireRequest {
  WireRequest(
    headers: ["Content-Type": "text/xml"],
    body: Array(
      "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><Ask xmlns='urn:t'>\(content)</Ask></s:Body></s:Envelope>"
        .utf8))
}

/// Elements of text by their names: `a b` is `<a>1</a><b>2</b>`; `<` begins markup.
private func elements(_ names: String) -> String {
  names.split(separator: " ").enumerated().map { position, name in
    name.hasPrefix("<") ? String(name) : "<\(name)>\(position + 1)</\(name)>"
  }.joined()
}

private func element(_ name: String, _ occurs: String = "") -> String {
  "<xs:element name='\(name)' type='xs:string' \(occurs)/>"
}

private let many = "minOccurs='0' maxOccurs='unbounded'"
private let a = element("a")
private let b = element("b")
private let c = element("c")

@Suite struct ContentModelTests {
  private static let groups: [(model: String, content: String, value: Record)] = [
    // A repeating choice: order is data.
    (
      "<xs:choice \(many)>\(a)\(b)</xs:choice>", "a b b a",
      ["_seq": [["a": "1"], ["b": "2"], ["b": "3"], ["a": "4"]]]
    ),
    // A repeating sequence whose parts may be left out: what cannot go on begins anew.
    (
      "<xs:sequence \(many)>\(a)\(element("b", "minOccurs='0'"))</xs:sequence>", "a a b a",
      ["_seq": [["a": "1"], ["a": "2", "b": "3"], ["a": "4"]]]
    ),
    // A list inside a repetition.
    (
      "<xs:sequence \(many)>\(a)\(element("b", many))</xs:sequence>", "a b b a b",
      ["_seq": [["a": "1", "b": ["2", "3"]], ["a": "4", "b": ["5"]]]]
    ),
    // Repetitions inside repetitions.
    (
      "<xs:sequence \(many)>\(a)<xs:sequence \(many)>\(b)\(c)</xs:sequence></xs:sequence>",
      "a b c b c a a b c",
      [
        "_seq": [
          ["a": "1", "_seq": [["b": "2", "c": "3"], ["b": "4", "c": "5"]]], ["a": "6"],
          ["a": "7", "_seq": [["b": "8", "c": "9"]]],
        ]
      ]
    ),
    // Two repetitions side by side inside one.
    (
      "<xs:choice \(many)><xs:sequence>\(a)<xs:choice \(many)>\(b)\(c)</xs:choice></xs:sequence>\(element("d"))</xs:choice>",
      "a c b d a b",
      [
        "_seq": [
          ["a": "1", "_seq": [["c": "2"], ["b": "3"]]], ["d": "4"],
          ["a": "5", "_seq": [["b": "6"]]],
        ]
      ]
    ),
    // The same name before and inside a repetition.
    (
      "<xs:sequence>\(a)<xs:choice \(many)>\(b)\(a)</xs:choice></xs:sequence>", "a b a a",
      ["a": "1", "_seq": [["b": "2"], ["a": "3"], ["a": "4"]]]
    ),
    // Wildcards in a repetition stay where they were.
    (
      "<xs:sequence \(many)>\(a)<xs:any namespace='##other' processContents='skip' minOccurs='0'/></xs:sequence>",
      "a <x/> a a <x/>",
      [
        "_seq": [
          ["a": "1", "_any": ["<x xmlns=\"urn:x\"/>"]], ["a": "3"],
          ["a": "4", "_any": ["<x xmlns=\"urn:x\"/>"]],
        ]
      ]
    ),
    // Choices inside a choice, alternatives that share a name.
    (
      "<xs:choice><xs:sequence>\(a)\(b)</xs:sequence><xs:sequence>\(c)\(b)</xs:sequence></xs:choice>",
      "c b", ["c": "1", "b": "2"]
    ),
    // All, in whatever order: the value is in the schema's.
    ("<xs:all>\(a)\(b)\(c)</xs:all>", "a b c", ["a": "1", "b": "2", "c": "3"]),
  ]

  @Test(
    "repetitions, nested and with wildcards, are told apart as the model says", arguments: groups)
  func grouping(_ model: String, _ content: String, _ value: Record) throws {
    let definitions = asking(model)
    #expect(definitions.diagnostics.isEmpty)
    for isStrict in [false, true] {
      let codec = SOAPCodec(definitions, isStrict: isStrict)
      let text = elements(content).replacing("<x/>", with: "<x xmlns='urn:x'/>")
      let call = try codec.decode(request(text))
      #expect(call.parameters == value)
      #expect(call.warnings == [])
      let written = try codec.encode(call)
      #expect(try ContractValidator(definitions).problems(inEnvelope: written.body).isEmpty)
      #expect(try codec.decode(written).parameters == value)
    }
    try expectSamplesRoundTrip(definitions)
  }

  private static let refused: [(model: String, content: String, told: String)] = [
    ("<xs:sequence>\(a)\(b)</xs:sequence>", "b a", "b, which is not allowed here; expected a"),
    ("<xs:sequence>\(a)\(b)</xs:sequence>", "a", "ends too early; expected b"),
    ("<xs:sequence>\(a)\(b)</xs:sequence>", "", "ends too early; expected a"),
    ("<xs:sequence>\(a)</xs:sequence>", "a a", "a, which is not allowed here; nothing more"),
    ("<xs:choice>\(a)\(b)</xs:choice>", "a b", "b, which is not allowed here; nothing more"),
    (
      "<xs:sequence>\(element("a", "maxOccurs='2'"))\(element("b", "minOccurs='0'"))</xs:sequence>",
      "a a a", "a, which is not allowed here: at most 2 may come"
    ),
    (
      "<xs:sequence>\(element("a", "minOccurs='2' maxOccurs='500'"))\(b)</xs:sequence>", "a b",
      "a must come 2 times, found 1"
    ),
    (
      "<xs:choice \(many)><xs:sequence>\(a)\(b)</xs:sequence>\(c)</xs:choice>", "c a c",
      "c, which is not allowed here; expected b"
    ),
    ("<xs:all>\(a)\(b)</xs:all>", "b", "ends too early; expected a"),
    ("<xs:all>\(a)\(b)</xs:all>", "b a b", "b, which is not allowed here; nothing more"),
    (
      "<xs:sequence>\(a)<xs:any namespace='urn:x' processContents='skip'/>\(b)</xs:sequence>",
      "a b", "b, which is not allowed here; expected any element"
    ),
  ]

  @Test("strict reading tells what may not come where, and what is expected", arguments: refused)
  func strict(_ model: String, _ content: String, _ told: String) throws {
    let definitions = asking(model)
    let error = #expect(throws: CodecError.self) {
      try SOAPCodec(definitions, isStrict: true).decode(request(elements(content)))
    }
    #expect(error?.reason.contains(told) == true, "\(error?.reason ?? "")")
    #expect(error?.path == "Ask")
    // The same is read where reading is lenient.
    _ = try SOAPCodec(definitions).decode(request(elements(content)))
  }

  private static let unwritten: [(model: String, value: Record, path: String, told: String)] = [
    ("<xs:choice>\(a)\(b)</xs:choice>", ["a": "1", "b": "2"], "", "more than one alternative"),
    ("<xs:choice>\(a)\(b)</xs:choice>", [:], "", "needs one of a, b"),
    (
      "<xs:choice><xs:sequence>\(a)\(b)</xs:sequence>\(c)</xs:choice>", ["a": "1"], "b",
      "is required"
    ),
    (
      "<xs:sequence \(many)>\(a)<xs:sequence \(many)>\(b)\(c)</xs:sequence></xs:sequence>",
      ["_seq": [["a": "1", "_seq": [["b": "2"]]]]], "_seq[0]._seq[0].c", "is required"
    ),
    (
      "<xs:sequence \(many)>\(a)\(b)</xs:sequence>", ["_seq": [["a": "1", "b": "2", "x": "3"]]],
      "_seq[0].x", "has no place here"
    ),
    (
      "<xs:sequence>\(element("a", "maxOccurs='500'"))</xs:sequence>",
      ["a": .array(Array(repeating: "x", count: 501))], "a", "at most 500"
    ),
  ]

  @Test("what a model has no place for is refused with its path", arguments: unwritten)
  func writing(_ model: String, _ value: Record, _ path: String, _ told: String) throws {
    let error = #expect(throws: CodecError.self) {
      try SOAPCodec(asking(model)).encode(Call(operation: "Ask", parameters: value))
    }
    #expect(error?.path == path)
    #expect(error?.reason.contains(told) == true, "\(error?.reason ?? "")")
  }

  @Test("a choice is decided by the members that stand nowhere else")
  func decisive() throws {
    // `a` is before the choice and in one alternative: alone it decides nothing.
    let definitions = asking(
      "<xs:sequence>\(a)<xs:choice><xs:sequence>\(a)\(b)</xs:sequence>\(c)</xs:choice></xs:sequence>"
    )
    let codec = SOAPCodec(definitions)
    for (value, order) in [
      (["a": ["1"], "c": "2"] as Record, "a c"), (["a": ["1", "2"], "b": "3"], "a a b"),
    ] {
      let written = try codec.encode(Call(operation: "Ask", parameters: value))
      #expect(try codec.decode(written).parameters == value)
      let expected = try codec.encode(try codec.decode(request(elements(order))))
      #expect(XMLComparison.difference(written.body, expected.body) == nil)
    }
  }

  @Test("large models cost no more than their size", .timeLimit(.minutes(1)))
  func large() throws {
    let names = (0..<2_000).map { "e\($0)" }
    let all = names.map { element($0, "minOccurs='0'") }.joined()
    for model in [
      "<xs:choice \(many)>\(all)</xs:choice>", "<xs:sequence>\(all)</xs:sequence>",
      "<xs:all>\(names.prefix(60).map { element($0) }.joined())</xs:all>",
      "<xs:sequence>\(names.prefix(500).map { element($0, "minOccurs='2' maxOccurs='100000'") }.joined())</xs:sequence>",
    ] {
      let codec = SOAPCodec(asking(model))
      let operation = try #require(codec.contract.operation(named: "Ask"))
      guard case .object(let record) = SampleMaker.sample(for: operation.input) else {
        Issue.record("no object")
        return
      }
      let written = try codec.encode(Call(operation: "Ask", parameters: record))
      let again = try codec.encode(try codec.decode(written))
      #expect(again.body == written.body)
      guard case .object(let plan)? = codec.operations.first?.input.roots.first?.content.kind else {
        Issue.record("no plan")
        return
      }
      #expect(plan.automaton.positions.count <= 2_000)
      #expect(plan.automaton.nodes.count <= 2_001)
    }
  }

  @Test("sets of members hold numbers however far apart")
  func sets() {
    var set = MemberSet()
    let numbers = [700, 3, 64, 63, 129, 5_000]
    for number in numbers { set.insert(number) }
    #expect((0..<5_100).filter(set.contains) == numbers.sorted())
    var other = MemberSet()
    #expect(other.isEmpty && !set.intersects(other) && set.firstCommon(other) == nil)
    for number in [128, 129, 700] { other.insert(number) }
    #expect(set.intersects(other) && other.intersects(set))
    #expect(set.firstCommon(other) == 129 && set.commonCount(other) == 2)
    set.remove(129)
    set.remove(1_000_000)
    #expect(set.firstCommon(other) == 700 && other.firstCommon(set) == 700)
    other.formUnion(set)
    #expect([3, 63, 64, 128, 129, 700, 5_000].allSatisfy(other.contains))
  }
}
