internal import TrestleXML

/// One element of an encoded message. Elements may refer to each other in both directions, so they are
/// held until the message has ended.
final class EncodedNode {
  let name: QualifiedName
  /// The prefix it is written with.
  let prefix: String
  /// What its `xsi:type` names.
  var type: QualifiedName?
  var isNil = false
  /// Whether it says to be in one of SOAP's own encodings.
  var isEncoded = false
  /// The name others refer to it by: `id` (SOAP 1.1 §5.4.1), `enc:id` (SOAP 1.2 part 2 §3.1.5.1).
  var id: String?
  /// The `id` of the element that is meant in its place.
  var reference: String?
  /// What the element says about itself as an array; nil where it says nothing.
  var array: ArrayNote?
  /// Its place in a sparse array (SOAP 1.1 §5.4.2.2).
  var position: [Int]?
  /// All attributes that carry data.
  var attributes: [(name: QualifiedName, value: String)] = []
  var children: [EncodedNode] = []
  var text: [UInt8] = []
  let line: Int

  init(name: QualifiedName, prefix: String, line: Int) {
    self.name = name
    self.prefix = prefix
    self.line = line
  }
}

/// What an array's attributes say: `enc:arrayType` and `enc:offset` (SOAP 1.1 §5.4.2), `enc:itemType`
/// and `enc:arraySize` (SOAP 1.2 part 2 §3.1.6).
struct ArrayNote {
  var itemType: QualifiedName?
  /// Whether the items are arrays themselves (`xsd:int[][2]`).
  var hasArrays = false
  /// The size in each dimension, nil where it is left open; empty when nothing is said.
  var sizes: [Int?] = []
  /// How many items before the first one sent are left out.
  var offset: [Int]?
}
