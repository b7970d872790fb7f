package import TrestleCore

extension TCPCodec: FieldListingCodec {
  package var secretFields: [String] { layouts.flatMap { $0.schema?.secretPaths ?? [] } }

  package func list(
    _ message: [UInt8], as kind: ListedMessage
  ) throws(CodecError) -> FieldListing {
    switch kind {
    case .layout(let name):
      guard let position = layoutNames.firstIndex(of: name) else {
        throw CodecError(
          reason: layoutNames.isEmpty
            ? "there is one layout for all messages, without a name"
            : "there is no layout \"\(name)\"" + Suggestion.clause(for: name, among: layoutNames),
          hint: layoutNames.isEmpty ? nil : "layouts: \(layoutNames.joined(separator: ", "))")
      }
      return listing(of: message, by: position)
    case .reply(let name):
      var listing = listing(of: message, by: try operation(named: name).replyLayout)
      listing.operation = name
      return listing
    case .request(let name?):
      var listing = listing(of: message, by: try operation(named: name).requestLayout)
      listing.operation = name
      return listing
    case .request(nil): return listing(ofRequest: message)
    }
  }

  private func listing(of message: [UInt8], by position: Int) -> FieldListing {
    var listing = FieldListing(layout: layoutNames.isEmpty ? nil : layoutNames[position])
    do throws(CodecError) {
      try layouts[position].fields(of: message, into: &listing.fields)
      let decoded = try layouts[position].read(message)
      listing.value = decoded.value
      listing.warnings = decoded.warnings
    } catch {
      listing.error = error
    }
    return listing
  }

  /// A request by the layout of the operation it is of; where none fits, by the one that reads most of it.
  private func listing(ofRequest message: [UInt8]) -> FieldListing {
    let operation: TCPOperation
    do throws(CodecError) {
      operation = try recognize(message).operation
    } catch {
      let requests = Set(operations.map(\.requestLayout)).sorted()
      let tried = (requests.isEmpty ? [0] : requests).map { self.listing(of: message, by: $0) }
      let best = tried.max { $0.reach < $1.reach }
      guard var best else { return FieldListing(error: error) }
      // An open definition has no operations that could fit.
      if best.error == nil, !operations.isEmpty { best.error = error }
      return best
    }
    var listing = self.listing(of: message, by: operation.requestLayout)
    listing.operation = operation.name
    return listing
  }

  package func parts(
    ofFrame frame: [UInt8], around message: Range<Int>, isReply: Bool
  ) -> [FieldSpan] {
    guard case .framed(let framing, _) = wire else { return [] }
    let directed = isReply ? framing.replies : framing.requests
    return (directed as? any FramePartNaming)?.parts(of: frame, around: message)
      ?? FrameParts.unnamed(frame, around: message)
  }
}

extension FieldListing {
  /// How much of a message was read.
  fileprivate var reach: Int {
    error == nil ? Int.max : fields.map(\.range.upperBound).max() ?? 0
  }
}
