extension BridgeError: CustomStringConvertible {
  /// One or two sentences: who was called, where it went wrong, what happened, what to do.
  public var description: String {
    var text = ""
    if stage != .lookup, !system.isEmpty {
      text += operation.isEmpty ? "\(system): " : "\(system) \(operation): "
    }
    if let path, !path.isEmpty { text += path + " " }
    text += reason
    if let hint { text += "\n  " + hint }
    return text
  }
}
