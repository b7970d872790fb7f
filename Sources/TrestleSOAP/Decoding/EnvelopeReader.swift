package import TrestleCore
package import TrestleXML

/// Reads an envelope's events into values, by the plans of the elements it meets.
package final class EnvelopeReader: XMLEventHandler {
  /// Finds the plan of a Body child; nil reads it as its own shape says.
  package typealias RootLookup = (XMLSymbol, borrowing XMLStartElement) -> ElementPlan?

  /// Finds the plan of a header block or detail entry that no global declaration has.
  package typealias EntryLookup = (QualifiedName) -> ElementPlan?

  package let outcome = XMLHandlerOutcome()
  /// Behind a pointer, so that no event pays for a check of exclusivity; owned by this reader alone.
  private let decoder: UnsafeMutablePointer<EnvelopeDecoder>

  init(
    context: PlanContext, reader: XMLEventReader, isStrict: Bool = false,
    graph: MessageGraph? = nil, entryLookup: @escaping EntryLookup = { _ in nil },
    rootLookup: @escaping RootLookup
  ) {
    decoder = .allocate(capacity: 1)
    decoder.initialize(
      to: EnvelopeDecoder(
        context: context, reader: reader, outcome: outcome, isStrict: isStrict,
        graph: graph, entryLookup: entryLookup, rootLookup: rootLookup))
  }

  deinit {
    decoder.deinitialize(count: 1)
    decoder.deallocate()
  }

  package func startElement(_ element: borrowing XMLStartElement) {
    decoder.pointee.startElement(element)
  }
  package func endElement() { decoder.pointee.endElement() }
  package func text(_ bytes: UnsafeBufferPointer<UInt8>) { decoder.pointee.text(bytes) }

  /// What was read, once the document has ended.
  ///
  /// - Throws: `CodecError` when there was no whole envelope.
  package func finish() throws(CodecError) -> DecodedEnvelope { try decoder.pointee.finish() }
}
