internal import TrestleXML

/// xs:any and xs:anyAttribute, and how two of them combine (XSD 1.0 part 1 §3.10).
enum Wildcards {
  static func wildcard(_ element: XMLElement, targetNamespace: String) -> XSDWildcard {
    let processing =
      element.attribute("processContents").flatMap { XSDWildcard.Processing(rawValue: $0) }
      ?? .strict
    let text = element.attribute("namespace")?.trimmingXMLSpace() ?? "##any"
    switch text {
    case "##any", "": return XSDWildcard(namespaces: .any, processing: processing)
    case "##other":
      return XSDWildcard(namespaces: .other(targetNamespace), processing: processing)
    default:
      let names = text.split(whereSeparator: { $0.utf8.allSatisfy(\.isXMLSpace) }).map { word in
        switch word {
        case "##targetNamespace": targetNamespace
        case "##local": ""
        default: String(word)
        }
      }
      return XSDWildcard(namespaces: .oneOf(Set(names)), processing: processing)
    }
  }

  /// What an extension allows: its own and the base's (§3.10.6, attribute wildcard union).
  static func union(_ own: XSDWildcard?, _ base: XSDWildcard?) -> XSDWildcard? {
    guard let own, let base else { return own ?? base }
    let namespaces: XSDWildcard.Namespaces
    switch (own.namespaces, base.namespaces) {
    case (.any, _), (_, .any): namespaces = .any
    case (.oneOf(let first), .oneOf(let second)): namespaces = .oneOf(first.union(second))
    case (.other(let first), .other(let second)):
      // "Any but these two" minus what either lacks: only unqualified names are out.
      namespaces = first == second ? .other(first) : .other("")
    case (.other(let excluded), .oneOf(let names)), (.oneOf(let names), .other(let excluded)):
      let coversExcluded = names.contains(excluded)
      let coversUnqualified = names.contains("")
      if coversExcluded, coversUnqualified {
        namespaces = .any
      } else if coversExcluded {
        namespaces = .other("")
      } else {
        // With "unqualified" added to all but one namespace the union cannot be said; the nearest
        // that is not wider is the wildcard with the exclusion.
        namespaces = .other(excluded)
      }
    }
    return XSDWildcard(namespaces: namespaces, processing: own.processing)
  }

  /// What a type and the attribute groups it names allow together (§3.10.6, intersection).
  static func intersection(_ own: XSDWildcard?, _ other: XSDWildcard?) -> XSDWildcard? {
    guard let own, let other else { return own ?? other }
    let namespaces: XSDWildcard.Namespaces
    switch (own.namespaces, other.namespaces) {
    case (.any, let rest), (let rest, .any): namespaces = rest
    case (.oneOf(let first), .oneOf(let second)): namespaces = .oneOf(first.intersection(second))
    case (.other(let excluded), .oneOf(let names)), (.oneOf(let names), .other(let excluded)):
      namespaces = .oneOf(names.subtracting([excluded, ""]))
    case (.other(let first), .other(let second)):
      namespaces = .other(first.isEmpty ? second : first)
    }
    return XSDWildcard(namespaces: namespaces, processing: own.processing)
  }
}
