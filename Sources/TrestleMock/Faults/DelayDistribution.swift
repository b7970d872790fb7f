internal import TrestleCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// How long replies are held back, drawn anew for each.
enum DelayDistribution: Sendable, Equatable {
  case fixed(Duration)
  /// Every length between the two is as likely.
  case uniform(from: Duration, to: Duration)
  case normal(mean: Duration, deviation: Duration)
  /// As services really are: most replies take about the median, a few much longer.
  case logNormal(median: Duration, sigma: Double)

  /// A delay, from a source of random bits.
  func draw(_ bits: () -> UInt64) -> Duration {
    switch self {
    case .fixed(let duration): return duration
    case .uniform(let from, let to): return from + (to - from) * Self.fraction(bits())
    case .normal(let mean, let deviation): return mean + deviation * Self.deviate(bits)
    case .logNormal(let median, let sigma): return median * exp(sigma * Self.deviate(bits))
    }
  }

  /// How far draws go where nothing else is said: what lies beyond happens to one reply in thirty
  /// thousand, and would surprise whoever waits for it.
  private static let mostDeviations = 4.0

  /// A number of the standard normal distribution (Box and Muller 1958), no further out than the bound.
  private static func deviate(_ bits: () -> UInt64) -> Double {
    let radius = (-2 * log(1 - fraction(bits()))).squareRoot()
    let deviate = radius * cos(2 * .pi * fraction(bits()))
    return min(max(deviate, -mostDeviations), mostDeviations)
  }

  /// A number from 0 up to, but not including, 1.
  static func fraction(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }
}
