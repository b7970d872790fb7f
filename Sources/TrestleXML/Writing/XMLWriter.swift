internal import CLibXML2

/// Writes XML with libxml2's text writer. Codecs use it to build their segments at load; tests use it
/// as the plain writer that segments must agree with.
package final class XMLWriter {
  private let buffer: xmlBufferPtr
  private let writer: xmlTextWriterPtr
  private let skipped: Int

  /// Begins a document, or a fragment when `declaration` is false. Nil only when libxml2 has no memory.
  package init?(declaration: Bool = false) {
    _ = XMLLibrary.isReady
    guard let buffer = xmlBufferCreate() else { return nil }
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else {
      xmlBufferFree(buffer)
      return nil
    }
    self.buffer = buffer
    self.writer = writer
    // The declaration is written in any case: without it the writer does not know that the output is
    // UTF-8 and writes numeric references into attributes. A fragment leaves it out again.
    _ = xmlTextWriterStartDocument(writer, "1.0", "utf-8", nil)
    _ = xmlTextWriterFlush(writer)
    skipped = declaration ? 0 : Int(buffer.pointee.use)
  }

  deinit {
    xmlFreeTextWriter(writer)
    xmlBufferFree(buffer)
  }

  /// Opens an element by its name as it shall be written (`soap:Body`).
  package func startElement(_ name: String) { _ = xmlTextWriterStartElement(writer, name) }

  package func attribute(_ name: String, _ value: String) {
    _ = xmlTextWriterWriteAttribute(writer, name, value)
  }

  package func text(_ text: String) { _ = xmlTextWriterWriteString(writer, text) }

  /// Closes the innermost element: `<a/>` when it is empty.
  package func endElement() { _ = xmlTextWriterEndElement(writer) }

  /// Closes the innermost element with an end tag even when it is empty.
  package func fullEndElement() { _ = xmlTextWriterFullEndElement(writer) }

  /// What has been written so far.
  package var bytes: [UInt8] {
    _ = xmlTextWriterFlush(writer)
    let all = UnsafeBufferPointer(start: buffer.pointee.content, count: Int(buffer.pointee.use))
    return Array(all.dropFirst(skipped))
  }
}

/// The tags of one element, built by libxml2.
package struct XMLTagSegments: Sendable {
  /// `<a` with its attributes, still open for more attributes.
  package let head: [UInt8]
  /// `<a>`
  package let open: [UInt8]
  /// `</a>`
  package let close: [UInt8]
  /// `<a/>`
  package let empty: [UInt8]

  /// Builds the tags of an element by its name as written, with fixed attributes.
  ///
  /// Without attributes there is nothing to escape, so that the tags are put together here: a large
  /// contract has tens of thousands. They are the same, byte by byte.
  package init(_ name: String, attributes: [(String, String)] = []) {
    if attributes.isEmpty {
      self.init(plain: Array(name.utf8))
    } else {
      self.init(written: name, attributes: attributes)
    }
  }

  private init(plain name: [UInt8]) {
    head = [UInt8(ascii: "<")] + name
    open = head + [UInt8(ascii: ">")]
    close = [UInt8(ascii: "<"), UInt8(ascii: "/")] + name + [UInt8(ascii: ">")]
    empty = head + [UInt8(ascii: "/"), UInt8(ascii: ">")]
  }

  /// The same, by libxml2.
  init(written name: String, attributes: [(String, String)]) {
    var whole: [UInt8] = []
    var empty: [UInt8] = []
    if let writer = XMLWriter() {
      writer.startElement(name)
      for (attribute, value) in attributes { writer.attribute(attribute, value) }
      writer.fullEndElement()
      whole = writer.bytes
    }
    if let writer = XMLWriter() {
      writer.startElement(name)
      for (attribute, value) in attributes { writer.attribute(attribute, value) }
      writer.endElement()
      empty = writer.bytes
    }
    let closeCount = name.utf8.count + 3
    open = Array(whole.dropLast(closeCount))
    close = Array(whole.suffix(closeCount))
    head = Array(open.dropLast())
    self.empty = empty
  }
}
