package import TrestleCore
internal import TrestleXML

/// Reads XML-RPC documents.
///
/// Lenient unless told otherwise: what is not as the spec says but has a plain meaning is read, and
/// each such thing adds a warning with its place. The strict mode is a flag on the same code.
package struct XMLRPCReader: Sendable {
  package var options: XMLRPCReadingOptions {
    didSet { limits = Self.limits(options) }
  }
  private var limits: XMLLimits

  package init(_ options: XMLRPCReadingOptions = XMLRPCReadingOptions()) {
    self.options = options
    limits = Self.limits(options)
  }

  /// A level of arrays or structs takes three elements: the limit leaves room for forty levels.
  static let maximumDepth = 128

  /// A scalar takes two elements and a member four: as many for each megabyte as SOAP has for four
  /// would refuse lists of no great size.
  static let maximumElementsPerMegabyte = 62_500

  private static func limits(_ options: XMLRPCReadingOptions) -> XMLLimits {
    var limits = XMLLimits.message(megabytes: options.maximumMegabytes)
    limits.maximumDepth = maximumDepth
    limits.maximumElements = max(4, options.maximumMegabytes) * maximumElementsPerMegabyte
    limits.toleratesUndeclaredPrefixes = !options.isStrict
    return limits
  }

  /// Reads one document; `charset` is the transport's word on its encoding.
  ///
  /// - Throws: `CodecError` with one of the fault codes of `XMLRPCFaultCode` for whatever is no call,
  ///   response or fault.
  package func read(_ bytes: [UInt8], charset: String? = nil) throws(CodecError) -> XMLRPCDocument {
    let decoder = XMLRPCDecoder(options: options)
    let limits = self.limits
    do throws(CodecError) {
      return try decode(bytes, charset: charset, limits: limits, with: decoder)
    } catch {
      // Once the root was seen, what the decoder refuses no mending of the text can help.
      guard decoder.failure == nil || !decoder.machine.hasRoot else { throw error }
      if !options.isStrict, bytes.count <= limits.maximumBytes,
        let mended = try MendedText(
          bytes, charset: charset, characters: options.invalidCharacters)
      {
        return try read(mended, limits: limits)
      }
      throw Self.coded(error, bytes, charset: charset)
    }
  }

  private func read(_ mended: MendedText, limits: XMLLimits) throws(CodecError) -> XMLRPCDocument {
    let decoder = XMLRPCDecoder(options: options)
    decoder.machine.warnings = WarningList(mended.warnings)
    // A byte of a single-byte encoding is up to three in UTF-8.
    var limits = limits
    limits.maximumBytes *= 3
    limits.maximumTextBytes *= 3
    do throws(CodecError) {
      return try decode(mended.bytes, charset: "utf-8", limits: limits, with: decoder)
    } catch {
      throw Self.coded(error, mended.bytes, charset: "utf-8")
    }
  }

  private func decode(
    _ bytes: [UInt8], charset: String?, limits: XMLLimits, with decoder: XMLRPCDecoder
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
    let text: Result<[UInt8]?, XMLFailure> = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(XMLFailure) in try XMLEncoding.transcoded(buffer, charset: charset) }
    }
    var error = error
    error.code =
      switch text {
      case .failure(let failure) where failure.kind == .characters: XMLRPCFaultCode.invalidCharacter
      case .failure: XMLRPCFaultCode.unsupportedEncoding
      case .success(let text): code(ofMalformed: text ?? bytes)
      }
    return error
  }

  private static func code(ofMalformed text: [UInt8]) -> String {
    let holdsInvalid =
      String(validating: text, as: UTF8.self) == nil
      || CharacterMending(text, .error).characters.count > 0
    return holdsInvalid ? XMLRPCFaultCode.invalidCharacter : XMLRPCFaultCode.notWellFormed
  }
}
