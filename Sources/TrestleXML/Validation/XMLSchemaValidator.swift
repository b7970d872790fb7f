internal import CLibXML2
internal import Synchronization

/// Something a document has against its schema.
package struct XMLSchemaProblem: Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, in libxml2's words, with names as `{namespace}local`.
  package let message: String
  /// The line of the element, from 1; nil when unknown.
  package let line: Int?

  package init(message: String, line: Int?) {
    self.message = message
    self.line = line
  }

  package var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// Why schemas are none that documents can be validated against.
package struct XMLSchemaError: Error, Sendable, CustomStringConvertible {
  /// All that libxml2 has against them, at least one.
  package let problems: [XMLSchemaProblem]

  package var description: String {
    problems.first?.description ?? "libxml2 does not take the schemas"
  }
}

/// Validates documents against schemas given as bytes; nothing else is ever opened.
package final class XMLSchemaValidator: Sendable {
  /// A compiled schema. libxml2 keeps state in it while it validates, so the lock around it is held
  /// for the length of a validation: only one thread is ever inside.
  private struct Compiled: @unchecked Sendable {
    let pointer: xmlSchemaPtr
  }

  private let schema: Mutex<Compiled>

  /// Compiles schemas.
  ///
  /// `documents` are the schema files by name; `schemaLocation`s among them are such names.
  ///
  /// - Throws: `XMLSchemaError` with what libxml2 has against the schemas.
  package init(documents: [String: [UInt8]], main: String) throws(XMLSchemaError) {
    _ = XMLLibrary.isReady
    let collector = SchemaErrorCollector()
    let compiled = XMLSchemaSources.withDocuments(documents) { base -> xmlSchemaPtr? in
      guard let context = xmlSchemaNewParserCtxt(base + main) else { return nil }
      defer { xmlSchemaFreeParserCtxt(context) }
      xmlSchemaSetParserStructuredErrors(
        context, collectSchemaError, Unmanaged.passUnretained(collector).toOpaque())
      return withExtendedLifetime(collector) { xmlSchemaParse(context) }
    }
    guard let compiled else { throw XMLSchemaError(problems: collector.problems) }
    schema = Mutex(Compiled(pointer: compiled))
  }

  deinit { schema.withLock { xmlSchemaFree($0.pointer) } }

  /// What an element and all it holds have against the schemas; empty when it is valid.
  package func problems(in element: XMLElement) -> [XMLSchemaProblem] {
    let collector = SchemaErrorCollector()
    schema.withLock { compiled in
      guard let context = xmlSchemaNewValidCtxt(compiled.pointer) else { return }
      defer { xmlSchemaFreeValidCtxt(context) }
      xmlSchemaSetValidStructuredErrors(
        context, collectSchemaError, Unmanaged.passUnretained(collector).toOpaque())
      let result = withExtendedLifetime((collector, element.document)) {
        xmlSchemaValidateOneElement(context, element.node)
      }
      if result != 0, collector.problems.isEmpty {
        collector.problems.append(
          XMLSchemaProblem(message: "libxml2 cannot validate this (code \(result))", line: nil))
      }
    }
    return collector.problems
  }
}

private final class SchemaErrorCollector {
  var problems: [XMLSchemaProblem] = []
}

private func collectSchemaError(
  _ data: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<xmlError>?
) {
  guard let data, let error, error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
  let collector = Unmanaged<SchemaErrorCollector>.fromOpaque(data).takeUnretainedValue()
  // A broken list of a million items would otherwise be told a million times.
  guard collector.problems.count < 100 else { return }
  let message = error.pointee.message.map { String(cString: $0).trimmingXMLSpace() } ?? "invalid"
  collector.problems.append(
    XMLSchemaProblem(
      message: message, line: error.pointee.line > 0 ? Int(error.pointee.line) : nil))
}
