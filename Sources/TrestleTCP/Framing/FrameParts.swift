internal import TrestleCore

/// A framing that knows what its frames have beside the message.
protocol FramePartNaming {
  /// The parts of a frame, whose message lies in a range of it.
  func parts(of frame: [UInt8], around message: Range<Int>) -> [FieldSpan]
}

/// What frames have beside their messages, as fields.
enum FrameParts {
  /// Bytes before and after a message whose meaning only the framing knows.
  static func unnamed(_ frame: [UInt8], around message: Range<Int>) -> [FieldSpan] {
    let before = FieldSpan(path: "frame.header", range: 0..<message.lowerBound)
    let after = FieldSpan(path: "frame.end", range: message.upperBound..<frame.count)
    return [before, after].filter { !$0.range.isEmpty }
  }
}

extension ShapedFraming: FramePartNaming {
  func parts(of frame: [UInt8], around message: Range<Int>) -> [FieldSpan] {
    let check = settings.check.map { check in
      FieldSpan(
        path: "frame.check",
        range: message.upperBound..<min(frame.count, message.upperBound + check.count),
        type: check.checksum.algorithm.rawValue,
        value: .string(FrameCheck.text(frame[message.upperBound...].prefix(check.count))))
    }
    let inner = message.lowerBound..<(check?.range.upperBound ?? message.upperBound)
    var parts: [FieldSpan]
    switch shape {
    case let length as LengthShape: parts = length.parts(of: frame, around: inner)
    case let delimited as DelimitedShape: parts = delimited.parts(of: frame, around: inner)
    default: parts = FrameParts.unnamed(frame, around: inner)
    }
    if let check { parts.append(check) }
    return parts.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }
}

extension LengthShape {
  fileprivate func parts(of frame: [UInt8], around message: Range<Int>) -> [FieldSpan] {
    // What is no whole frame is taken for the message itself.
    guard frame.count >= position + width else { return [] }
    var parts: [FieldSpan] = []
    let length = position..<(position + width)
    if !keepsHeader, position > 0 {
      parts.append(FieldSpan(path: "frame.header", range: 0..<position, type: "bytes"))
    }
    parts.append(
      FieldSpan(
        path: "frame.length", range: length, type: "\(coding.rawValue) counts \(counts.rawValue)",
        value: coding.number(in: frame[length]).map { .string(String($0)) } ?? .null))
    if !keepsHeader, length.upperBound < message.lowerBound {
      parts.append(
        FieldSpan(
          path: "frame.header", range: length.upperBound..<message.lowerBound, type: "bytes"))
    }
    if message.upperBound < frame.count {
      parts.append(
        FieldSpan(path: "frame.trailer", range: message.upperBound..<frame.count, type: "bytes"))
    }
    return parts
  }
}

extension DelimitedShape {
  fileprivate func parts(of frame: [UInt8], around message: Range<Int>) -> [FieldSpan] {
    guard !keeps else { return FrameParts.unnamed(frame, around: message) }
    var parts: [FieldSpan] = []
    if message.lowerBound > 0 {
      parts.append(FieldSpan(path: "frame.start", range: 0..<message.lowerBound, type: "bytes"))
    }
    let checked = frame.count - (check?.checksum.count ?? 0)
    if message.upperBound < checked {
      parts.append(
        FieldSpan(path: "frame.delimiter", range: message.upperBound..<checked, type: "bytes"))
    }
    if let check {
      parts.append(
        FieldSpan(
          path: "frame.check", range: checked..<frame.count,
          type: check.checksum.algorithm.rawValue))
    }
    return parts
  }
}
