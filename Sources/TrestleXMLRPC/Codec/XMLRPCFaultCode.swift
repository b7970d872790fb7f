internal import TrestleCore

/// Numbers for faults of our own, and for faults that name their cause by a word.
///
/// The numbers are the "Specification for Fault Code Interoperability", version 20010516.
package enum XMLRPCFaultCode {
  package static let notWellFormed = "-32700"
  package static let unsupportedEncoding = "-32701"
  package static let invalidCharacter = "-32702"
  package static let notConforming = "-32600"
  package static let methodNotFound = "-32601"
  package static let invalidParameters = "-32602"
  package static let internalError = "-32603"
  package static let applicationError = "-32500"

  /// Words of other protocols' faults, which stubs may use, by what they say.
  static func number(forWord word: String) -> Int32? {
    switch word.lowercased() {
    // SOAP 1.1 §4.4.1 and 1.2 part 1 §5.4.6: the caller's message is at fault, or the service is.
    case "client", "sender": -32602
    case "server", "receiver": -32500
    default: nil
    }
  }

  /// What a code of the reserved range means; nil for all others, which every service gives its own
  /// meaning.
  static func category(of code: String) -> FaultCategory? {
    switch code {
    case notWellFormed, unsupportedEncoding, invalidCharacter, notConforming, invalidParameters:
      .invalidArgument
    case methodNotFound: .unimplemented
    case internalError, "-32400": .internal
    case "-32300": .unavailable
    default: nil
    }
  }

  /// The number of a code that is written as one.
  static func number(of code: String) -> Int32? {
    code.first == "+" ? nil : Int32(code)
  }
}
