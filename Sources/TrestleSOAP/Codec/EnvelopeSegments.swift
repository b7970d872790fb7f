internal import TrestleXML

/// The fixed parts of an envelope, built by libxml2 when the codec is made.
struct EnvelopeSegments: Sendable {
  /// The XML declaration and `<soap:Envelope …>`.
  let start: [UInt8]
  let header: XMLTagSegments
  let body: XMLTagSegments
  /// `</soap:Body></soap:Envelope>`
  let end: [UInt8]
  /// ` soap:encodingStyle="…"`, the version's own encoding.
  let encodingStyle: [UInt8]
  /// The element that names the result of an rpc reply (SOAP 1.2 part 2 §4.2.1).
  let result: XMLTagSegments

  init(_ version: SOAPVersion) {
    let envelope = XMLTagSegments(
      "soap:Envelope", attributes: [("xmlns:soap", version.namespace)])
    header = XMLTagSegments("soap:Header")
    body = XMLTagSegments("soap:Body")
    start = (XMLWriter(declaration: true)?.bytes ?? []) + envelope.open
    end = body.close + envelope.close
    encodingStyle = Array(
      XMLTagSegments(
        "x", attributes: [("soap:encodingStyle", EncodingNamespaces.of(version))]
      ).head.dropFirst(2))
    result = XMLTagSegments(
      "rpc:result", attributes: [("xmlns:rpc", EncodingNamespaces.rpc12)])
  }

  static func all() -> [SOAPVersion: EnvelopeSegments] {
    [.soap11: EnvelopeSegments(.soap11), .soap12: EnvelopeSegments(.soap12)]
  }
}

/// The fixed parts of a Fault.
enum FaultSegments {
  static let open = XMLTagSegments("soap:Fault").open
  static let close = XMLTagSegments("soap:Fault").close
  static let faultcode = XMLTagSegments("faultcode")
  static let faultstring = XMLTagSegments("faultstring")
  static let faultactor = XMLTagSegments("faultactor")
  static let detail = XMLTagSegments("detail")
  static let value = XMLTagSegments("soap:Value")
  static let text = XMLTagSegments("soap:Text")
  static let role = XMLTagSegments("soap:Role")
  static let code = XMLTagSegments("soap:Code")
  static let subcode = XMLTagSegments("soap:Subcode")
  static let reason = XMLTagSegments("soap:Reason")
  static let detail12 = XMLTagSegments("soap:Detail")
}
