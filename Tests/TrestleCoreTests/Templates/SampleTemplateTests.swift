import Testing

@testable import TrestleCore

@Suite("Templates")
struct SampleTemplateTests {
  @Test("a template shows a sample with what may stand in each line")
  func annotates() {
    func scalar(
      _ typeName: String, _ kind: ScalarSchema.Kind, _ form: ScalarSchema.JSONForm = .string
    ) -> Schema {
      Schema(.scalar(ScalarSchema(kind: kind, form: form, typeName: typeName)))
    }
    var lines = scalar("xs:boolean", .boolean, .boolean)
    lines.defaultText = "true"
    lines.summary = "Whether\n  lines are wanted"
    var status = ScalarSchema(kind: .string, form: .string, typeName: "Status")
    status.facets.enumeration = ["open", "closed"]
    let schema = Schema(
      .object(
        ObjectSchema(
          members: [
            .init(name: "id", schema: scalar("xs:long", .integer)),
            .init(name: "lines", schema: lines, isRequired: false),
            .init(
              name: "status",
              schema: Schema(.array(ArraySchema(item: Schema(.scalar(status)), minimumCount: 1)))),
            .init(name: "byId", schema: scalar("xs:int", .integer, .number), isRequired: false),
            .init(name: "byName", schema: scalar("xs:string", .string), isRequired: false),
          ], choices: [.init(alternatives: [["byId"], ["byName"]])])))
    #expect(
      SampleTemplate.text(for: schema) == """
        {
          // Exactly one of byId, byName.
          "id": "1",      // xs:long, required
          "lines": true,  // xs:boolean, optional, default true: Whether lines are wanted
          "status": [     // list of Status, 1 or more
            "open"        // Status, open | closed
          ],
          "byId": 1       // xs:int
          // "byName": …  // xs:string
        }
        """)
  }
}
