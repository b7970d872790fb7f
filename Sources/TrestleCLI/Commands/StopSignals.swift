internal import Dispatch

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Waits for the wish to stop: Ctrl-C, or the end a supervisor asks for.
final class StopSignals {
  enum Signal: Sendable {
    case interrupt, terminate
  }

  private let signals: AsyncStream<Signal>
  private let sources: [any DispatchSourceSignal]

  /// Takes the signals from now on; they no longer end the process by themselves.
  init() {
    let (stream, continuation) = AsyncStream<Signal>.makeStream()
    signals = stream
    sources = [(SIGINT, Signal.interrupt), (SIGTERM, .terminate)].map { number, meaning in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler {
        continuation.yield(meaning)
        // Whoever asks again does not want to wait.
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  /// The first signal that comes.
  func first() async -> Signal {
    for await signal in signals { return signal }
    return .terminate
  }

  deinit { for source in sources { source.cancel() } }
}
