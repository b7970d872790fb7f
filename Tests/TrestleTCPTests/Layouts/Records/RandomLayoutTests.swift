import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Laws of random layouts")
struct RandomLayoutTests {
  /// A layout of a seed; what is printed when a law is broken.
  private func layout(_ random: RandomLayout) throws -> CompiledLayout {
    var problems: [ValueProblem] = []
    let layout = CompiledLayout(.object(random.section), problems: &problems)
    #expect(problems == [], "\(JSONWriter.text(.object(random.section)))")
    return try #require(layout)
  }

  private func story(_ seed: UInt64, _ random: RandomLayout) -> Comment {
    Comment(rawValue: "seed \(seed): \(JSONWriter.text(.object(random.section)))")
  }

  @Test("what is written is read back, and what is read is written the same", arguments: 0..<16)
  func bothWays(_ block: UInt64) throws {
    for seed in block * 20..<block * 20 + 20 {
      let random = RandomLayout(seed: seed)
      let story = story(seed, random)
      let layout = try layout(random)
      do {
        let bytes = try layout.encode(random.message, as: "r")
        let read = try layout.decode(bytes, as: "r")
        #expect(read.warnings == [], story)
        #expect(layout.visible(read.value, as: "r") == random.message, story)
        #expect(try layout.encode(read.value, as: "r") == bytes, story)
        try expectListing(layout, bytes, story)
      } catch {
        Issue.record("\(error)\n\(story)")
      }
    }
  }

  /// Fields lie in the message, none before the one it follows.
  private func expectListing(
    _ layout: CompiledLayout, _ bytes: [UInt8], _ story: Comment
  ) throws {
    var spans: [FieldSpan] = []
    try layout.list(bytes, as: "r", into: &spans)
    var last = 0
    for span in spans {
      #expect(span.range.lowerBound >= last && span.range.upperBound <= bytes.count, story)
      last = span.range.lowerBound
    }
  }

  @Test("mutations and garbage give values or typed errors with a place", arguments: 0..<10)
  func garbage(_ block: UInt64) throws {
    for seed in block * 10..<block * 10 + 10 {
      let random = RandomLayout(seed: seed)
      let layout = try layout(random)
      let bytes = try layout.encode(random.message, as: "r")
      var generator = SeededGenerator(seed: seed)
      for round in 0..<30 {
        var mutated = bytes
        if round < 20, !mutated.isEmpty {
          for _ in 0..<Int.random(in: 1...4, using: &generator) {
            mutated[Int.random(in: 0..<mutated.count, using: &generator)] = UInt8.random(
              in: 0...255, using: &generator)
          }
          mutated = Array(mutated.prefix(Int.random(in: 0...mutated.count, using: &generator)))
        } else {
          mutated = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
          }
        }
        var spans: [FieldSpan] = []
        var listed: CodecError?
        do throws(CodecError) {
          try layout.list(mutated, as: "r", into: &spans)
        } catch {
          listed = error
        }
        do throws(CodecError) {
          let read = try layout.decode(mutated, as: "r")
          #expect(listed == nil, story(seed, random))
          // What was read can be written, unless bytes after the last field had no place in it.
          if read.warnings.isEmpty { _ = try? layout.encode(read.value, as: "r") }
        } catch {
          #expect(!error.path.isEmpty, story(seed, random))
          #expect(listed?.path == error.path, story(seed, random))
          #expect(spans.allSatisfy { $0.range.upperBound <= mutated.count }, story(seed, random))
        }
      }
    }
  }

  @Test("random messages in every kind of frame survive every split", arguments: 0..<4)
  func framed(_ block: UInt64) throws {
    let frames: [Value] = [
      ["length": ["bytes": 2, "as": "be"]],
      ["length": ["bytes": 4, "as": "ascii", "counts": "total"]],
      ["length": ["bytes": 2, "as": "be", "counts": "total", "header": 4]],
      ["stuffing": "slip"], ["stuffing": "hdlc"], ["stuffing": "dle"],
      ["delimiter": "\u{03}", "start": "\u{02}", "escape": ["byte": "\u{1b}"]],
      ["length": ["bytes": 2], "check": ["crc16-modbus": "le"]],
    ]
    for seed in 1000 + block * 4..<1000 + block * 4 + 4 {
      let random = RandomLayout(seed: seed)
      let layout = try layout(random)
      let bytes = try layout.encode(random.message, as: "r")
      guard bytes.count <= 60, !bytes.isEmpty else { continue }
      for frame in frames {
        try expectFramingLaws(makeFraming(frame), bytes)
      }
    }
  }
}
