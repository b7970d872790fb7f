package import TrestleCore
package import TrestleXML

/// Reads an envelope's events into values, by the plans of the elements it meets.
package final class EnvelopeReader: XMLEventHandler {
  /// Finds the plan of a Body child; nil reads it as its own shape says.
  package typealias RootLookup = (XMLSymbol, borrowing XMLStartElement) -> ElementPlan?

  /// What is known of header blocks and detail entries beside the contract's global elements.
  struct EntryLookup {
    /// Those of the whole contract.
    var entries: [QualifiedName: ElementPlan] = [:]
    /// Those of the operation whose answer is read: parts of several fault messages may have one name.
    var faults: [SOAPOperation.FaultPlan] = []

    /// The plan of an element by its name.
    func plan(_ name: QualifiedName) -> ElementPlan? {
      faults.first { $0.element.name == name }?.element ?? entries[name]
    }

    /// The member of a detail that an element is.
    func detailKey(_ name: QualifiedName) -> String {
      faults.first { $0.element.name == name }?.key ?? name.local
    }
  }

  package let outcome = XMLHandlerOutcome()
  /// Behind a pointer, so that no event pays for a check of exclusivity; owned by this reader alone.
  private let decoder: UnsafeMutablePointer<EnvelopeDecoder>

  init(
    context: PlanContext, reader: XMLEventReader, isStrict: Bool = false,
    mayBeEncoded: Bool = false, entryLookup: EntryLookup = EntryLookup(),
    rootLookup: @escaping RootLookup
  ) {
    decoder = .allocate(capacity: 1)
    decoder.initialize(
      to: EnvelopeDecoder(
        context: context, reader: reader, outcome: outcome, isStrict: isStrict,
        mayBeEncoded: mayBeEncoded, entryLookup: entryLookup, rootLookup: rootLookup))
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
  /// `budget` is how many elements it may stand for, those that are referred to counted each time.
  ///
  /// - Throws: `CodecError` when there was no whole envelope.
  package func finish(
    budget: Int = XMLLimits.message.maximumElements
  ) throws(CodecError) -> DecodedEnvelope {
    try decoder.pointee.finish(budget: budget)
  }
}
