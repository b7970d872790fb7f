package import TrestleCore
internal import TrestleXML

/// Writes XML-RPC documents, put together from segments that libxml2 built.
package struct XMLRPCWriter: Sendable {
  package let options: XMLRPCWritingOptions

  package init(_ options: XMLRPCWritingOptions = XMLRPCWritingOptions()) {
    self.options = options
  }

  /// A parameter as it goes on the wire.
  package struct Parameter: Sendable {
    let value: Value
    let type: XMLRPCType
    /// The name in errors; nil tells the position.
    let name: String?

    package init(_ value: Value, as type: XMLRPCType = .any, name: String? = nil) {
      self.value = value
      self.type = type
      self.name = name
    }
  }

  /// Writes a call.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written (`params[2].size`).
  package func call(
    method: String, parameters: [Parameter]
  ) throws(CodecError) -> [UInt8] {
    var output = XMLRPCOutput(options)
    output.append(output.segments.callOpen)
    do throws(CodecError) {
      try check(methodName: method)
      try output.write(text: method)
    } catch {
      throw error.inside("methodName")
    }
    output.append(output.segments.callParams)
    for (index, parameter) in parameters.enumerated() {
      output.append(output.segments.paramOpen)
      do throws(CodecError) {
        try output.write(parameter.value, as: parameter.type)
      } catch {
        throw error.inside(parameter.name ?? "params[\(index)]")
      }
      output.append(output.segments.paramClose)
    }
    output.append(output.segments.callClose)
    return finished(output)
  }

  private func check(methodName name: String) throws(CodecError) {
    guard !name.isEmpty else { throw CodecError(reason: "is empty: a call names its method") }
    guard options.dialect == .strict, !name.utf8.allSatisfy(XMLRPCLexical.isIdentifierCharacter)
    else { return }
    throw CodecError(
      reason:
        "is \(XMLRPCLexical.excerpt(name.utf8)), which has characters that the spec does not allow",
      hint: "names have A-Z, a-z, 0-9, _ . : and /; dialect: i8 takes others")
  }

  /// Writes a response.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written.
  package func response(_ value: Value, as type: XMLRPCType = .any) throws(CodecError) -> [UInt8] {
    var output = XMLRPCOutput(options)
    output.append(output.segments.responseOpen)
    try output.write(value, as: type)
    output.append(output.segments.responseClose)
    return finished(output)
  }

  /// Writes a response whose value stands in a shape.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written.
  func response(
    _ value: Value, as type: XMLRPCType, in shape: ResultShape
  ) throws(CodecError) -> [UInt8] {
    var output = XMLRPCOutput(options)
    output.append(output.segments.responseOpen)
    try output.write(value, as: type, in: shape.root)
    output.append(output.segments.responseClose)
    return finished(output)
  }

  /// Writes a fault. Characters that XML cannot carry are replaced whatever the options say: a fault
  /// is never lost over its words.
  package func fault(code: Int32, message: String) -> [UInt8] {
    var output = XMLRPCOutput(options)
    output.append(output.segments.faultOpen)
    output.writeFault(code: code, message: message)
    output.append(output.segments.faultClose)
    return finished(output)
  }

  func finished(_ output: XMLRPCOutput) -> [UInt8] {
    switch options.encoding {
    case .utf8: output.bytes
    case .ascii: NumericReferences.escape(output.bytes, keepsLatin1: false)
    case .latin1: NumericReferences.escape(output.bytes, keepsLatin1: true)
    }
  }
}
