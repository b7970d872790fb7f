extension CodecError: CustomStringConvertible {
  /// One sentence: where, what, and what to do.
  public var description: String {
    var text = ""
    if let line {
      text += "line \(line)"
      if let column { text += ", column \(column)" }
      text += ": "
    } else if let offset {
      text += "byte \(offset): "
    }
    if !path.isEmpty { text += path + " " }
    text += reason
    if let hint { text += "; " + hint }
    return text
  }
}
