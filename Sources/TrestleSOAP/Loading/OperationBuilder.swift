internal import TrestleCore
internal import TrestleXML

/// Makes one operation of a binding, from its abstract and its bound half.
struct OperationBuilder {
  let binding: BindingBuilder
  let name: String
  let wireName: String
  let bound: XMLElement
  let abstract: XMLElement
  let abstractFile: ContractFile
  let style: WSDLOperation.Style
  let kind: WSDLBinding.Kind
  let extensionElement: XMLElement?

  private var log: DiagnosticLog { binding.log }
  private var reader: WSDLReader { binding.builder.reader }

  func operation() -> WSDLOperation {
    var problems = Problems(operation: name, log: log)
    let details = bound.children.first {
      $0.hasLocalName("operation") && !$0.hasNamespace(WSDLNames.namespace)
    }
    let style = details?.attribute("style").flatMap { WSDLOperation.Style(rawValue: $0) }
    let input = message("input", &problems)
    let output = message("output", &problems)
    if input == nil, output == nil, problems.isEmpty {
      problems.add(
        Diagnostic(
          .error, "the operation \(wireName) has neither input nor output",
          file: abstractFile.displayPath, line: abstract.line))
    }
    return WSDLOperation(
      name: name, wireName: wireName,
      documentation: abstract.wsdlDocumentation
        ?? bound.wsdlDocumentation,
      action: details?.attribute("soapAction"), style: style ?? self.style, input: input,
      output: output,
      faults: faults, location: details?.attribute("location"),
      problems: problems.texts)
  }

  // MARK: - Messages

  private func message(_ word: StaticString, _ problems: inout Problems) -> WSDLMessage? {
    guard let abstractMessage = abstract.child(WSDLNames.namespace, word) else { return nil }
    guard
      let definition = messageDefinition(
        abstractMessage.attribute("message"), at: abstractMessage, in: abstractFile, &problems)
    else { return nil }
    let concrete = bound.child(WSDLNames.namespace, word)
    let carried = Carried(concrete)
    let parts = definition.element.children(WSDLNames.namespace, "part")
    var message = WSDLMessage(
      name: definition.name, isEncoded: carried.body?.attribute("use") == "encoded",
      namespace: carried.body?.attribute("namespace") ?? "", body: [])
    var elsewhere: Set<String> = []
    for header in carried.headers {
      if let part = headerPart(header, &problems, own: definition, &elsewhere) {
        message.headers.append(part)
      }
    }
    for content in carried.contents {
      guard let partName = content.attribute("part"),
        let part = parts.first(where: { $0.attribute("name") == partName }),
        elsewhere.insert(partName).inserted
      else { continue }
      if let built = self.part(part, in: definition, &problems) {
        message.attachments.append(built)
      }
    }
    // WSDL 1.1 §3.5: `parts` lists those in the Body; without it, all that are not carried elsewhere.
    let listed = carried.body?.attribute("parts").map {
      $0.split(whereSeparator: { $0.utf8.allSatisfy(\.isXMLSpace) }).map(String.init)
    }
    for part in parts {
      let partName = part.attribute("name") ?? ""
      guard listed?.contains(partName) ?? !elsewhere.contains(partName) else { continue }
      if let built = self.part(part, in: definition, &problems) { message.body.append(built) }
    }
    checkListed(listed ?? [], parts, definition, concrete)
    return message
  }

  private func checkListed(
    _ listed: [String], _ parts: [XMLElement], _ definition: WSDLReader.Definition,
    _ concrete: XMLElement?
  ) {
    let names = parts.compactMap { $0.attribute("name") }
    for name in listed where !names.contains(name) {
      log.add(
        .warning,
        "soap:body lists the part \"\(name)\", which the message \(definition.name.local) does not have",
        at: concrete, in: binding.file,
        hint: names.isEmpty ? nil : "it has " + names.joined(separator: ", "))
    }
  }

  private func messageDefinition(
    _ reference: String?, at element: XMLElement, in file: ContractFile,
    _ problems: inout Problems
  ) -> WSDLReader.Definition? {
    if let reference,
      let found = reader.definition(.message, reference, at: element, in: file)
    {
      return found
    }
    let local = reference?.split(separator: ":").last.map(String.init) ?? ""
    problems.add(
      Diagnostic(
        .error,
        "\(element.localName) names the message \"\(reference ?? "")\", which is not defined",
        file: file.displayPath, line: element.line,
        hint: Suggestion.nearest(to: local, among: reader.all(.message).map(\.name.local)).map {
          "did you mean \"\($0)\"?"
        }))
    return nil
  }

  private func headerPart(
    _ header: XMLElement, _ problems: inout Problems, own: WSDLReader.Definition,
    _ elsewhere: inout Set<String>
  ) -> WSDLPart? {
    guard
      let message = messageDefinition(
        header.attribute("message"), at: header, in: binding.file, &problems)
    else { return nil }
    let parts = message.element.children(WSDLNames.namespace, "part")
    let wanted = header.attribute("part") ?? header.attribute("parts")
    let found =
      wanted.map { name in parts.first { $0.attribute("name") == name } }
      ?? (parts.count == 1 ? parts.first : nil)
    guard let part = found else {
      problems.add(
        Diagnostic(
          .error,
          "soap:header names the part \"\(wanted ?? "")\", which the message \(message.name.local) does not have",
          file: binding.file.displayPath, line: header.line))
      return nil
    }
    if message.name == own.name, let name = part.attribute("name") { elsewhere.insert(name) }
    return bound(self.part(part, in: message, &problems), by: header)
  }

  /// A header or fault part as its own binding element puts it into the envelope (WSDL 1.1 §3.6, §3.7).
  private func bound(_ part: WSDLPart?, by element: XMLElement?) -> WSDLPart? {
    guard var part else { return nil }
    part.isEncoded = element?.attribute("use") == "encoded"
    part.namespace = element?.attribute("namespace") ?? ""
    return part
  }

  // MARK: - Faults

  private var faults: [WSDLFault] {
    var faults: [WSDLFault] = []
    for fault in abstract.children(WSDLNames.namespace, "fault") {
      let faultName = fault.attribute("name") ?? ""
      // What is wrong with a fault is told, but keeps no call from being made: its detail is then
      // read as it comes.
      var ownProblems = Problems(operation: name, log: log)
      guard
        let message = messageDefinition(
          fault.attribute("message"), at: fault, in: abstractFile, &ownProblems)
      else { continue }
      let parts = message.element.children(WSDLNames.namespace, "part")
      // WSDL 1.1 §3.6: a fault message has one part.
      guard let only = parts.first else { continue }
      if parts.count > 1 {
        log.add(
          .warning, "the fault message \(message.name.local) has several parts; the first is used",
          at: message.element, in: message.file)
      }
      let concrete = bound.children(WSDLNames.namespace, "fault").first {
        $0.attribute("name") == faultName
      }
      let carrier = concrete?.children.first {
        $0.hasLocalName("fault") && !$0.hasNamespace(WSDLNames.namespace)
      }
      if let part = bound(part(only, in: message, &ownProblems), by: carrier), ownProblems.isEmpty {
        faults.append(WSDLFault(name: faultName, part: part))
      }
    }
    return faults
  }

  // MARK: - Parts

  private func part(
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
      problems.add(
        Diagnostic(
          .error,
          "the part \"\(name)\" of the message \(message.name.local) has neither element nor type",
          file: message.file.displayPath, line: part.line))
      return nil
    }
    guard let target = components.set.target(kind, reference, at: part, from: place) else {
      problems.add(unresolved(kind, reference, part, place, in: message))
      return nil
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

  private func unresolved(
    _ kind: ComponentKind, _ reference: String, _ part: XMLElement, _ place: SchemaPlace,
    in message: WSDLReader.Definition
  ) -> Diagnostic {
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
    return Diagnostic(
      .error,
      "\(kind.word)=\"\(reference)\" of the part \"\(part.attribute("name") ?? "")\" of the message \(message.name.local) leads to no \(kind.word)"
        + (name.map { " \($0)" } ?? ""),
      file: message.file.displayPath, line: part.line, hint: hint)
  }
}

/// What keeps one operation from working.
struct Problems {
  let operation: String
  let log: DiagnosticLog
  private var positions: [Int] = []

  init(operation: String, log: DiagnosticLog) {
    self.operation = operation
    self.log = log
  }

  var isEmpty: Bool { positions.isEmpty }

  var texts: [String] { positions.map { log.diagnostics[$0].message } }

  mutating func add(_ diagnostic: Diagnostic) { add(log.add(diagnostic)) }

  /// Adds a finding that is already on the log.
  mutating func add(_ position: Int) {
    guard !positions.contains(position) else { return }
    positions.append(position)
    log.concern(operation, position)
  }
}

/// Where a bound message's parts go: the elements of its binding, also those inside a MIME package
/// (WSDL 1.1 §5.3).
struct Carried {
  private(set) var body: XMLElement?
  private(set) var headers: [XMLElement] = []
  private(set) var contents: [XMLElement] = []

  init(_ message: XMLElement?) {
    guard let message else { return }
    collect(message, isPackage: false)
  }

  private mutating func collect(_ holder: XMLElement, isPackage: Bool) {
    for child in holder.children where !child.hasNamespace(WSDLNames.namespace) {
      if child.hasNamespace(WSDLNames.mime) {
        switch child.localName {
        case "multipartRelated":
          for part in child.children(WSDLNames.mime, "part") { collect(part, isPackage: true) }
        case "content" where isPackage: contents.append(child)
        default: continue
        }
      } else if child.hasLocalName("body") {
        body = body ?? child
      } else if child.hasLocalName("header") {
        headers.append(child)
      }
    }
  }
}
