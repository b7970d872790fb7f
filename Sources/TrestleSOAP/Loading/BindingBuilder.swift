internal import TrestleCore
internal import TrestleXML

/// Makes one binding with its operations (WSDL 1.1 §2.5, §3 to §5).
struct BindingBuilder {
  let definition: WSDLReader.Definition
  let builder: WSDLBuilder
  private let extensionElement: XMLElement?

  init(_ definition: WSDLReader.Definition, builder: WSDLBuilder) {
    self.definition = definition
    self.builder = builder
    let candidates = definition.element.children.filter {
      $0.hasLocalName("binding") && !$0.hasNamespace(WSDLNames.namespace)
    }
    // Extensions of anyone's may be called binding too.
    extensionElement =
      candidates.first {
        $0.hasNamespace(WSDLNames.soap11) || $0.hasNamespace(WSDLNames.soap12)
          || $0.hasNamespace(WSDLNames.http)
      } ?? candidates.first
  }

  var file: ContractFile { definition.file }
  var log: DiagnosticLog { builder.log }

  func binding() -> WSDLBinding {
    let style = extensionElement?.attribute("style") == "rpc" ? WSDLOperation.Style.rpc : .document
    return WSDLBinding(
      name: definition.name, kind: kind, transport: extensionElement?.attribute("transport") ?? "",
      operations: operations(style: style))
  }

  private var kind: WSDLBinding.Kind {
    guard let element = extensionElement else {
      log.add(
        .warning, "the binding \(definition.name.local) does not say how messages travel",
        at: definition.element, in: file, hint: "add a soap:binding element")
      return .other("")
    }
    if element.hasNamespace(WSDLNames.soap11) { return .soap11 }
    if element.hasNamespace(WSDLNames.soap12) { return .soap12 }
    if element.hasNamespace(WSDLNames.http) {
      return .http(element.attribute("verb")?.trimmingXMLSpace().uppercased() ?? "GET")
    }
    return .other(element.namespace)
  }

  private func operations(style: WSDLOperation.Style) -> [WSDLOperation] {
    guard let reference = definition.element.attribute("type"),
      let portType = builder.reader.definition(
        .portType, reference, at: definition.element, in: file)
    else {
      let names = definition.element.children(WSDLNames.namespace, "operation").compactMap {
        $0.attribute("name")
      }
      let position = log.add(
        .error,
        "the binding \(definition.name.local) is for the portType \"\(definition.element.attribute("type") ?? "")\", which is not defined",
        at: definition.element, in: file, hint: "import the WSDL that defines it")
      for name in names { log.concern(name, position) }
      return []
    }
    let abstract = portType.element.children(WSDLNames.namespace, "operation")
    let positions = Dictionary(grouping: abstract.indices) {
      abstract[$0].attribute("name")?.trimmingXMLSpace() ?? ""
    }
    var taken: Set<Int> = []
    var names: Set<String> = []
    var operations: [WSDLOperation] = []
    for bound in definition.element.children(WSDLNames.namespace, "operation") {
      let name = bound.attribute("name")?.trimmingXMLSpace() ?? ""
      guard let position = match(bound, name, among: abstract, positions[name] ?? [], taken)
      else {
        let finding = log.add(
          .warning,
          "the binding \(definition.name.local) has an operation \"\(name)\" that its portType \(portType.name.local) does not have; it is left out",
          at: bound, in: file,
          hint: Suggestion.nearest(to: name, among: abstract.compactMap { $0.attribute("name") })
            .map { "did you mean \"\($0)\"?" })
        log.concern(name, finding)
        continue
      }
      taken.insert(position)
      let key = unique(name, bound, abstract[position], &names)
      operations.append(
        OperationBuilder(
          binding: self, name: key, wireName: name, bound: bound, abstract: abstract[position],
          abstractFile: portType.file, style: style, kind: kind, extensionElement: extensionElement
        ).operation())
    }
    return operations
  }

  /// The abstract operation that a bound one is for: names may be overloaded, and are then told apart
  /// by the names of input and output (WSDL 1.1 §2.5).
  private func match(
    _ bound: XMLElement, _ name: String, among abstract: [XMLElement], _ candidates: [Int],
    _ taken: Set<Int>
  ) -> Int? {
    guard candidates.count > 1 else { return candidates.first }
    func messageName(_ operation: XMLElement, _ word: StaticString) -> String? {
      operation.child(WSDLNames.namespace, word)?.attribute("name")
    }
    // WSDL 1.1 §2.4.5: a message without a name has one made from the operation's.
    func agrees(_ candidate: Int, _ word: StaticString, _ suffix: String) -> Bool {
      guard let wanted = messageName(bound, word) else { return true }
      return wanted == messageName(abstract[candidate], word) ?? name + suffix
    }
    let fitting = candidates.filter {
      agrees($0, "input", "Request") && agrees($0, "output", "Response")
    }
    return fitting.first { !taken.contains($0) } ?? candidates.first { !taken.contains($0) }
      ?? fitting.first ?? candidates.first
  }

  /// A name that no other operation of the binding has: an overloaded one is told apart by its input.
  private func unique(
    _ name: String, _ bound: XMLElement, _ abstract: XMLElement, _ names: inout Set<String>
  ) -> String {
    if names.insert(name).inserted { return name }
    let input =
      bound.child(WSDLNames.namespace, "input")?.attribute("name")
      ?? abstract.child(WSDLNames.namespace, "input")?.attribute("name")
    if let input, names.insert("\(name).\(input)").inserted { return "\(name).\(input)" }
    var number = 2
    while !names.insert("\(name).\(number)").inserted { number += 1 }
    return "\(name).\(number)"
  }
}
