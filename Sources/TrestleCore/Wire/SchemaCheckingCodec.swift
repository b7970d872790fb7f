/// A codec that can hold messages, as bytes, against the schemas of its own contract.
///
/// Reading and writing by a contract already keeps to its shape; this is the second opinion of a
/// schema processor that knows nothing of our plans.
public protocol SchemaCheckingCodec: Codec {
  /// The same codec, which refuses to write calls, and to read calls and replies, that its contract's
  /// schemas do not allow.
  ///
  /// Compiling the schemas may take seconds: make one and keep it.
  ///
  /// - Throws: `CodecError` when the schemas cannot be compiled.
  func checkingSchemas() throws(CodecError) -> any Codec
}
