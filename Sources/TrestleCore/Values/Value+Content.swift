extension Value {
  /// What an element with attributes holds beside them: its `_text`. Every other value is its own content.
  package var content: Value {
    if case .object(let record) = self, let text = record["_text"] { return text }
    return self
  }
}
