import Testing
import TrestleCore

/// What of a template can be known to be wrong before the first call.
@Suite("Wrong constants in templates")
struct RehearsalTests {
  private static let vocabulary = ExpressionVocabulary(
    names: Generators.names.union(["request"]), functions: Generators.functions)

  private func problems(_ text: String) -> [String] {
    var problems: [Template.Problem] = []
    _ = Template(["a": .string(text)], in: Self.vocabulary, problems: &problems)
    return problems.map { "\($0.path): \($0.error.reason)" }
  }

  @Test(
    "a fixed argument that can never fit is told when the template is read",
    arguments: [
      ("{{now('YYYY-MM-dd')}}", "unknown pattern letters \"YYYY\""),
      ("{{now('yyyy', '3 days')}}", "is no time to add"),
      ("{{date(request.due, 'dd.MM.jjjj')}}", "unknown pattern letters \"jjjj\""),
      ("{{date(request.due, 'dd.MM.yyyy', 'tomorrow')}}", "is no time to add"),
      ("{{format(request.amount, '0.0.0')}}", "format() expects a pattern"),
      ("{{random(6, 1)}}", "random(6, 1) is empty"), ("{{random('a')}}", "whole numbers"),
      ("{{randomText(70000)}}", "expects a length"), ("{{counter(5)}}", "a name in quotes"),
      ("{{padLeft(request.id, 70000)}}", "from 0 to 65536"),
      ("to {{upper(now('Q'))}}", "unknown pattern letters"),
    ])
  func told(text: String, reason: String) {
    let found = problems(text)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("a: ") == true)
    #expect(found.first?.contains(reason) == true, "\(found)")
  }

  @Test(
    "what depends on the call is not told, nor is what fits",
    arguments: [
      "{{now('yyyy-MM-dd', '+1M-1d')}}", "{{now('epoch')}}", "{{date(request.due, 'dd.MM.yyyy')}}",
      "{{format(request.amount, '#,##0.00')}}", "{{random(1, request.most)}}", "{{random(1, 6)}}",
      "{{now(request.pattern)}}", "{{slice(request.id, 0, 2)}}", "{{pick('a', 'b')}}",
      "{{counter('orders')}}", "{{round(request.x, 2)}}", "{{substring(request.id, 1)}}",
    ])
  func fine(text: String) {
    #expect(problems(text) == [])
  }
}
