import Testing
import TrestleCore

@testable import TrestleXML

@Suite("Declarations that say what is known")
struct XMLPlainDeclarationTests {
  private func length(_ text: String) -> Int {
    Array(text.utf8).withUnsafeBufferPointer { XMLPlainDeclaration.length(in: $0) }
  }

  @Test(
    "version 1.0 and UTF-8 are plain, in quotes of either kind",
    arguments: [
      #"<?xml version="1.0"?>"#, #"<?xml version='1.0'?>"#,
      #"<?xml version="1.0" encoding="UTF-8"?>"#, #"<?xml version='1.0' encoding='utf-8'?>"#,
    ])
  func plain(_ declaration: String) {
    #expect(length(declaration + "<a/>") == declaration.utf8.count)
    #expect(length(declaration + "\r\n <a/>") == declaration.utf8.count)
    // What follows is no document's rest.
    #expect(length(declaration) == 0)
    #expect(length(declaration + declaration + "<a/>") == 0)
    #expect(length(declaration + "\u{FEFF}<a/>") == 0)
    #expect(length(declaration + "x<a/>") == 0)
  }

  @Test(
    "all others are read",
    arguments: [
      #"<?xml version="1.1"?>"#, #"<?xml version="1.0" encoding="ISO-8859-1"?>"#,
      #"<?xml version="1.0" standalone="yes"?>"#, #"<?xml  version="1.0"?>"#,
      #"<?xml version="1.0'?>"#, #"<?xml version="1.0" encoding="UTF-16"?>"#,
      #"<?xml version="1.0" ?>"#, "<?xml version=\"1.0\"", "<?xml", "<", "",
    ])
  func others(_ declaration: String) { #expect(length(declaration + "<a/>") == 0) }

  private final class Counter: XMLEventHandler {
    let outcome = XMLHandlerOutcome()
    var names: [Int] = []

    func startElement(_ element: borrowing XMLStartElement) { names.append(element.attributeCount) }
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func endElement() {}
  }

  private func read(_ text: String) -> (elements: Int, error: CodecError?) {
    let counter = Counter()
    do throws(CodecError) {
      try XMLEventReader(symbols: XMLSymbolTable()).read(Array(text.utf8), into: counter)
      return (counter.names.count, nil)
    } catch {
      return (counter.names.count, error)
    }
  }

  @Test("mistakes behind it are told at the place that the whole text has them")
  func places() {
    let plain = #"<?xml version="1.0" encoding="UTF-8"?>"#
    // Of the same length, and read by the parser.
    let other = #"<?xml version="1.0" encoding='Utf-8'?>"#
    for rest in [
      "<a><b></a>", "\n<a>\n  <b x=1/></a>", "<a/><b/>", "<a>&x;</a>", "\u{FEFF}<a/>", "",
    ] {
      let error = read(plain + rest).error
      #expect(error != nil, "\(rest)")
      #expect(error?.line == read(other + rest).error?.line, "\(rest)")
      #expect(error?.column == read(other + rest).error?.column, "\(rest)")
      #expect(error?.reason == read(other + rest).error?.reason, "\(rest)")
    }
    #expect(read(plain + plain + "<a/>").error != nil)
    #expect(read(plain + "<?xml version='1.0' encoding='UTF-16'?><a/>").error != nil)
    #expect(read(plain + " <!-- c --> <a><b/></a>").elements == 2)
  }
}
