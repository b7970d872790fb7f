internal import TrestleCore
internal import TrestleMock
internal import TrestleStore

/// Keeps what a system's file and layout call secret out of near misses, and the header fields that are secret
/// anywhere.
struct MaskedSecrets: CallSecrets {
  let mask: SecretMask

  func covers(_ path: ValuePath) -> Bool { mask.covers(path) }

  func hide(in difference: inout NearMiss.Difference, of call: Call) {
    if isSecret(difference.path) { return difference.hide() }
    guard let found = difference.found else { return }
    guard let text = found.scalarText else {
      return difference.found = mask.masked(found, at: ValuePath(written: difference.path))
    }
    // XPath finds what it finds, and a request's path has no fields: whether it is a secret, its text tells.
    guard difference.path.hasPrefix("xpath ") || difference.path.hasPrefix("transport.") else {
      return
    }
    let known = [Value.object(call.parameters), .object(call.headers)]
    if mask.masked(text, knowing: known) != text { difference.hide() }
  }

  private func isSecret(_ path: String) -> Bool {
    if path.hasPrefix(Self.fields) {
      return Headers.Field(name: String(path.dropFirst(Self.fields.count)), value: "").isSecret
    }
    return mask.covers(ValuePath(written: path), isHeader: path.hasPrefix("headers."))
  }

  private static let fields = "transport.headers."
}
