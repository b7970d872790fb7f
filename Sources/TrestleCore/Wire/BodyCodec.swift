/// A codec whose calls may be a body alone: what is no object of parameters is that body.
package protocol BodyCodec: Codec {
  /// The name of the parameter that is the body.
  static var bodyKey: String { get }
}
