internal import TrestleCore

/// A text with holes: `ACC-{{request.account}}/{{uuid}}`. Filled by a template on the way out, taken
/// apart on the way in.
struct TextPattern: Sendable {
  private enum Part: Sendable {
    case literal(String)
    /// A parameter, or nil for what differs from message to message.
    case hole(ValuePath?)
  }

  private let parts: [Part]

  /// The parameters that the text holds.
  var parameters: [ValuePath] {
    parts.compactMap { part in
      if case .hole(let path) = part { return path }
      return nil
    }
  }

  /// Nil where the text cannot be taken apart: two holes touch, or a placeholder computes something
  /// of a parameter.
  init?(_ pieces: [Template.Piece]) {
    var parts: [Part] = []
    for piece in pieces {
      switch piece {
      case .literal(let text): parts.append(.literal(text))
      case .placeholder(let expression):
        let parameter = expression.parameterPath
        guard parameter != nil || !expression.names.contains("request") else { return nil }
        if case .hole? = parts.last { return nil }
        parts.append(.hole(parameter))
      }
    }
    self.parts = parts
  }

  /// What stands in the holes; nil when the text is not of the pattern.
  func match(_ text: String) -> [(path: ValuePath, text: String)]? {
    var found: [(path: ValuePath, text: String)] = []
    var rest = Array(text.utf8)[...]
    for (index, part) in parts.enumerated() {
      switch part {
      case .literal(let literal):
        guard rest.starts(with: literal.utf8) else { return nil }
        rest = rest.dropFirst(literal.utf8.count)
      case .hole(let path):
        let end: Int
        if index + 1 < parts.count, case .literal(let next) = parts[index + 1] {
          let isLast = index + 2 == parts.count
          guard let place = Self.place(of: Array(next.utf8), in: rest, last: isLast) else {
            return nil
          }
          end = place
        } else {
          end = rest.endIndex
        }
        if let path { found.append((path, String(decoding: rest[..<end], as: UTF8.self))) }
        rest = rest[end...]
      }
    }
    return rest.isEmpty ? found : nil
  }

  /// Where a literal stands: at the text's end where nothing follows it, else at its first place.
  private static func place(
    of literal: [UInt8], in text: ArraySlice<UInt8>, last isLast: Bool
  ) -> Int? {
    if isLast {
      guard text.count >= literal.count, text.suffix(literal.count).elementsEqual(literal) else {
        return nil
      }
      return text.endIndex - literal.count
    }
    return text.indices.first { text[$0...].starts(with: literal) }
  }
}

extension Expression {
  /// The parameter that the expression is nothing but the path of.
  var parameterPath: ValuePath? {
    guard let path, path.steps.count > 1, path.steps.first == .member("request") else { return nil }
    return ValuePath(Array(path.steps.dropFirst()))
  }
}
