internal import TrestleCore

extension XMLRPCCodec {
  /// A fault as a document.
  func fault(_ fault: Fault, answering call: Call) -> [UInt8] {
    let (code, message) = wireFault(fault, answering: call)
    return writer.fault(code: code, message: message)
  }

  /// A fault's `faultCode` and `faultString`.
  ///
  /// A number stands for itself. A word is the name of a declared fault, or another protocol's word
  /// for the caller or the service; else the code is -32500, an application's error, and the word
  /// stands before the message. A mock that has no answer says -32601 where the method is unknown.
  func wireFault(_ fault: Fault, answering call: Call) -> (code: Int32, message: String) {
    var message = fault.message
    // "A fault may not contain other members": what is known beside the message joins it.
    if !fault.detail.isNull {
      message += (message.isEmpty ? "" : " ") + JSONWriter.text(fault.detail)
    }
    if let number = XMLRPCFaultCode.number(of: fault.code) { return (number, message) }
    if fault.isUnmatched { return (methods[call.operation] == nil ? -32601 : -32500, message) }
    let declared = methods[call.operation]?.faults.first { $0.name == fault.code }
    if let declared {
      return (declared.code, message.isEmpty ? declared.message ?? "" : message)
    }
    if let number = XMLRPCFaultCode.number(forWord: fault.code) { return (number, message) }
    return (-32500, fault.code.isEmpty ? message : "\(fault.code): \(message)")
  }

  /// Why a response cannot be read: the reader's word where there was an XML-RPC response to read,
  /// else what came instead.
  static func unreadable(_ response: WireResponse, _ error: CodecError) -> CodecError {
    let status = "HTTP \(response.status)"
    var error = error
    guard !response.body.allSatisfy(\.isXMLSpaceByte) else {
      error.reason = "expects an XML-RPC response, found \(status) with an empty body"
      error.hint = hint(for: response.status)
      error.line = nil
      error.column = nil
      return error
    }
    let text = String(decoding: response.body.prefix(4096), as: UTF8.self)
    guard response.status != 200 || !text.contains("<methodResponse") else { return error }
    let type = response.headers["Content-Type"].map { ", \($0)" } ?? ""
    let shown = XMLRPCLexical.excerpt(response.body, limit: 200)
    error.hint = hint(for: response.status)
    error.reason = "expects an XML-RPC response (\(error.reason)), found \(status)\(type): \(shown)"
    return error
  }

  static func hint(for status: Int) -> String? {
    switch status {
    case 401, 403: "the service wants other credentials"
    case 404: "check the endpoint's path, which is often /RPC2"
    case 405: "the endpoint takes no POST: check its path"
    default: nil
    }
  }
}

extension UInt8 {
  fileprivate var isXMLSpaceByte: Bool {
    self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09
  }
}
