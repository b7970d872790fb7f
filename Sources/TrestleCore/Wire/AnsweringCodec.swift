/// A codec whose contract itself answers some calls: those that break it, and those whose client picks its answer.
package protocol AnsweringCodec: Codec {
  /// Whether it holds requests against the contract itself, so that nothing else need do it.
  var checksItsRequests: Bool { get }

  /// A responder that answers those calls and hands all others to the one given.
  func answering(_ responder: any Responder) -> any Responder
}
