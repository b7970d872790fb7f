internal import Synchronization

/// Where templates get what differs from call to call: time, chance and counters.
///
/// Tests put fixed ones in, so that replies are the same every time.
package struct Generators: Sendable {
  package var now: @Sendable () -> WallTime
  package var randomBits: @Sendable () -> UInt64
  package var counters: Counters

  package init(
    now: @escaping @Sendable () -> WallTime, randomBits: @escaping @Sendable () -> UInt64,
    counters: Counters = Counters()
  ) {
    self.now = now
    self.randomBits = randomBits
    self.counters = counters
  }

  /// The system's clock and random numbers, and counters that begin at 1.
  package static var system: Generators {
    Generators(now: { .now }, randomBits: { UInt64.random(in: .min ... .max) })
  }

  /// The system's clock, and random numbers that a seed fixes where there is one.
  package static func system(seed: UInt64?) -> Generators {
    guard let seed else { return .system }
    let state = SeededBits(seed)
    return Generators(now: { .now }, randomBits: { state.next() })
  }

  /// A clock that stands still and random numbers that are the same in every run.
  package static func fixed(milliseconds: Int64 = 0, seed: UInt64 = 1) -> Generators {
    let state = SeededBits(seed)
    return Generators(
      now: { WallTime(milliseconds: milliseconds) }, randomBits: { state.next() })
  }

  /// The names and functions a template may use for these.
  package static let names: Set<String> = ["timestamp", "now", "uuid", "random"]
  package static let functions: Set<String> = [
    "timestamp", "now", "uuid", "random", "pick", "randomText", "counter", "next",
  ]

  /// The value of one of `names`; nil for any other.
  package func value(of name: String) -> Value? {
    switch name {
    case "timestamp", "now": .string(now().iso8601)
    case "uuid": .string(uuid())
    case "random": .integer(Int64(randomBits() >> 33))
    default: nil
    }
  }

  /// The result of one of `functions`, or of a pure one.
  ///
  /// - Throws: `ExpressionError` when the arguments do not fit.
  package func call(
    _ function: String, _ arguments: [Value?]
  ) throws(ExpressionError) -> Value? {
    switch function {
    case "now" where (1...2).contains(arguments.count): return .string(try written(arguments))
    case "pick": return try pick(arguments)
    case "randomText": return .string(try randomText(arguments))
    case "timestamp", "now", "uuid", "random":
      if arguments.isEmpty { return value(of: function) }
      guard function == "random" else { throw ExpressionError("\(function)() takes no argument") }
      return .integer(try random(arguments))
    case "counter", "next":
      guard arguments.count == 1, let name = arguments[0]?.stringValue else {
        throw ExpressionError("\(function)() expects a name in quotes, like \(function)('orders')")
      }
      return .integer(counters.next(name))
    default: return try PureFunction.call(function, arguments)
    }
  }

  /// `now(pattern)` and `now(pattern, shift)`.
  private func written(_ arguments: [Value?]) throws(ExpressionError) -> String {
    guard let pattern = arguments[0]?.stringValue else {
      throw ExpressionError("now() expects a pattern in quotes, like now('yyyy-MM-dd', '+3d')")
    }
    guard arguments.count > 1 else { return try now().written(pattern) }
    guard let shift = arguments[1]?.stringValue else {
      throw ExpressionError("now() expects the time to add in quotes, like '+3d'")
    }
    return try TimeShift(shift).applied(to: now()).written(pattern)
  }

  /// One of several values, or of a list's.
  private func pick(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    var values = arguments
    if arguments.count == 1, case .array(let items)? = arguments[0] { values = items }
    guard !values.isEmpty else {
      throw ExpressionError("pick() expects the values to choose from, like pick('a', 'b')")
    }
    return values[Int(randomBits() % UInt64(values.count))]
  }

  /// `randomText(8)`, or `randomText(8, 'ABC')` of these characters.
  private func randomText(_ arguments: [Value?]) throws(ExpressionError) -> String {
    let symbols = Array(
      arguments.count > 1
        ? arguments[1]?.scalarText ?? "" : "abcdefghijklmnopqrstuvwxyz0123456789")
    guard (1...2).contains(arguments.count), let count = arguments[0]?.integerValue,
      (0...65536).contains(count), !symbols.isEmpty
    else { throw ExpressionError("randomText() expects a length, like randomText(8)") }
    return String((0..<count).map { _ in symbols[Int(randomBits() % UInt64(symbols.count))] })
  }

  private func random(_ arguments: [Value?]) throws(ExpressionError) -> Int64 {
    let bounds = arguments.compactMap { $0?.integerValue }
    guard bounds.count == arguments.count, bounds.count <= 2, let last = bounds.last else {
      throw ExpressionError("random() expects one or two whole numbers, like random(1, 6)")
    }
    let first = bounds.count == 1 ? 0 : bounds[0]
    guard first <= last else { throw ExpressionError("random(\(first), \(last)) is empty") }
    let span = UInt64(bitPattern: last &- first)
    guard span < .max else { return Int64(bitPattern: randomBits()) }
    return first &+ Int64(bitPattern: randomBits() % (span + 1))
  }

  /// A random UUID (RFC 9562 §5.4, version 4).
  private func uuid() -> String {
    let high = randomBits() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = randomBits() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    var text = ""
    text.reserveCapacity(36)
    for position in 0..<32 {
      if [8, 12, 16, 20].contains(position) { text.append("-") }
      let word = position < 16 ? high : low
      let digit = Int(word >> UInt64(60 - position % 16 * 4) & 15)
      text.unicodeScalars.append(Self.hexadecimal[digit])
    }
    return text
  }

  private static let hexadecimal = Array("0123456789abcdef".unicodeScalars)
}

/// Counters by name: each hands out the next whole number, and begins again where its range ends.
package final class Counters: Sendable {
  private let last = Mutex<[String: Int64]>([:])
  private let ranges: [String: ClosedRange<Int64>]
  /// Counters that begin anywhere in their range: a program that runs again and again shall not use the
  /// same numbers each time.
  private let scattered: Set<String>
  /// Counts what is not counted here.
  private let shared: (counters: Counters, own: Set<String>)?
  /// How many names there may be; beyond that one of them is forgotten for each that comes.
  private let capacity: Int

  /// A counter without a range goes from 1 upwards.
  package init(
    ranges: [String: ClosedRange<Int64>] = [:], scattered: Set<String> = [],
    capacity: Int = .max
  ) {
    self.capacity = capacity
    self.ranges = ranges
    self.scattered = scattered
    shared = nil
  }

  /// Counters of which some are counted anew, and all others go on with those given.
  package init(of counters: Counters, anew names: Set<String>) {
    ranges = counters.ranges
    scattered = counters.scattered
    capacity = .max
    shared = (counters, names)
  }

  package func next(_ name: String) -> Int64 {
    if let shared, !shared.own.contains(name) { return shared.counters.next(name) }
    let range = ranges[name] ?? 1...Int64.max
    return last.withLock { last in
      let next: Int64
      if let known = last[name] {
        next = known < range.upperBound ? known + 1 : range.lowerBound
      } else {
        next = scattered.contains(name) ? Int64.random(in: range) : range.lowerBound
      }
      if last.count >= capacity, last[name] == nil, let other = last.keys.first {
        last[other] = nil
      }
      last[name] = next
      return next
    }
  }

  /// Begins all counters again.
  package func reset() { last.withLock { $0 = [:] } }

  /// Begins some counters again.
  package func reset(_ names: Set<String>) {
    last.withLock { last in
      for name in names { last[name] = nil }
    }
  }
}

/// SplitMix64: a stream of random-looking numbers that a seed fixes.
package final class SeededBits: Sendable {
  private let state: Mutex<UInt64>

  package init(_ seed: UInt64) { state = Mutex(seed) }

  package func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}
