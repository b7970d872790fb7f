internal import Synchronization
internal import TrestleCore
internal import TrestleXML

/// Reads documents into values, with parsers and builders that are used again, for whoever decodes next
/// on whatever thread.
final class XMLValueReader: Sendable {
  /// A parser and a builder on their way between threads: only one side holds them at a time.
  private struct Worker: @unchecked Sendable {
    let reader: XMLEventReader
    let builder = XMLValueBuilder()
  }

  private let idle = Mutex<[Worker]>([])
  private let symbols = XMLSymbolTable()
  private static let keptWorkers = 64

  /// Reads one document.
  ///
  /// - Throws: `CodecError` for what is no document within the limits.
  func read(_ bytes: [UInt8], charset: String?) throws(CodecError) -> DecodedMessage {
    let worker =
      idle.withLock { $0.popLast() } ?? Worker(reader: XMLEventReader(symbols: symbols))
    defer {
      idle.withLock { idle in
        if idle.count < Self.keptWorkers { idle.append(worker) }
      }
    }
    do throws(CodecError) {
      try worker.reader.read(bytes, charset: charset, into: worker.builder)
    } catch {
      worker.builder.reset()
      throw error
    }
    return worker.builder.takeMessage()
  }
}
