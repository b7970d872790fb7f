internal import TrestleCore
internal import TrestleXML

// Attributes: the contract's own, strangers, and those of the schema-instance namespace.
extension EnvelopeDecoder {
  /// Tells an xsi:nil that the contract does not allow; the value is null all the same.
  mutating func noteNil(of plan: ElementPlan) {
    if isStrict {
      return refuse("is xsi:nil, which the contract does not allow", in: plan.name.local)
    }
    let place = path
    warn(
      "the element \(plan.name.local) at \(place) is xsi:nil, which the contract does not allow; "
        + "it was read as null")
  }

  /// Tells which attributes an element of text has that the contract does not know: there is no place
  /// for them in its value.
  mutating func passOverAttributes(
    _ element: borrowing XMLStartElement, of plan: ElementPlan
  ) {
    for index in 0..<element.attributeCount {
      let name = element.attributeName(index)
      if name.namespace == XMLNamespaces.instance || SOAPVersion(namespace: name.namespace) != nil {
        continue
      }
      if isStrict {
        return refuse(
          "has the attribute \(name), which the contract does not know", in: plan.name.local)
      }
      let place = path
      let local = plan.name.local
      warn(
        "the attribute \(name) of \(local) at \(place) is not in the contract; it was passed over")
    }
  }

  /// The content plan that an `xsi:type` asks for, and the name to show when it is not the declared one.
  mutating func actualType(
    _ text: String, of plan: ElementPlan
  ) -> (ContentPlan, String?)? {
    guard let name = reader.qualifiedName(text) else {
      refuse("has xsi:type=\"\(text)\", whose prefix is not declared")
      return nil
    }
    let declared = plan.content
    if declared.typeName == name { return (declared, nil) }
    let place = path
    guard let actual = context.content(ofTypeNamed: name) else {
      if isStrict {
        refuse("has xsi:type=\"\(text)\", which names no type of the contract", in: plan.name.local)
        return nil
      }
      // Old toolkits name types of their own; the declared type is the better guess.
      warn(
        "xsi:type=\"\(text)\" at \(place) names no type of the contract; the declared type was used"
      )
      return (declared, nil)
    }
    switch (declared.kind, actual.kind) {
    case (.scalar, .object), (.object, .scalar):
      if isStrict {
        refuse(
          "has xsi:type=\"\(text)\", which is not derived from the declared type",
          in: plan.name.local)
        return nil
      }
      warn("xsi:type=\"\(text)\" at \(place) is not derived from the declared type, which was used")
      return (declared, nil)
    default: break
    }
    if name.namespace == XMLNamespaces.schema { return (actual, "xsd:" + name.local) }
    // Where anything may stand, a local name alone says too little to find the type again.
    if case .untyped = declared.kind { return (actual, name.description) }
    return (actual, isFound(name, by: declared, of: plan) ? name.local : name.description)
  }

  /// Whether `_type` with a type's local name alone means that type when it is written.
  private func isFound(
    _ name: QualifiedName, by declared: ContentPlan, of plan: ElementPlan
  ) -> Bool {
    guard let base = declared.typeName, base.local != name.local,
      !plan.substitutes.contains(where: { $0.name.local == name.local })
    else { return false }
    return context.components.derivedTypes(of: base).first { $0.local == name.local } == name
  }

  mutating func readAttributes(
    _ element: borrowing XMLStartElement, _ plan: ObjectPlan, _ frame: inout Frame
  ) {
    var others: Record = [:]
    let own = frame.leaf?.key ?? frame.key
    for index in 0..<element.attributeCount {
      let symbol = element.attributeSymbol(index)
      if let attribute = plan.attribute(for: symbol) {
        do throws(CodecError) {
          let value = try read(attribute.scalar, element.attributeBytes(index))
          frame.members.append(Record.Member(name: attribute.key, value: value))
        } catch {
          return fail(error.inside(attribute.key).inside(own).inside(path))
        }
        continue
      }
      let name = element.attributeName(index)
      if name.namespace == XMLNamespaces.instance || SOAPVersion(namespace: name.namespace) != nil {
        continue
      }
      if plan.anyAttribute == nil {
        if isStrict {
          return refuse("has the attribute \(name), which the contract does not know", in: own)
        }
        let place = path
        warn("the attribute \(name) of \(own) at \(place) is not in the contract; it was kept")
      }
      others[name.description] = .string(element.attributeValue(index))
    }
    if !others.isEmpty {
      frame.members.append(Record.Member(name: "_anyAttributes", value: .object(others)))
    }
  }
}
