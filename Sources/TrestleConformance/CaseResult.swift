/// What became of one case of a conformance part.
struct CaseResult {
  enum Outcome {
    case passed
    case failed(String)
    /// Not scored, or explained: the word says which.
    case skipped(String)
  }

  let part: String
  let name: String
  let outcome: Outcome
}

/// What a part found: its cases, and lines worth telling besides.
struct PartResult {
  var cases: [CaseResult] = []
  var remarks: [String] = []
}
