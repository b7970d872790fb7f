/// Compares two documents by what they mean, for tests and the conformance runner.
///
/// Ignored: prefixes, declarations, comments, white space between elements, the order of attributes,
/// encodings. QNames in content are compared by namespace where they are known to be QNames.
package struct XMLComparison {
  /// Elements whose text is a QName.
  private let qualifiedNameElements: Set<QualifiedName>
  /// Attributes whose value is a QName, or begins with one (`xs:int[2]`).
  private let qualifiedNameAttributes: Set<QualifiedName>

  private static let faultCode = QualifiedName("", "faultcode")
  private static let faultValue = QualifiedName("http://www.w3.org/2003/05/soap-envelope", "Value")

  private static let wellKnownAttributes: Set<QualifiedName> = [
    QualifiedName(XMLNamespaces.instance, "type"),
    QualifiedName("http://schemas.xmlsoap.org/soap/encoding/", "arrayType"),
    QualifiedName("http://www.w3.org/2003/05/soap-encoding", "itemType"),
  ]

  /// The first difference, with its path; nil when the documents are equal.
  ///
  /// `xsi:type`, SOAP's array types and the codes of SOAP faults are QNames in any case;
  /// `qualifiedNameElements` and `qualifiedNameAttributes` name others.
  package static func difference(
    _ first: [UInt8], _ second: [UInt8], qualifiedNameElements: Set<QualifiedName> = [],
    qualifiedNameAttributes: Set<QualifiedName> = []
  ) -> String? {
    var limits = XMLLimits.contract
    limits.keepsElementsOnly = false
    do throws(XMLFailure) {
      let left = try XMLDocument(first, limits: limits)
      do throws(XMLFailure) {
        let right = try XMLDocument(second, limits: limits)
        return difference(
          left.root, right.root, qualifiedNameElements: qualifiedNameElements,
          qualifiedNameAttributes: qualifiedNameAttributes)
      } catch {
        return "the second document cannot be read: \(error)"
      }
    } catch {
      return "the first document cannot be read: \(error)"
    }
  }

  /// The first difference between two elements, with its path; nil when they are equal.
  package static func difference(
    _ first: XMLElement, _ second: XMLElement, qualifiedNameElements: Set<QualifiedName> = [],
    qualifiedNameAttributes: Set<QualifiedName> = []
  ) -> String? {
    let comparison = XMLComparison(
      qualifiedNameElements: qualifiedNameElements.union([faultCode, faultValue]),
      qualifiedNameAttributes: qualifiedNameAttributes.union(wellKnownAttributes))
    return comparison.compare(first, second, at: "/" + first.localName)
  }

  private func compare(_ first: XMLElement, _ second: XMLElement, at path: String) -> String? {
    if first.name != second.name {
      return "\(path): element \(first.name) against \(second.name)"
    }
    if let difference = compareAttributes(first, second, at: path) { return difference }
    let left = first.contentPieces
    let right = second.contentPieces
    let isQualifiedName = qualifiedNameElements.contains(first.name)
    var counts: [QualifiedName: Int] = [:]
    for index in 0..<max(left.count, right.count) {
      guard index < left.count else { return "\(path): has \(right[index].shown) in addition" }
      guard index < right.count else { return "\(path): lacks \(left[index].shown)" }
      switch (left[index], right[index]) {
      case (.text(let one), .text(let other)):
        let isEqual =
          isQualifiedName
          ? Self.sameName(one, at: first, other, at: second) : one == other
        if !isEqual {
          return "\(path): text \"\(one.prefix(200))\" against \"\(other.prefix(200))\""
        }
      case (.element(let one), .element(let other)):
        let position = counts[one.name, default: 0] + 1
        counts[one.name] = position
        let step = position == 1 ? one.localName : "\(one.localName)[\(position)]"
        if let difference = compare(one, other, at: path + "/" + step) { return difference }
      case (let one, let other):
        return "\(path): \(one.shown) against \(other.shown)"
      }
    }
    return nil
  }

  private func compareAttributes(
    _ first: XMLElement, _ second: XMLElement, at path: String
  ) -> String? {
    let right = Dictionary(
      second.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { one, _ in one })
    var seen: Set<QualifiedName> = []
    for attribute in first.attributes {
      seen.insert(attribute.name)
      guard let other = right[attribute.name] else {
        return "\(path): lacks the attribute \(attribute.name)=\"\(attribute.value)\""
      }
      let isEqual =
        qualifiedNameAttributes.contains(attribute.name)
        ? Self.sameName(attribute.value, at: first, other, at: second) : attribute.value == other
      if !isEqual {
        return "\(path)/@\(attribute.name): \"\(attribute.value)\" against \"\(other)\""
      }
    }
    for (name, value) in right where !seen.contains(name) {
      return "\(path): has the attribute \(name)=\"\(value)\" in addition"
    }
    return nil
  }

  /// Whether two texts begin with the same name and go on alike (`[2]`).
  private static func sameName(
    _ first: String, at left: XMLElement, _ second: String, at right: XMLElement
  ) -> Bool {
    let one = first.trimmingXMLSpace()
    let other = second.trimmingXMLSpace()
    let oneEnd = one.firstIndex(of: "[") ?? one.endIndex
    let otherEnd = other.firstIndex(of: "[") ?? other.endIndex
    guard one[oneEnd...] == other[otherEnd...] else { return false }
    guard let name = left.qualifiedName(String(one[..<oneEnd])),
      let otherName = right.qualifiedName(String(other[..<otherEnd]))
    else { return one == other }
    return name == otherName
  }
}

extension XMLElement {
  /// A child element, or text between child elements.
  enum ContentPiece {
    case element(XMLElement)
    case text(String)

    var shown: String {
      switch self {
      case .element(let element): "the element \(element.name)"
      case .text(let text): "the text \"\(text.prefix(200))\""
      }
    }
  }
}
