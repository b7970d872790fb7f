internal import CLibXML2
internal import Synchronization

/// The only documents that libxml2 may open by name: those registered here as bytes.
///
/// libxml2 has one entity loader for the process. Ours knows no files and no network; it serves what
/// is registered at the moment, under names that no two registrations share.
enum XMLSchemaSources {
  private static let registered = Mutex<[String: [UInt8]]>([:])
  private static let counter = Atomic<Int>(0)

  /// Runs the body while documents can be opened under the base it is given: `base + name`.
  static func withDocuments<Result, Failure: Error>(
    _ documents: [String: [UInt8]], _ body: (_ base: String) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let number = counter.add(1, ordering: .relaxed).newValue
    let base = "trestle-schema:/\(number)/"
    registered.withLock { known in
      for (name, bytes) in documents { known[base + name] = bytes }
    }
    defer {
      registered.withLock { known in
        for name in documents.keys { known[base + name] = nil }
      }
    }
    return try body(base)
  }

  /// Closes libxml2's own ways to files and the network, for the whole process.
  static func install() {
    xmlSetExternalEntityLoader { address, _, context in
      guard let address, let context else { return nil }
      return XMLSchemaSources.open(String(cString: address), for: context)
    }
  }

  private static func open(
    _ address: String, for context: xmlParserCtxtPtr
  ) -> xmlParserInputPtr? {
    guard let bytes = registered.withLock({ $0[address] }), let count = Int32(exactly: bytes.count)
    else { return nil }
    let buffer = bytes.withUnsafeBytes { raw in
      raw.baseAddress.flatMap {
        xmlParserInputBufferCreateMem(
          $0.assumingMemoryBound(to: CChar.self), count, XML_CHAR_ENCODING_NONE)
      }
    }
    guard let buffer else { return nil }
    guard let input = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE) else {
      xmlFreeParserInputBuffer(buffer)
      return nil
    }
    // Relative locations are resolved against this name.
    input.pointee.filename = address.withCString { text in
      text.withMemoryRebound(to: UInt8.self, capacity: address.utf8.count + 1) { xmlStrdup($0) }
    }.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
    return input
  }
}
