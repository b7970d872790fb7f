import Testing

@testable import TrestleCore

@Suite("Samples")
struct SampleMakerTests {
  private func text(_ typeName: String = "xs:string") -> Schema {
    Schema(.scalar(ScalarSchema(kind: .string, form: .string, typeName: typeName)))
  }

  @Test("a sample fills required and optional members in the schema's order")
  func fillsMembers() {
    let schema = Schema(
      .object(
        ObjectSchema(members: [
          .init(name: "_id", schema: text(), isRequired: false),
          .init(name: "sku", schema: text()),
          .init(name: "tags", schema: Schema(.array(ArraySchema(item: text())))),
        ])))
    let sample = SampleMaker.sample(for: schema)
    #expect(JSONWriter.text(sample) == #"{"_id":"id","sku":"sku","tags":["tags"]}"#)
  }

  @Test("of a choice the first alternative that ends is taken")
  func takesOneAlternative() {
    let endless = SchemaBox()
    let schema = Schema(
      .object(
        ObjectSchema(
          members: [
            .init(name: "self", schema: endless.reference, isRequired: false),
            .init(name: "byId", schema: text(), isRequired: false),
            .init(name: "byName", schema: text(), isRequired: false),
          ], choices: [.init(alternatives: [["self"], ["byId"], ["byName"]])])))
    endless.set(schema)
    #expect(JSONWriter.text(SampleMaker.sample(for: endless.reference)) == #"{"byId":"byId"}"#)
  }

  @Test("a recursive type shows itself once")
  func cutsRecursion() {
    let node = SchemaBox()
    node.set(
      Schema(
        .object(
          ObjectSchema(members: [
            .init(name: "name", schema: text()),
            .init(name: "child", schema: node.reference, isRequired: false),
            .init(name: "children", schema: Schema(.array(ArraySchema(item: node.reference)))),
          ]))))
    #expect(
      JSONWriter.text(SampleMaker.sample(for: node.reference))
        == #"{"name":"name","children":[]}"#)
  }

  @Test("an abstract type is shown as its first concrete variant")
  func namesVariant() {
    let circle = Schema(.object(ObjectSchema(members: [.init(name: "radius", schema: text())])))
    let schema = Schema(
      .object(
        ObjectSchema(
          members: [], variants: [.init(name: "Circle", schema: circle)], isAbstract: true)))
    #expect(
      JSONWriter.text(SampleMaker.sample(for: schema))
        == #"{"_type":"Circle","radius":"radius"}"#)
  }

  @Test("a type that requires itself without end has no sample")
  func endlessTypeGivesNull() {
    let endless = SchemaBox()
    endless.set(
      Schema(.object(ObjectSchema(members: [.init(name: "self", schema: endless.reference)]))))
    #expect(SampleMaker.sample(for: endless.reference) == .null)
  }

  @Test("members that only a caller can give sense to are left out, unless they are required")
  func leavesOutUnsampled() {
    let schema = Schema(
      .object(
        ObjectSchema(members: [
          .init(name: "id", schema: text()),
          .init(name: "_xml", schema: text(), isRequired: false, isSampled: false),
        ])))
    #expect(JSONWriter.text(SampleMaker.sample(for: schema)) == #"{"id":"id"}"#)
  }

  @Test("a choice inside an alternative follows the outer one", arguments: [true, false])
  func nestedChoices(isRequired: Bool) {
    let names = ["a", "b", "c", "d"]
    let schema = Schema(
      .object(
        ObjectSchema(
          members: names.map { .init(name: $0, schema: text(), isRequired: false) },
          choices: [
            .init(alternatives: [["c"], ["d"]], isRequired: false),
            .init(alternatives: [["b", "c"], ["b", "d"], ["a"]], isRequired: isRequired),
          ])))
    let sample = SampleMaker.sample(for: schema)
    #expect(JSONWriter.text(sample) == #"{"b":"b","c":"c"}"#)
    #expect(SchemaValidator.issues(in: sample, against: schema) == [])
  }

  @Test("a huge type shows its upper levels only, in bounded time")
  func boundsHugeTypes() {
    var level = text()
    for depth in 0..<30 {
      let inner = level
      level = Schema(
        .object(
          ObjectSchema(
            members: (0..<10).map {
              .init(name: "m\(depth)_\($0)", schema: inner, isRequired: false)
            })))
    }
    let size = JSONWriter.bytes(SampleMaker.sample(for: level)).count
    #expect(size > 100)
    #expect(size < 50_000)
  }
}
