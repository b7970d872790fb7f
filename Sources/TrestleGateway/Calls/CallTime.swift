internal import Trestle

/// How long calls may take, whoever asks for them and whatever the systems' files say.
package struct CallTime: Sendable {
  /// The longest any may take, all its attempts together.
  package var longest: Duration

  /// A minute, unless somebody says otherwise.
  package static let standard = CallTime(longest: .seconds(60))

  /// Calls of some time at most.
  package init(longest: Duration) { self.longest = longest }

  /// The longest a call may take; nil where what its system's file says is no longer than that.
  func timeout(
    of operation: Operation?, of system: LegacySystem, asked: Duration? = nil
  ) -> Duration? {
    if let asked { return min(asked, longest) }
    let delivery = operation?.delivery
    let attempt = delivery?.timeout ?? system.timeout
    return attempt * ((delivery?.retries ?? 0) + 1) <= longest ? nil : longest
  }
}
