/// Waits until something outside of the test's hands has come about; false when it does not within
/// half a minute.
func eventually(_ isSo: () async throws -> Bool) async rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(30)
  while ContinuousClock.now < deadline {
    if try await isSo() { return true }
    // Nothing tells when; a loop without a pause would take the time from what is waited for.
    try? await Task.sleep(for: .milliseconds(2))
  }
  return false
}
