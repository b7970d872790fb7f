internal import CLibXML2

/// libxml2's own set-up, once a process.
package enum XMLLibrary {
  /// Initialises libxml2 and closes its way to files and the network: every external entity, schema
  /// or DTD it might want is refused unless it was registered as bytes.
  ///
  /// The loader is process-global in libxml2; initialising a static is thread-safe in Swift.
  package static let isReady: Bool = {
    xmlInitParser()
    trestle_silencePrinting()
    XMLSchemaSources.install()
    // libxml2 fills its table of built-in types on first use, without a lock of its own.
    xmlSchemaInitTypes()
    return true
  }()

  /// The version of the library that is loaded: `2.9.14`.
  package static let version: String = {
    guard let text = trestle_xmlVersion() else { return "of an unknown version" }
    let digits = String(cString: text).prefix { $0.isNumber }
    guard let number = Int(digits) else { return String(cString: text) }
    return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
  }()
}
