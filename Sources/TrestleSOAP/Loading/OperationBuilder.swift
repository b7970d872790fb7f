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

  var log: DiagnosticLog { binding.log }
  var reader: WSDLReader { binding.builder.reader }

  func operation() -> WSDLOperation {
    var problems = Problems(operation: name, log: log)
    let details = bound.children.first {
      $0.hasLocalName("operation") && !$0.hasNamespace(WSDLNames.namespace)
    }
    let style = details?.attribute("style").flatMap { WSDLOperation.Style(rawValue: $0) }
    let input = message("input", &problems)
    let output = message("output", &problems)
    for message in [input, output] {
      requireNames(message, style: style ?? self.style, &problems)
    }
    if input == nil, output == nil, problems.isEmpty {
      problems.add(
        Diagnostic(
          .warning, "the operation \(wireName) has neither input nor output and is left out",
          file: abstractFile.displayPath, line: abstract.line))
    }
    return WSDLOperation(
      name: name, wireName: wireName,
      documentation: abstract.wsdlDocumentation
        ?? bound.wsdlDocumentation,
      action: details?.attribute("soapAction"), style: style ?? self.style, input: input,
      output: output,
      faults: faults, location: details?.attribute("location"),
      problems: problems.texts, exchange: exchange)
  }

  /// WSDL 1.1 §2.4: the order of input and output says who sends first.
  private var exchange: WSDLOperation.Exchange {
    let words = abstract.children.filter { $0.hasNamespace(WSDLNames.namespace) }.map(\.localName)
    switch (words.firstIndex(of: "input"), words.firstIndex(of: "output")) {
    case (let input?, let output?): return input < output ? .requestResponse : .solicitResponse
    case (_?, nil): return .oneWay
    default: return .notification
    }
  }

  /// A message whose elements have names that XML does not have (Namespaces in XML 1.0 §3) can be
  /// written by nobody.
  private func requireNames(
    _ message: WSDLMessage?, style: WSDLOperation.Style, _ problems: inout Problems
  ) {
    guard let message else { return }
    var names = message.headers.map(\.elementName)
    switch style {
    case .rpc: names += [wireName] + message.body.map(\.name)
    case .document: names += message.body.map(\.elementName)
    }
    for name in names where !XMLNameRules.isLocalName(name) {
      problems.add(
        Diagnostic(
          .error,
          "the message \(message.name.local) of the operation \"\(wireName)\" has an element called \"\(name)\", which is no name XML has",
          file: abstractFile.displayPath, line: abstract.line,
          hint: "names of rpc operations, of parts and of elements are names of XML"))
    }
  }

  // MARK: - Messages

  private func message(_ word: StaticString, _ problems: inout Problems) -> WSDLMessage? {
    guard let abstractMessage = abstract.child(WSDLNames.namespace, word) else { return nil }
    let concrete = bound.child(WSDLNames.namespace, word)
    let carried = Carried(concrete)
    guard
      let definition = messageDefinition(
        abstractMessage.attribute("message"), at: abstractMessage, in: abstractFile, &problems,
        severity: nil)
    else {
      // What is called, and where, is known all the same.
      return WSDLMessage(
        name: QualifiedName("", ""), isEncoded: carried.body?.attribute("use") == "encoded",
        namespace: carried.body?.attribute("namespace") ?? "", body: [], form: carried.form)
    }
    let parts = definition.element.children(WSDLNames.namespace, "part")
    var message = WSDLMessage(
      name: definition.name, isEncoded: carried.body?.attribute("use") == "encoded",
      namespace: carried.body?.attribute("namespace") ?? "", body: [], form: carried.form)
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

  /// The definition that a reference leads to; nil, once told, when there is none. Without a severity
  /// nothing is spoiled by it.
  private func messageDefinition(
    _ reference: String?, at element: XMLElement, in file: ContractFile,
    _ problems: inout Problems, severity: Diagnostic.Severity? = .error
  ) -> WSDLReader.Definition? {
    if let reference,
      let found = reader.definition(.message, reference, at: element, in: file)
    {
      return found
    }
    let local = reference?.split(separator: ":").last.map(String.init) ?? ""
    let diagnostic = Diagnostic(
      severity ?? .warning,
      "\(element.localName) names the message \"\(reference ?? "")\", which is not defined"
        + (severity == nil ? "; it is taken to have no parts" : ""),
      file: file.displayPath, line: element.line,
      hint: Suggestion.nearest(to: local, among: reader.all(.message).map(\.name.local)).map {
        "did you mean \"\($0)\"?"
      })
    if severity == nil { log.add(diagnostic) } else { problems.add(diagnostic) }
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
          fault.attribute("message"), at: fault, in: abstractFile, &ownProblems,
          severity: .warning)
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
      if let part = bound(part(only, in: message, &ownProblems), by: carrier), ownProblems.isEmpty,
        XMLNameRules.isLocalName(part.elementName)
      {
        faults.append(WSDLFault(name: faultName, part: part))
      }
    }
    return faults
  }
}

/// What keeps one operation from working.
struct Problems {
  let operation: String
  let log: DiagnosticLog
  private(set) var positions: [Int] = []

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
