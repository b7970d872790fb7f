internal import TrestleXML

/// Hands the parser's events to the machine.
final class XMLRPCDecoder: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  /// Comments and CDATA sections are XML's and the spec is silent on them: strict mode takes them, and
  /// only lenient mode has warnings to tell of them.
  let observesSections: Bool
  /// Behind a pointer of its own: a class's variable costs a check of exclusive access at run time,
  /// at every event. Owned here alone; the reader calls one event at a time.
  private let state: UnsafeMutablePointer<XMLRPCMachine>

  init(options: XMLRPCReadingOptions) {
    observesSections = !options.isStrict
    state = .allocate(capacity: 1)
    state.initialize(to: XMLRPCMachine(options: options, outcome: outcome))
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  var machine: XMLRPCMachine {
    get { state.pointee }
    _modify { yield &state.pointee }
  }

  func startElement(_ element: borrowing XMLStartElement) { state.pointee.startElement(element) }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { state.pointee.text(bytes) }

  func endElement() { state.pointee.endElement() }

  func comment() { state.pointee.comment() }

  func characterData() { state.pointee.characterData() }
}
