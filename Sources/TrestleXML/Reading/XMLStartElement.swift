internal import CLibXML2

/// A start tag as libxml2 reports it. Valid only while the handler's `startElement` runs: its text
/// lies in the parser's memory.
package struct XMLStartElement: ~Copyable {
  private let localNamePointer: UnsafePointer<UInt8>
  private let namespacePointer: UnsafePointer<UInt8>?
  private let prefixPointer: UnsafePointer<UInt8>?
  private let attributePointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  private let namespacePointers: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  private let state: UnsafeMutablePointer<XMLReadState>
  /// The name's symbol in the reader's table, `.unknown` for a name it does not hold.
  package let symbol: XMLSymbol
  package let attributeCount: Int
  /// How many namespaces the tag itself declares.
  package let declarationCount: Int

  init(
    state: UnsafeMutablePointer<XMLReadState>, symbol: XMLSymbol, localName: UnsafePointer<UInt8>,
    prefix: UnsafePointer<UInt8>?, namespace: UnsafePointer<UInt8>?, declarationCount: Int,
    declarations: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, attributeCount: Int,
    attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
  ) {
    self.state = state
    self.symbol = symbol
    localNamePointer = localName
    prefixPointer = prefix
    namespacePointer = namespace
    self.declarationCount = declarationCount
    namespacePointers = declarations
    self.attributeCount = attributeCount
    attributePointers = attributes
  }

  /// The local name as a String of its own.
  package var localName: String { String(cString: localNamePointer) }

  /// The namespace URI, empty when there is none.
  package var namespace: String { namespacePointer.map { String(cString: $0) } ?? "" }

  /// The prefix as written, empty when there is none.
  package var prefix: String { prefixPointer.map { String(cString: $0) } ?? "" }

  package var name: QualifiedName { QualifiedName(namespace, localName) }

  /// Whether the local name is this word, whatever its namespace.
  package func hasLocalName(_ word: StaticString) -> Bool {
    strcmpEqual(localNamePointer, word)
  }

  /// Whether the local name is this one, which has a NUL at its end, whatever its namespace.
  package func hasLocalName(_ name: UnsafePointer<UInt8>) -> Bool {
    var index = 0
    while localNamePointer[index] == name[index] {
      if name[index] == 0 { return true }
      index += 1
    }
    return false
  }

  /// The symbol of an attribute's name.
  package func attributeSymbol(_ index: Int) -> XMLSymbol {
    guard let local = attributePointers?[index * 5] else { return .unknown }
    return state.pointee.symbol(local: local, namespace: attributePointers?[index * 5 + 2])
  }

  /// An attribute's name, as Strings of its own.
  package func attributeName(_ index: Int) -> QualifiedName {
    guard let attributes = attributePointers, let local = attributes[index * 5] else {
      return QualifiedName("", "")
    }
    let namespace = attributes[index * 5 + 2].map { String(cString: $0) } ?? ""
    return QualifiedName(namespace, String(cString: local))
  }

  /// An attribute's value, normalised by the parser (XML 1.0 §3.3.3), as UTF-8.
  package func attributeBytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    guard let attributes = attributePointers, let start = attributes[index * 5 + 3],
      let end = attributes[index * 5 + 4]
    else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: start, count: end - start)
  }

  package func attributeValue(_ index: Int) -> String {
    String(decoding: attributeBytes(index), as: UTF8.self)
  }

  /// The value of the attribute with a symbol, or nil.
  package func attributeValue(of symbol: XMLSymbol) -> String? {
    for index in 0..<attributeCount where attributeSymbol(index) == symbol {
      return attributeValue(index)
    }
    return nil
  }

  /// The prefix an attribute was written with, empty when there is none.
  package func attributePrefix(_ index: Int) -> String {
    attributePointers?[index * 5 + 1].map { String(cString: $0) } ?? ""
  }

  /// A namespace the tag declares: prefix (empty for the default) and URI (empty to undeclare).
  package func declaration(_ index: Int) -> (prefix: String, namespace: String) {
    let prefix = namespacePointers?[index * 2].map { String(cString: $0) } ?? ""
    let uri = namespacePointers?[index * 2 + 1].map { String(cString: $0) } ?? ""
    return (prefix, uri)
  }

  private func strcmpEqual(_ pointer: UnsafePointer<UInt8>, _ word: StaticString) -> Bool {
    var index = 0
    let length = word.utf8CodeUnitCount
    while index < length {
      // A NUL differs from every byte of the word, so this never reads past the name's end.
      if pointer[index] != word.utf8Start[index] { return false }
      index += 1
    }
    return pointer[length] == 0
  }
}
