/// Writes what tests came to as one page that stands alone. It filters without a script, and follows light and dark.
struct TestPage {
  let report: TestReport

  init(_ report: TestReport) { self.report = report }

  var text: String {
    let title = "\(report.name): \(report.totals)"
    var text = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(MarkupText.escaped(title))</title>
      <style>
      \(TestPageStyle.sheet)
      </style>
      </head>
      <body>

      """
    text += filter + "<header>\n<h1>\(MarkupText.escaped(report.name))</h1>\n" + summary
    text += "</header>\n<main>\n"
    var number = 0
    for suite in report.suites {
      text += "<section>\n<h2>\(MarkupText.escaped(suite.name)) "
      text += "<small>\(MarkupText.escaped(suite.file))</small></h2>\n"
      for outcome in suite.outcomes {
        number += 1
        text += test(outcome, number)
      }
      text += "</section>\n"
    }
    return text + "</main>\n</body>\n</html>\n"
  }

  /// Which tests are shown is the state of these, which the style sheet reads.
  private var filter: String {
    let names = ["all"] + TestOutcome.Status.allCases.map(\.rawValue)
    return names.map { name in
      "<input type=\"radio\" name=\"only\" id=\"only-\(name)\"\(name == "all" ? " checked" : "")>\n"
    }.joined()
  }

  private var summary: String {
    var text = "<p class=\"counts\">"
    text += "<label for=\"only-all\">\(report.outcomes.count) tests</label>"
    for status in TestOutcome.Status.allCases {
      text += " <label class=\"\(status.rawValue)\" for=\"only-\(status.rawValue)\">"
      text += "\(report.count(status)) \(status.rawValue)</label>"
    }
    text += " <span>in \(DurationText.short(report.duration))"
    if let time = report.time { text += ", begun <time>\(time)Z</time>" }
    text += "</span></p>\n"
    let shares = TestOutcome.Status.allCases.filter { report.count($0) > 0 }
    if !shares.isEmpty {
      text += "<p class=\"share\" aria-hidden=\"true\">"
      for status in shares {
        text += "<span class=\"\(status.rawValue)\" style=\"flex:\(report.count(status))\"></span>"
      }
      text += "</p>\n"
    }
    return text
  }
}
