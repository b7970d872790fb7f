package import TrestleCore

/// What of calls must not be shown to anybody, however near a stub was.
package protocol CallSecrets: Sendable {
  /// Whether what stands at a place of the parameters is secret, or lies inside of what is.
  func covers(_ path: ValuePath) -> Bool
  /// Takes what is secret out of a difference between a call and a stub.
  func hide(in difference: inout NearMiss.Difference, of call: Call)
}
