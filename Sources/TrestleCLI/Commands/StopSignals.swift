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

  /// All signals that come.
  var all: AsyncStream<Signal> { signals }

  /// The first signal that comes.
  func first() async -> Signal {
    for await signal in signals { return signal }
    return .terminate
  }

  /// The first signal that comes while files are watched.
  func first(whileRunning watch: AdapterWatch?) async -> Signal {
    // Ends with this scope.
    async let _: Void? = watch?.run()
    return await first()
  }

  deinit { for source in sources { source.cancel() } }
}
