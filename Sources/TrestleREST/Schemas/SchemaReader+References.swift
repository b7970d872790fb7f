import TrestleCore

extension SchemaReader {
  /// What a reference leads to; nil, and told, where it leads nowhere.
  func edge(to reference: String) -> SchemaEdge? {
    var target: APIDocuments.Target
    switch resolved(reference) {
    case .success(let found): target = found
    case .failure(let failure):
      report(failure.message, hint: failure.hint)
      return nil
    }
    // References with something beside them end no chain in the older dialects, where it says nothing.
    var seen: Set<DocumentPlace> = [node.place]
    while !isModern, let next = target.value["$ref"]?.stringValue {
      guard seen.insert(target.place).inserted else {
        report("the reference \(reference) leads to itself")
        return nil
      }
      guard
        case .success(let found) = library.documents.target(of: next, in: target.place.document)
      else { break }
      target = found
    }
    if target.place == node.place {
      report("the reference \(reference) leads to itself")
      return nil
    }
    return SchemaEdge(node: library.node(target.value, at: target.place))
  }

  private func resolved(
    _ reference: String
  ) -> Result<APIDocuments.Target, APIDocuments.Failure> {
    let document = node.place.document
    if isModern {
      let anchors = library.anchors(of: document)
      if let place = anchors.place(of: reference, from: node.place),
        let value = library.documents.value(at: place)
      {
        return .success(APIDocuments.Target(value: value, place: place))
      }
    }
    let found = library.documents.target(of: reference, in: document)
    // An anchor of another file: the file is found first.
    if isModern, case .failure = found, let hash = reference.firstIndex(of: "#"),
      hash > reference.startIndex,
      case .success(let file) = library.documents.target(
        of: String(reference[..<hash]), in: document),
      let place = library.anchors(of: file.place.document).place(
        of: String(reference[hash...]), from: file.place),
      let value = library.documents.value(at: place)
    {
      return .success(APIDocuments.Target(value: value, place: place))
    }
    return found
  }

  func readDynamicReference(into parts: inout SchemaRules.Parts) {
    guard isModern, let reference = record["$dynamicRef"]?.stringValue,
      let fallback = edge(to: reference)
    else { return }
    library.noteDynamicReference()
    let name = reference.split(separator: "#", omittingEmptySubsequences: false).last.map(
      String.init)
    parts.dynamicReference = DynamicReference(
      name: name ?? "", fallback: fallback,
      isDynamic: fallback.node.source["$dynamicAnchor"]?.stringValue == name)
  }
}
