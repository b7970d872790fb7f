public import TrestleCore

extension XMLRPCCodec {
  /// A request of XML that somebody wrote, as it is.
  public func request(withBody body: [UInt8], for call: Call) -> WireRequest {
    WireRequest(headers: ["Content-Type": "text/xml"], body: body)
  }
}
