internal import TrestleCore
internal import TrestleXML

/// Makes services, ports and bindings from what a WSDL's documents define (WSDL 1.1 §2.5 to §2.7).
struct WSDLBuilder {
  let reader: WSDLReader
  let components: SchemaComponents
  let log: DiagnosticLog
  /// Parts made so far: operations share messages, and headers above all.
  let parts = PartCache()

  /// What a part is, and the positions on the log of what spoils it.
  final class PartCache {
    var parts: [XMLElement: (part: WSDLPart?, causes: [Int])] = [:]
  }

  func services(main: ContractFile) -> [WSDLService] {
    var bindings: [QualifiedName: WSDLBinding] = [:]
    func built(_ definition: WSDLReader.Definition) -> WSDLBinding {
      if let known = bindings[definition.name] { return known }
      let binding = BindingBuilder(definition, builder: self).binding()
      bindings[definition.name] = binding
      return binding
    }
    var services = reader.all(.service).map { service in
      WSDLService(
        name: service.name,
        documentation: service.element.wsdlDocumentation,
        ports: ports(of: service, built))
    }
    // A contract may leave to others where it is served, or tell addresses at run time, as ONVIF's
    // events do: bindings without a port are offered all the same.
    let unnamed = reader.all(.binding).filter { bindings[$0.name] == nil }.map {
      WSDLPort(name: $0.name.local, address: nil, binding: built($0))
    }
    if !unnamed.isEmpty {
      services.removeAll { $0.ports.isEmpty }
      services.append(
        WSDLService(
          name: QualifiedName(main.document.root.attribute("targetNamespace") ?? "", ""),
          ports: unnamed))
    }
    if reader.all(.binding).isEmpty {
      log.add(
        .warning, "the contract has no binding, so no operation of it can be called",
        at: main.document.root, in: main,
        hint: reader.all(.portType).isEmpty
          ? "it defines types or messages only" : "name the WSDL that holds the binding")
    }
    return services
  }

  private func ports(
    of service: WSDLReader.Definition, _ built: (WSDLReader.Definition) -> WSDLBinding
  ) -> [WSDLPort] {
    var ports: [WSDLPort] = []
    for port in service.element.children(WSDLNames.namespace, "port") {
      let name = port.attribute("name") ?? ""
      guard let reference = port.attribute("binding"),
        let binding = reader.definition(.binding, reference, at: port, in: service.file)
      else {
        log.add(
          .warning,
          "the port \(name) names the binding \"\(port.attribute("binding") ?? "")\", which is not defined; the port is left out",
          at: port, in: service.file,
          hint: Suggestion.nearest(
            to: port.attribute("binding") ?? "", among: reader.all(.binding).map(\.name.local)
          ).map { "did you mean \"\($0)\"?" } ?? "import the WSDL that defines it")
        continue
      }
      // The extension element with a location says where the port is; its namespace may be any.
      let address = port.children.first { $0.hasLocalName("address") }?.attribute("location")
      ports.append(WSDLPort(name: name, address: address, binding: built(binding)))
    }
    return ports
  }
}
