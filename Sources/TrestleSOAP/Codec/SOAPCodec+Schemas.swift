public import TrestleCore
internal import TrestleXML

extension SOAPCodec: SchemaCheckingCodec {
  /// The same codec with libxml2 validating every message's Body, headers and fault details.
  ///
  /// A system without a contract has nothing to check.
  ///
  /// - Throws: `CodecError` when libxml2 does not compile the contract's schemas.
  public func checkingSchemas() throws(CodecError) -> any Codec {
    guard let definitions else { return self }
    var checking = self
    do throws(XMLSchemaError) {
      checking.validator = try ContractValidator(definitions)
    } catch {
      throw CodecError(
        reason: "the contract's schemas cannot be checked: \(error.description)",
        hint: "libxml2 refuses some schemas that toolkits take; without the check they work")
    }
    return checking
  }

  /// - Throws: `CodecError` with the first of what the schemas have against a message.
  func requireValid(_ bytes: [UInt8], isCallerAtFault: Bool = true) throws(CodecError) {
    guard let validator else { return }
    let problems = try validator.problems(inEnvelope: bytes, limits: limits)
    guard let first = problems.first else { return }
    let rest = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    throw CodecError(
      reason: "the message breaks the contract's schemas: \(first.message)\(rest)",
      line: first.line, isCallerAtFault: isCallerAtFault)
  }
}
