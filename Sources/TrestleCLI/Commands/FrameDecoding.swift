internal import Trestle
internal import TrestleCore

/// The frames of a stream as `trestle decode` shows them: their values, or every field of them.
struct FrameDecoding {
  let system: LegacySystem
  let codec: any Codec
  let kind: ListedMessage
  let isReply: Bool
  let showsFields: Bool
  let readsAll: Bool
  let session: Session

  private let lister: (any FieldListingCodec)?

  init(
    system: LegacySystem, codec: any Codec, kind: ListedMessage, isReply: Bool, showsFields: Bool,
    readsAll: Bool, session: Session
  ) throws(CommandFailure) {
    self.system = system
    self.codec = codec
    self.kind = kind
    self.isReply = isReply
    self.showsFields = showsFields
    self.readsAll = readsAll
    self.session = session
    lister = codec as? any FieldListingCodec
    let isByLayout = if case .layout = kind { true } else { false }
    guard lister != nil || !showsFields && !isByLayout else {
      throw .usage(
        "\(system.name): messages of \(system.protocolName) have no layout",
        hint: "--fields and --layout are for custom TCP protocols")
    }
    guard !readsAll || framing != nil else {
      throw .usage(
        "\(system.name): messages of \(system.protocolName) have no frames: leave --all out")
    }
  }

  private var framing: (any Framing)? {
    guard case .framed(let framing, _) = codec.wire else { return nil }
    return isReply ? framing.replies : framing.requests
  }

  func run(_ bytes: [UInt8]) throws(CommandFailure) {
    guard let framing else { return try show(bare(bytes), 1, of: bytes) }
    var frames = StreamFrames(bytes, framing)
    var count = 0
    var failure: CommandFailure?
    repeat {
      let frame: StreamFrames.Frame?
      do throws(CodecError) {
        frame = try frames.next()
      } catch {
        guard count == 0, !readsAll else {
          var failure = failed(error, in: bytes, base: frames.position)
          failure.message = "after frame \(count), from byte \(frames.position): \(failure.message)"
          throw failure
        }
        var bare = error
        bare.hint = nil
        session.warn("read as a message without a frame, which this is not: \(bare)")
        return try show(self.bare(bytes), 1, of: bytes)
      }
      guard let frame else { break }
      count += 1
      do throws(CommandFailure) {
        try show(frame, count, of: bytes)
      } catch {
        guard readsAll else { throw error }
        var error = error
        error.message =
          "frame \(count), from byte \(frame.range.lowerBound): \(error.message)"
        error.facts["frame"] = .integer(Int64(count))
        error.facts["offset"] = .integer(Int64(frame.range.lowerBound))
        session.show(error)
        failure = failure ?? .silent(error.code)
      }
    } while readsAll
    if count == 0, !readsAll {
      session.warn("read as a message without a frame: the bytes are no whole frame")
      return try show(bare(bytes), 1, of: bytes)
    }
    if frames.remaining > 0 { try tellRest(frames.remaining, from: frames.position) }
    if let failure { throw failure }
  }

  private func tellRest(_ count: Int, from position: Int) throws(CommandFailure) {
    let what = "\(count) byte\(count == 1 ? "" : "s") from byte \(position) on"
    guard readsAll else { return session.note("\(what) are left: --all reads all frames") }
    try session.tell(["\(what) are no whole frame"], of: system)
  }

  private func bare(_ bytes: [UInt8]) -> StreamFrames.Frame {
    StreamFrames.Frame(range: 0..<bytes.count, message: bytes, body: 0..<bytes.count)
  }

  // MARK: One frame

  private func show(
    _ frame: StreamFrames.Frame, _ number: Int, of bytes: [UInt8]
  ) throws(CommandFailure) {
    guard showsFields, let lister else { return try showValue(frame, number, of: bytes) }
    var listing = try list(frame, lister)
    // Where the frame changes bytes, fields have their places in the message alone.
    let source = frame.body == nil ? frame.message : bytes
    let base = frame.body?.lowerBound ?? 0
    for index in listing.fields.indices {
      listing.fields[index].range = listing.fields[index].range.moved(by: base)
    }
    if let body = frame.body {
      let own = Array(bytes[frame.range])
      let inner = body.moved(by: -frame.range.lowerBound)
      var parts = lister.parts(ofFrame: own, around: inner, isReply: isReply)
      for index in parts.indices {
        parts[index].range = parts[index].range.moved(by: frame.range.lowerBound)
      }
      // A message that is its own frame has nothing around it.
      if inner != own.indices { listing.fields.insert(contentsOf: parts, in: body) }
    }
    let link = frame.body == nil ? linkParts(of: frame, lister, bytes) : []
    var text = heading(frame, number, listing)
    var facts = facts(frame, number, listing, source, base: base)
    if !link.isEmpty {
      let table = FieldTable(fields: link, bytes: bytes, width: session.output.data.width)
      text += table.text(session.palette) + "\n"
      facts["link"] = FieldTable.value(of: link, in: bytes)
    }
    text += FieldTable(fields: listing.fields, bytes: source, width: session.output.data.width)
      .text(session.palette)
    session.print(text, as: .object(facts))
    try session.tell(listing.warnings, of: system)
    if let error = listing.error { throw failed(error, in: source, base: base) }
  }

  /// What a link put around the parts of a message, with places in the stream.
  private func linkParts(
    of frame: StreamFrames.Frame, _ lister: any FieldListingCodec, _ bytes: [UInt8]
  ) -> [FieldSpan] {
    guard framing?.linkLayer != nil else { return [] }
    let own = Array(bytes[frame.range])
    return lister.parts(ofFrame: own, around: 0..<0, isReply: isReply).map { part in
      var part = part
      part.range = part.range.moved(by: frame.range.lowerBound)
      return part
    }
  }

  private func list(
    _ frame: StreamFrames.Frame, _ lister: any FieldListingCodec
  ) throws(CommandFailure) -> FieldListing {
    do throws(CodecError) {
      return try lister.list(frame.message, as: kind)
    } catch {
      throw CommandFailure(error, .usage, system: system)
    }
  }

  private func heading(
    _ frame: StreamFrames.Frame, _ number: Int, _ listing: FieldListing
  ) -> String {
    var text = readsAll ? "frame \(number), from byte \(frame.range.lowerBound): " : ""
    text += "\(frame.range.count) bytes"
    if let operation = listing.operation {
      text += isReply ? ", a reply to \(operation)" : ", \(operation)"
    }
    if let layout = listing.layout { text += ", layout \(layout)" }
    if frame.body == nil { text += "; places are those in the message without its frame" }
    return (number > 1 ? "\n" : "") + session.palette.bold(text) + "\n"
  }

  private func facts(
    _ frame: StreamFrames.Frame, _ number: Int, _ listing: FieldListing, _ source: [UInt8],
    base: Int
  ) -> Record {
    var record = place(frame, number)
    if let operation = listing.operation { record["operation"] = .string(operation) }
    if let layout = listing.layout { record["layout"] = .string(layout) }
    record["fields"] = FieldTable.value(of: listing.fields, in: source)
    if let error = listing.error {
      var facts: Record = ["message": .string(error.reason)]
      if !error.path.isEmpty { facts["path"] = .string(error.path) }
      if let offset = error.offset { facts["offset"] = .integer(Int64(offset + base)) }
      record["error"] = .object(facts)
    }
    return record
  }

  private func place(_ frame: StreamFrames.Frame, _ number: Int) -> Record {
    [
      "frame": .integer(Int64(number)), "offset": .integer(Int64(frame.range.lowerBound)),
      "length": .integer(Int64(frame.range.count)),
    ]
  }

  /// The message itself, of a layout or of an operation.
  private func showValue(
    _ frame: StreamFrames.Frame, _ number: Int, of bytes: [UInt8]
  ) throws(CommandFailure) {
    var value: Value
    switch kind {
    case .layout:
      guard let lister else { return }
      let listing = try list(frame, lister)
      if let error = listing.error {
        throw failed(
          error, in: frame.body == nil ? frame.message : bytes, base: frame.body?.lowerBound ?? 0)
      }
      try session.tell(listing.warnings, of: system)
      value = listing.value ?? .null
    case .reply(let name):
      let operation = try session.operation(name, of: system)
      value = try WireBytes(operation, of: system, session).replyValue(
        of: frame.message, base: frame.body?.lowerBound ?? 0, session)
    case .request(let name):
      let call = try WireBytes.call(
        in: frame.message, base: frame.body?.lowerBound ?? 0, of: system, codec, session,
        operation: name)
      value = call.described
    }
    if readsAll {
      var record = place(frame, number)
      if case .request = kind {
        for member in value.objectValue ?? [:] { record[member.name] = member.value }
      } else {
        record["value"] = value
      }
      value = .object(record)
    }
    session.print(value)
  }

  /// The failure with the bytes it is about.
  private func failed(_ error: CodecError, in bytes: [UInt8], base: Int) -> CommandFailure {
    var error = error
    let marked = error.offset.map { offset in
      WrongBytes.lines(
        bytes, wrong: (offset + base)..<(offset + base + (error.wrongCount ?? 1)))
    }
    error = error.moved(by: base)
    var failure = CommandFailure(error, .reply, system: system)
    if showsFields, let marked, !marked.isEmpty {
      failure.hints.append(marked.joined(separator: "\n"))
    }
    return failure
  }
}

extension Range<Int> {
  fileprivate func moved(by count: Int) -> Range<Int> { lowerBound + count..<upperBound + count }
}

extension [FieldSpan] {
  /// Puts a frame's parts before and after the fields of its message.
  fileprivate mutating func insert(contentsOf parts: [FieldSpan], in message: Range<Int>) {
    self =
      parts.filter { $0.range.lowerBound < message.lowerBound } + self
      + parts.filter { $0.range.lowerBound >= message.lowerBound }
  }
}
