extension Schema {
  /// How the summary of a secret value ends.
  package static let secretMark = "secret"

  /// The paths, by their names, of what is declared secret.
  package var secretPaths: [String] {
    var paths: [String] = []
    collectSecrets(at: [], depth: 0, into: &paths)
    return paths
  }

  private func collectSecrets(at trail: [String], depth: Int, into paths: inout [String]) {
    // Types may name themselves: no layout of fields is as deep.
    guard depth < 16 else { return }
    if let summary, summary.hasSuffix(Self.secretMark), !trail.isEmpty {
      return paths.append(trail.joined(separator: "."))
    }
    switch shape {
    case .array(let list): list.item.collectSecrets(at: trail, depth: depth + 1, into: &paths)
    case .object(let object):
      for member in object.members {
        member.schema.collectSecrets(at: trail + [member.name], depth: depth + 1, into: &paths)
      }
    case .reference: resolved.collectSecrets(at: trail, depth: depth + 1, into: &paths)
    case .any, .nothing, .scalar: break
    }
  }
}
