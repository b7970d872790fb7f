package import TrestleCore
internal import TrestleXML

/// Reads XML-RPC documents.
///
/// Lenient unless told otherwise: what is not as the spec says but has a plain meaning is read, and
/// each such thing adds a warning with its place. The strict mode is a flag on the same code.
package struct XMLRPCReader: Sendable {
  private let options: XMLRPCReadingOptions
  private let limits: XMLLimits

  package init(_ options: XMLRPCReadingOptions = XMLRPCReadingOptions()) {
    self.options = options
    var limits = XMLLimits.message
    limits.maximumDepth = Self.maximumDepth
    limits.toleratesUndeclaredPrefixes = !options.isStrict
    self.limits = limits
  }

  /// A level of arrays or structs takes three elements: the limit leaves room for forty levels.
  static let maximumDepth = 128

  /// Reads one document; `charset` is the transport's word on its encoding.
  ///
  /// - Throws: `CodecError` with one of the fault codes of `XMLRPCFaultCode` for whatever is no call,
  ///   response or fault.
  package func read(_ bytes: [UInt8], charset: String? = nil) throws(CodecError) -> XMLRPCDocument {
    let decoder = XMLRPCDecoder(options: options)
    do throws(CodecError) {
      return try decode(bytes, charset: charset, with: decoder)
    } catch {
      // Once the root was seen, what the decoder refuses no mending of the text can help.
      guard decoder.failure == nil || !decoder.machine.hasRoot else { throw error }
      if !options.isStrict,
        let mended = MendedText(bytes, charset: charset, characters: options.invalidCharacters)
      {
        let second = XMLRPCDecoder(options: options)
        second.machine.warnings = mended.warnings
        return try decode(mended.bytes, charset: "utf-8", with: second)
      }
      throw Self.coded(error, bytes, charset: charset)
    }
  }

  private func decode(
    _ bytes: [UInt8], charset: String?, with decoder: XMLRPCDecoder
  ) throws(CodecError) -> XMLRPCDocument {
    try XMLRPCSymbols.readers.withReader { (reader: XMLEventReader) throws(CodecError) in
      decoder.machine.reader = reader
      defer { decoder.machine.reader = nil }
      try reader.read(bytes, charset: charset, limits: limits, into: decoder)
    }
    guard let message = decoder.machine.message else {
      throw CodecError(
        reason: "expects <methodCall> or <methodResponse>", code: XMLRPCFaultCode.notConforming)
    }
    return XMLRPCDocument(message: message, warnings: decoder.machine.allWarnings)
  }

  /// A parser's error with the interop set's code for it.
  private static func coded(
    _ error: CodecError, _ bytes: [UInt8], charset: String?
  ) -> CodecError {
    guard error.code == nil else { return error }
    let isEncoding = bytes.withUnsafeBufferPointer { buffer in
      do throws(XMLFailure) {
        _ = try XMLEncoding.transcoded(buffer, charset: charset)
        return false
      } catch {
        return true
      }
    }
    var error = error
    error.code = isEncoding ? XMLRPCFaultCode.unsupportedEncoding : XMLRPCFaultCode.notWellFormed
    return error
  }
}
