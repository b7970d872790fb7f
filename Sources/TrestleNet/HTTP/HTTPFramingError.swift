/// Why an HTTP message cannot be taken, whichever side sent it.
enum HTTPFramingError: Error, Equatable {
  /// What it begins with is no HTTP.
  case notHTTP
  /// A clause that says what is wrong with it.
  case malformed(String)
  case headTooLarge
  case bodyTooLarge
}

/// How large an HTTP message may be, whichever side sent it.
struct HTTPMessageLimits {
  var headBytes: Int
  /// The largest single header field.
  var fieldBytes: Int
  /// The most header fields, and the most trailers.
  var fields: Int
  var bodyBytes: Int
}
