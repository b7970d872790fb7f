import Testing

@testable import TrestleCore

@Suite("Validation")
struct SchemaValidatorTests {
  private static func scalar(
    _ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm = .string,
    _ change: (inout Facets) -> Void = { _ in }
  ) -> Schema {
    var facets = Facets()
    change(&facets)
    return Schema(
      .scalar(
        ScalarSchema(kind: kind, form: form, typeName: "xs:\(kind.rawValue)", facets: facets)))
  }

  private static let line = ObjectSchema(
    members: [
      .init(name: "sku", schema: scalar(.string) { $0.maximumLength = 5 }),
      .init(name: "qty", schema: scalar(.integer, .number) { $0.minimum = "1" }),
      .init(name: "price", schema: scalar(.decimal) { $0.fractionDigits = 2 }, isRequired: false),
    ], typeName: "Line")

  private static let circle = Schema(
    .object(
      ObjectSchema(members: [
        .init(name: "radius", schema: scalar(.double, .number))
      ])))

  private static let order = Schema(
    .object(
      ObjectSchema(
        members: [
          .init(name: "id", schema: scalar(.integer)),
          .init(
            name: "lines",
            schema: Schema(
              .array(
                ArraySchema(item: Schema(.object(line)), minimumCount: 1, maximumCount: 2)))),
          .init(name: "byName", schema: scalar(.string), isRequired: false),
          .init(name: "byCode", schema: scalar(.string), isRequired: false),
          .init(name: "note", schema: nullable(scalar(.string)), isRequired: false),
          .init(name: "open", schema: scalar(.boolean, .boolean), isRequired: false),
          .init(name: "data", schema: scalar(.hex), isRequired: false),
          .init(name: "version", schema: fixed(scalar(.decimal), "1.0"), isRequired: false),
          .init(
            name: "shape",
            schema: Schema(
              .object(
                ObjectSchema(
                  members: [], variants: [.init(name: "Circle", schema: circle)], isAbstract: true,
                  typeName: "Shape"))), isRequired: false),
        ],
        choices: [.init(alternatives: [["byName"], ["byCode"]])], typeName: "Order")))

  private static func nullable(_ schema: Schema) -> Schema {
    var schema = schema
    schema.isNullable = true
    return schema
  }

  private static func fixed(_ schema: Schema, _ text: String) -> Schema {
    var schema = schema
    schema.fixedText = text
    return schema
  }

  private static let valid: Record = [
    "id": "9007199254740993", "lines": [["sku": "A-1", "qty": 2, "price": "10.50"]], "byName": "x",
  ]

  private func issues(_ change: (inout Record) -> Void) -> [String] {
    var record = Self.valid
    change(&record)
    return SchemaValidator.issues(in: .object(record), against: Self.order).map(\.description)
  }

  @Test("a valid value has no issues, in whatever order its members stand")
  func accepts() {
    #expect(issues { _ in } == [])
    let reversed = Record(Self.valid.members.reversed())
    #expect(SchemaValidator.issues(in: .object(reversed), against: Self.order) == [])
  }

  @Test("numbers pass as numbers and as text, in both forms")
  func bothForms() {
    #expect(issues { $0["id"] = 5 } == [])
    #expect(
      issues { $0["lines"] = [["sku": "A", "qty": "2", "price": .double(10.5)]] } == [])
    #expect(
      issues { record in
        record["lines"] = [
          ["sku": "A", "qty": 2, "price": NumberText("1.5e1").map { .number($0) } ?? .null]
        ]
      } == [])
    #expect(issues { $0["open"] = "true" } == [])
    #expect(issues { $0["data"] = .bytes([1, 2]) } == [])
    #expect(issues { $0["note"] = .null } == [])
    #expect(issues { $0["version"] = "1" } == [])
    #expect(issues { $0["shape"] = ["_type": "Circle", "radius": 1.5] } == [])
  }

  @Test("each mistake is told with its place and its remedy")
  func refuses() {
    #expect(
      issues { $0["idd"] = 1 } == [
        #"idd is not known. Did you mean "id"? Known: id, lines, byName, byCode, note, open, data, version, shape."#
      ])
    #expect(issues { $0["id"] = Value?.none } == ["id is missing. It is required: xs:integer."])
    #expect(
      issues { $0["id"] = .null } == ["id may not be null. Leave it out, or give xs:integer."])
    #expect(issues { $0["id"] = "two" } == [#"id expects xs:integer, found "two""#])
    #expect(
      issues { $0["id"] = [5] } == [
        "id expects xs:integer, found an array. It is a single value: write 5 without the brackets."
      ])
    #expect(
      issues { $0["lines"] = ["sku": "A"] } == [
        "lines expects an array, found an object. Write a single item as [{…}]."
      ])
    #expect(issues { $0["lines"] = [] } == ["lines expects at least 1 item, found 0"])
    #expect(
      issues { $0["lines"] = [["sku": "toolong", "qty": 0]] } == [
        #"lines[0].sku expects at most 5 characters, found 7: "toolong""#,
        #"lines[0].qty expects at least 1 (xs:integer), found "0""#,
      ])
    #expect(
      issues { $0["lines"] = ["x"] } == [
        #"lines[0] expects an object (sku, qty, price), found "x""#
      ])
    #expect(
      issues { $0["lines"] = [["sku": "A", "qty": 1.5, "price": "1.234"]] } == [
        #"lines[0].qty expects xs:integer, found "1.5""#,
        #"lines[0].price expects at most 2 digits after the point (xs:decimal), found "1.234""#,
      ])
    #expect(issues { $0["version"] = "2" } == [#"version is fixed to "1.0", found "2""#])
    #expect(
      issues { $0["open"] = "yes" } == [
        #"open expects xs:boolean, found "yes". Write it as true or false."#
      ])
  }

  @Test("a choice takes exactly one alternative")
  func choices() {
    #expect(
      issues { $0["byCode"] = "y" } == [
        "allows exactly one of byName, byCode, found byName, byCode"
      ])
    #expect(issues { $0["byName"] = Value?.none } == ["needs exactly one of byName, byCode"])
  }

  @Test("an abstract type must be named, and rightly")
  func variants() {
    #expect(
      issues { $0["shape"] = ["radius": 1] } == [
        "shape._type is missing. Shape is abstract: name one of Circle."
      ])
    #expect(
      issues { $0["shape"] = ["_type": "Circel", "radius": 1] } == [
        #"shape._type names no type that may stand here, found "Circel". Did you mean "Circle"?"#
      ])
    #expect(
      issues { $0["shape"] = ["_type": "Circle", "radius": "wide"] } == [
        #"shape.radius expects xs:double, found "wide". Write it as 1.5, 1.5E3, INF, -INF or NaN."#
      ])
  }

  @Test("a union takes what any of its types takes")
  func unions() {
    var union = ScalarSchema(kind: .string, form: .string, typeName: "Count")
    var words = ScalarSchema(kind: .string, form: .string, typeName: "Word")
    words.facets.enumeration = ["unbounded"]
    union.alternatives = [
      ScalarSchema(kind: .integer, form: .number, typeName: "xs:int"), words,
    ]
    let schema = Schema(.scalar(union))
    for value in ["7", 7, "unbounded"] as [Value] {
      #expect(SchemaValidator.issues(in: value, against: schema) == [])
    }
    #expect(
      SchemaValidator.issues(in: "many", against: schema).map(\.reason)
        == [#"expects xs:int or Word (Count), found "many""#])
    #expect(SchemaValidator.issues(in: SampleMaker.sample(for: schema), against: schema) == [])
  }

  @Test("a deep or wrong value ends in bounded work")
  func bounded() {
    let node = SchemaBox()
    node.set(
      Schema(
        .object(
          ObjectSchema(members: [
            .init(name: "child", schema: node.reference, isRequired: false)
          ]))))
    var deep: Value = 1
    for _ in 0..<10_000 { deep = ["child": deep] }
    #expect(SchemaValidator.issues(in: deep, against: node.reference) == [])
    // Taken apart level by level: the compiler's own release of so deep a value would recurse.
    while case .object(let record) = deep { deep = record["child"] ?? .null }
    let many = Value.array((0..<1000).map { _ in "x" })
    let numbers = Schema(.array(ArraySchema(item: Self.scalar(.integer))))
    #expect(SchemaValidator.issues(in: many, against: numbers).count == 100)
  }
}
