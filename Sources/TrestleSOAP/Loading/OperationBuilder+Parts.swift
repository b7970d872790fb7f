internal import TrestleCore
internal import TrestleXML

// Message parts (WSDL 1.1 §2.3.1).
extension OperationBuilder {
  /// The part of a message, by what it refers to.
  func part(
    _ part: XMLElement, in message: WSDLReader.Definition, _ problems: inout Problems
  ) -> WSDLPart? {
    let cache = binding.builder.parts
    let known: (part: WSDLPart?, causes: [Int])
    if let found = cache.parts[part] {
      known = found
    } else {
      var own = Problems(operation: name, log: log)
      let made = makePart(part, in: message, &own)
      known = (made, own.positions)
      cache.parts[part] = known
    }
    for cause in known.causes { problems.add(cause) }
    return known.part
  }

  private func makePart(
    _ part: XMLElement, in message: WSDLReader.Definition, _ problems: inout Problems
  ) -> WSDLPart? {
    let name = part.attribute("name") ?? ""
    let components = binding.builder.components
    let place = SchemaPlace(targetNamespace: message.targetNamespace)
    let kind: ComponentKind
    let reference: String
    if let element = part.attribute("element"), !element.isEmpty {
      (kind, reference) = (.element, element)
    } else if let type = part.attribute("type"), !type.isEmpty {
      (kind, reference) = (.type, type)
    } else {
      log.add(
        .warning,
        "the part \"\(name)\" of the message \(message.name.local) has neither element nor type; any content is taken",
        at: part, in: message.file)
      return .untyped(name)
    }
    guard let target = components.set.target(kind, reference, at: part, from: place) else {
      return openPart(name, kind, reference, part, place, in: message, &problems)
    }
    if target.isGuess {
      log.add(
        .warning, "\(kind.word)=\"\(reference)\" of the part \"\(name)\" is read as \(target.name)",
        at: part, in: message.file, hint: "use a prefix that is declared for its namespace")
    }
    for cause in components.findings.causes(of: target.node) { problems.add(cause) }
    switch kind {
    case .element:
      return components.element(target.name).map { WSDLPart(name: name, definition: .element($0)) }
    default:
      return components.type(target.name).map {
        WSDLPart(name: name, definition: .type($0, name: target.name))
      }
    }
  }

  /// A part whose reference leads nowhere. What it is called is known all the same, so that it can be
  /// written and read; its content is that of whatever else has the name, or any.
  private func openPart(
    _ name: String, _ kind: ComponentKind, _ reference: String, _ part: XMLElement,
    _ place: SchemaPlace, in message: WSDLReader.Definition, _ problems: inout Problems
  ) -> WSDLPart? {
    let components = binding.builder.components
    let other: ComponentKind = kind == .element ? .type : .element
    let found = components.set.target(other, reference, at: part, from: place)
    let element =
      place.name(reference, at: part)
      ?? QualifiedName(
        place.targetNamespace, String(reference.split(separator: ":").last ?? ""))
    tellUnresolved(kind, reference, found, part, place, in: message)
    for cause in components.findings.causes(of: found?.node) { problems.add(cause) }
    switch (kind, found) {
    case (.element, let type?):
      let type = components.type(type.name) ?? .complex(BuiltInTypes.anyType)
      return WSDLPart(name: name, definition: .element(XSDElement(name: element) { type }))
    case (.element, nil):
      return WSDLPart(
        name: name,
        definition: .element(XSDElement(name: element) { .complex(BuiltInTypes.anyType) }))
    case (_, let found?):
      return components.element(found.name).map {
        WSDLPart(name: name, definition: .element($0))
      }
    default: return .untyped(name)
    }
  }

  private func tellUnresolved(
    _ kind: ComponentKind, _ reference: String, _ found: SchemaTarget?, _ part: XMLElement,
    _ place: SchemaPlace, in message: WSDLReader.Definition
  ) {
    let set = binding.builder.components.set
    let name = place.name(reference, at: part)
    let hint: String?
    if let name {
      hint =
        set.has(namespace: name.namespace) || name.namespace == XMLNamespaces.schema
        ? Suggestion.nearest(to: name.local, among: set.names(kind, in: name.namespace)).map {
          "did you mean \"\($0)\"?"
        } : "no schema of the namespace \"\(name.namespace)\" was loaded"
    } else {
      hint = "declare its prefix"
    }
    let reading =
      switch (kind, found) {
      case (_, nil): "; any content is taken"
      case (.element, _): ", but to a type, which is taken"
      default: ", but to an element, which is taken"
      }
    log.add(
      .warning,
      "\(kind.word)=\"\(reference)\" of the part \"\(part.attribute("name") ?? "")\" of the message \(message.name.local) leads to no \(kind.word)"
        + (name.map { " \($0)" } ?? "") + reading,
      at: part, in: message.file, hint: hint)
  }
}

extension WSDLPart {
  /// A part of which only the name is known.
  fileprivate static func untyped(_ name: String) -> WSDLPart {
    WSDLPart(
      name: name,
      definition: .type(.complex(BuiltInTypes.anyType), name: BuiltInTypes.anyTypeName))
  }
}
