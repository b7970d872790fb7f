internal import Trestle
internal import TrestleCore

extension Session {
  /// Tells how a scenario stands after it was switched, and what was before.
  func tell(_ answer: Value, of system: String) {
    let before = answer["previous"]?.stringValue ?? "none"
    let name = answer["scenario"]?["name"]?.scalarText ?? ""
    let state = answer["scenario"]?["state"]?.scalarText ?? ""
    print("\(system) \(name) is \(state); before: \(before)\n", as: answer)
  }
}
