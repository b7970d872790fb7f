internal import TrestleXML

/// Where a bound message's parts go: the elements of its binding, also those inside a MIME package
/// (WSDL 1.1 §5.3).
struct Carried {
  private(set) var body: XMLElement?
  private(set) var headers: [XMLElement] = []
  /// Parts outside the envelope.
  private(set) var contents: [XMLElement] = []
  /// How an http binding carries the message.
  private(set) var form: WSDLMessage.Form?

  init(_ message: XMLElement?) {
    guard let message else { return }
    collect(message, isPackage: false)
  }

  private mutating func collect(_ holder: XMLElement, isPackage: Bool) {
    for child in holder.children where !child.hasNamespace(WSDLNames.namespace) {
      if child.hasNamespace(WSDLNames.mime) {
        switch child.localName {
        case "multipartRelated":
          for part in child.children(WSDLNames.mime, "part") { collect(part, isPackage: true) }
        case "content" where isPackage: contents.append(child)
        // WSDL 1.1 §5.4: several contents in one place are alternatives.
        case "content":
          form =
            form
            ?? .content(
              type: child.attribute("type") ?? "", part: child.attribute("part"))
        case "mimeXml": form = form ?? .content(type: "text/xml", part: child.attribute("part"))
        default: continue
        }
      } else if child.hasNamespace(WSDLNames.http) {
        switch child.localName {
        case "urlEncoded": form = .urlEncoded
        case "urlReplacement": form = .urlReplacement
        default: continue
        }
      } else if child.hasLocalName("body") {
        body = body ?? child
      } else if child.hasLocalName("header") {
        headers.append(child)
      }
    }
  }
}
