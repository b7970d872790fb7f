internal import TrestleCore
internal import TrestleSOAP
internal import TrestleXML

/// Compares a SOAP message we wrote with the one expected, by what both mean: references are followed,
/// scalars compared by value, types where the expected message says them.
struct InteropComparison {
  /// Whether `%d` and `%s` in the expected text stand for anything.
  let isPattern: Bool
  /// Whether the names of array types are compared; without a contract nobody can know them.
  let comparesArrayTypes: Bool

  /// The first difference, or nil.
  func difference(_ found: [UInt8], expected: [UInt8]) -> String? {
    var limits = XMLLimits.contract
    limits.keepsElementsOnly = false
    guard let left = try? XMLDocument(found, limits: limits) else { return "ours is no XML" }
    guard let right = try? XMLDocument(expected, limits: limits) else {
      return "the expected message is no XML"
    }
    if left.root.name != right.root.name {
      return "the envelope is \(left.root.name), expected \(right.root.name)"
    }
    let ours = Sides(left.root)
    let theirs = Sides(right.root)
    if let problem = compareHeaders(ours, theirs) { return problem }
    let mine = ours.roots
    let other = theirs.roots
    guard mine.count == other.count else {
      return "the Body has \(mine.count) elements, expected \(other.count)"
    }
    for (one, two) in zip(mine, other) {
      if let problem = compare(one, two, ours, theirs, "/" + two.localName) { return problem }
    }
    return nil
  }

  private func compareHeaders(_ ours: Sides, _ theirs: Sides) -> String? {
    // What explains a fault is optional (SOAP 1.2 part 1 §5.4.8): servers leave it out.
    let explanations: Set<String> = ["NotUnderstood", "Upgrade"]
    let mine = ours.headers.filter { !explanations.contains($0.localName) }
    let other = theirs.headers.filter { !explanations.contains($0.localName) }
    guard mine.count == other.count else {
      return "has \(mine.count) header blocks, expected \(other.count)"
    }
    for (one, two) in zip(mine, other) {
      if let problem = compare(one, two, ours, theirs, "/Header/" + two.localName) {
        return problem
      }
    }
    return nil
  }

  private func compare(
    _ found: XMLElement, _ expected: XMLElement, _ ours: Sides, _ theirs: Sides, _ path: String
  ) -> String? {
    guard let one = ours.target(of: found), let two = theirs.target(of: expected) else {
      return "\(path): a reference leads nowhere"
    }
    if found.name != expected.name {
      return "\(path): element \(found.name), expected \(expected.name)"
    }
    if found.hasLocalName("Fault") { return compareFaults(found, expected, ours, theirs, path) }
    if let problem = compareAttributes(one, two, path) { return problem }
    let children = Array(one.children)
    let wanted = Array(two.children)
    guard children.count == wanted.count else {
      return "\(path): has \(children.map(\.localName)), expected \(wanted.map(\.localName))"
    }
    if wanted.isEmpty {
      return sameText(one.text, two.text)
        ? nil : "\(path): \"\(one.text.prefix(80))\", expected \"\(two.text.prefix(80))\""
    }
    for (child, other) in zip(children, wanted) {
      if let problem = compare(child, other, ours, theirs, path + "/" + other.localName) {
        return problem
      }
    }
    return nil
  }

  private func compareAttributes(
    _ found: XMLElement, _ expected: XMLElement, _ path: String
  ) -> String? {
    let isArray = expected.attributes.contains {
      $0.name.local == "arrayType" || $0.name.local == "itemType"
    }
    for attribute in expected.attributes where !isPlumbing(attribute.name) {
      let own = found.attributes.first { $0.name == attribute.name }
      if attribute.name == QualifiedName(XMLNamespaces.instance, "type") {
        if isArray || Self.isNil(expected), !comparesArrayTypes { continue }
        guard let own else { return "\(path): lacks xsi:type \(attribute.value)" }
        let ourType = found.qualifiedName(own.value)
        let theirType = expected.qualifiedName(attribute.value)
        // The encoding's own names say no more than what kind of value it is.
        if theirType.map({
          EncodingNamespaces.soap11 == $0.namespace && ["Struct", "Array"].contains($0.local)
        }) == true {
          continue
        }
        if ourType != theirType {
          return
            "\(path): xsi:type \(ourType?.description ?? own.value), expected \(theirType?.description ?? attribute.value)"
        }
      } else if ["arrayType", "itemType"].contains(attribute.name.local) {
        if !comparesArrayTypes { continue }
        guard let own, sameArrayType(own.value, found, attribute.value, expected) else {
          return
            "\(path): \(attribute.name.local) \(own?.value ?? "absent"), expected \(attribute.value)"
        }
      } else if attribute.name == QualifiedName(XMLNamespaces.instance, "nil") {
        guard let own, Self.boolean(own.value) == Self.boolean(attribute.value) else {
          return "\(path): xsi:nil \(own?.value ?? "absent"), expected \(attribute.value)"
        }
      } else {
        guard let own, sameText(own.value, attribute.value) else {
          return
            "\(path): attribute \(attribute.name) \(own?.value ?? "absent"), expected \(attribute.value)"
        }
      }
    }
    for attribute in found.attributes
    where !isPlumbing(attribute.name) && !isEncodingMatter(attribute.name)
      && !expected.attributes.contains(where: { $0.name == attribute.name })
    {
      return "\(path): has the attribute \(attribute.name) in addition"
    }
    return nil
  }

  private static func isNil(_ element: XMLElement) -> Bool {
    element.attributes.contains {
      $0.name == QualifiedName(XMLNamespaces.instance, "nil") && boolean($0.value) == true
    }
  }

  private func isPlumbing(_ name: QualifiedName) -> Bool {
    SOAPVersion(namespace: name.namespace) != nil || name.local == "id" || name.local == "href"
      || (name.namespace == EncodingNamespaces.soap12 && name.local == "ref")
      || (name.local == "lang" && name.namespace == XMLNamespaces.xml)
  }

  private func isEncodingMatter(_ name: QualifiedName) -> Bool {
    name.namespace == XMLNamespaces.instance || name.namespace == EncodingNamespaces.soap11
      || name.namespace == EncodingNamespaces.soap12
  }

  private func sameArrayType(
    _ found: String, _ ours: XMLElement, _ expected: String, _ theirs: XMLElement
  ) -> Bool {
    func split(_ text: String, _ element: XMLElement) -> (QualifiedName?, String) {
      let end = text.firstIndex(of: "[") ?? text.endIndex
      return (element.qualifiedName(String(text[..<end])), String(text[end...]))
    }
    return split(found, ours) == split(expected, theirs)
  }

  // MARK: - Faults

  private func compareFaults(
    _ found: XMLElement, _ expected: XMLElement, _ ours: Sides, _ theirs: Sides, _ path: String
  ) -> String? {
    let mine = codes(found)
    let other = codes(expected)
    // Subcodes are compared where they are expected.
    guard mine.starts(with: other) else { return "\(path): code \(mine), expected \(other)" }
    func detail(_ fault: XMLElement) -> XMLElement? {
      fault.children.first { $0.localName.lowercased() == "detail" }
    }
    guard let wanted = detail(expected) else { return nil }
    guard let own = detail(found) else { return "\(path): lacks the detail" }
    return compare(own, wanted, ours, theirs, path + "/detail")
  }

  private func codes(_ fault: XMLElement) -> [String] {
    var codes: [String] = []
    func collect(_ element: XMLElement) {
      for child in element.children {
        if child.hasLocalName("Value") || child.hasLocalName("faultcode") {
          let text = child.text.trimmingXMLSpace()
          // A code without prefix is in no namespace, whatever the default one is called.
          let name = text.contains(":") ? child.qualifiedName(text) : QualifiedName("", text)
          codes.append(name?.description ?? text)
        } else if child.hasLocalName("Code") || child.hasLocalName("Subcode") {
          collect(child)
        }
      }
    }
    collect(fault)
    return codes
  }

  // MARK: - Text

  private func sameText(_ found: String, _ expected: String) -> Bool {
    if found == expected { return true }
    let one = found.trimmingXMLSpace()
    let two = expected.trimmingXMLSpace()
    if one == two { return true }
    if isPattern, two.contains("%d") || two.contains("%s") { return true }
    if let left = Self.boolean(one), let right = Self.boolean(two) { return left == right }
    if let left = Double(one), let right = Double(two) {
      return left == right || Float(left) == Float(right)
    }
    // Base64 and lists: white space is no part of them.
    return one.filter { !$0.isWhitespace } == two.filter { !$0.isWhitespace }
  }

  private static func boolean(_ text: String) -> Bool? {
    switch text.trimmingXMLSpace() {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }

  /// One message with what its elements refer to.
  private struct Sides {
    let headers: [XMLElement]
    /// The Body's children that nothing refers to.
    let roots: [XMLElement]
    private let ids: [String: XMLElement]

    init(_ envelope: XMLElement) {
      var ids: [String: XMLElement] = [:]
      var referred: Set<String> = []
      func walk(_ element: XMLElement) {
        for attribute in element.attributes {
          if attribute.name.local == "id" { ids[attribute.value] = element }
          if attribute.name.local == "href", attribute.value.hasPrefix("#") {
            referred.insert(String(attribute.value.dropFirst()))
          }
          if attribute.name.local == "ref", attribute.name.namespace == EncodingNamespaces.soap12 {
            referred.insert(attribute.value)
          }
        }
        for child in element.children { walk(child) }
      }
      walk(envelope)
      self.ids = ids
      headers =
        envelope.children.first { $0.hasLocalName("Header") }.map { Array($0.children) } ?? []
      let body =
        envelope.children.first { $0.hasLocalName("Body") }.map { Array($0.children) } ?? []
      roots = body.enumerated().filter { index, element in
        index == 0
          || !element.attributes.contains { $0.name.local == "id" && referred.contains($0.value) }
      }.map(\.element)
    }

    func target(of element: XMLElement) -> XMLElement? {
      for attribute in element.attributes {
        if attribute.name == QualifiedName("", "href"), attribute.value.hasPrefix("#") {
          return ids[String(attribute.value.dropFirst())]
        }
        if attribute.name == QualifiedName(EncodingNamespaces.soap12, "ref") {
          return ids[attribute.value]
        }
      }
      return element
    }
  }
}
