/// Something in a copybook that cannot be read, or is odd.
struct CopybookProblem: Sendable, Hashable {
  var line: Int
  /// What is wrong, naming the construct, as a clause.
  var message: String
  var hint: String?
  /// Whether the record can be laid out all the same.
  var isWarning = false
}
