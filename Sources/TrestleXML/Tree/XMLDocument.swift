internal import CLibXML2

/// A document as a tree, for what needs to look around in it: contracts, XPath, comparison.
///
/// Messages on the hot path are read with `XMLEventReader` instead.
// Immutable once parsed: nothing of ours, and none of the libxml2 functions called on it, writes to
// the tree (prefix `xml`, for which xmlSearchNs would, is answered without it).
package final class XMLDocument: @unchecked Sendable {
  /// What the document holds that is wrong but did not keep it from being read: undeclared prefixes.
  package let problems: [XMLFailure]
  let pointer: xmlDocPtr

  /// Parses a document.
  ///
  /// Under `XMLLimits.contract` a DOCTYPE is tolerated (its external subset is never read), every
  /// encoding libxml2 knows is taken, and white space between elements is left out of the tree.
  ///
  /// - Throws: `XMLFailure` with line and column.
  package init(
    _ bytes: [UInt8], charset: String? = nil, limits: XMLLimits = .message
  ) throws(XMLFailure) {
    let parsed: Result<(xmlDocPtr, [XMLFailure]), XMLFailure> = bytes.withUnsafeBufferPointer {
      buffer in
      do throws(XMLFailure) {
        return .success(try XMLTreeParser.parse(buffer, charset: charset, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    (pointer, problems) = try parsed.get()
  }

  deinit { xmlFreeDoc(pointer) }

  /// The document element.
  package var root: XMLElement {
    // A document without an element is not well-formed, so the parser never gives one.
    guard let node = xmlDocGetRootElement(pointer) else {
      preconditionFailure("a parsed document has a root element")
    }
    return XMLElement(document: self, node: node)
  }
}
