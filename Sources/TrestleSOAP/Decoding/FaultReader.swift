internal import TrestleCore
internal import TrestleXML

/// Collects the parts of a Fault element of either version (SOAP 1.1 §4.4, SOAP 1.2 part 1 §5.4).
struct FaultReader {
  var detail: Value = .null
  /// The language of the Text being read.
  var language: String?
  private var codes: [String] = []
  private var message: String?
  private var messageLanguage: String?
  private var translations: Record = [:]
  private var actor: String?

  /// Takes the text of one part by its local name.
  mutating func take(_ part: String, text: String, name: QualifiedName?, envelope: String) {
    switch part {
    case "faultcode", "Value": codes.append(Self.code(text, name: name, envelope: envelope))
    case "faultstring": message = message ?? text
    case "Text": takeReason(text)
    case "faultactor", "Role": actor = text.trimmingXMLSpace()
    default: break
    }
  }

  /// SOAP 1.2 part 1 §5.4.2: one Text for each language; the first is the message.
  private mutating func takeReason(_ text: String) {
    if message == nil {
      message = text
      messageLanguage = language
    } else if let language, translations[language] == nil, language != messageLanguage {
      translations[language] = .string(text)
    }
  }

  /// The protocol's own codes by their local name, others with their namespace.
  private static func code(_ text: String, name: QualifiedName?, envelope: String) -> String {
    let trimmed = text.trimmingXMLSpace()
    guard let name, trimmed.contains(":") else { return trimmed }
    return name.namespace == envelope ? name.local : name.description
  }

  func fault(version: SOAPVersion) -> Fault {
    var fault = Fault(
      code: codes.first ?? version.serviceCode, message: message ?? "",
      subcodes: Array(codes.dropFirst()), actor: actor, detail: detail)
    fault.language = messageLanguage
    fault.translations = translations
    return fault
  }
}
