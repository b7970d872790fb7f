internal import Synchronization
internal import Trestle
internal import TrestleCore

/// The file of an issuer's keys, read anew when it changes: issuers change their keys while the gateway runs.
final class KeyFile: Sendable {
  private struct State {
    var bytes: [UInt8]
    var keys: TokenKeys
    /// What was told of it last.
    var problem: String?
  }

  private let path: String
  private let state: Mutex<State>

  private static let limit = 1 << 20
  /// How soon a file that changed is seen.
  private static let pause: Duration = .seconds(2)

  /// Reads the file.
  ///
  /// - Throws: `MockError` that names it.
  init(_ path: String) async throws(MockError) {
    self.path = path
    let bytes = try Self.read(path)
    state = Mutex(State(bytes: bytes, keys: try await Self.keys(bytes, path)))
  }

  /// The keys as they are now.
  var keys: TokenKeys { state.withLock { $0.keys } }

  /// Reads the file where it has changed. One that cannot be used leaves the keys as they are.
  ///
  /// - Returns: What is wrong with it, where that is new.
  func refresh() async -> String? {
    do throws(MockError) {
      let bytes = try Self.read(path)
      let isOld = state.withLock { state in
        defer { state.bytes = bytes }
        return state.bytes == bytes
      }
      if !isOld {
        let keys = try await Self.keys(bytes, path)
        state.withLock { $0.keys = keys }
      }
      state.withLock { $0.problem = nil }
      return nil
    } catch {
      return state.withLock { state in
        defer { state.problem = error.reason }
        return state.problem == error.reason ? nil : error.reason
      }
    }
  }

  /// Looks after the file until the task is cancelled, and tells what is wrong with it.
  func watch(tell: @Sendable (String) -> Void) async {
    while (try? await Task.sleep(for: Self.pause)) != nil {
      if let problem = await refresh() { tell("\(problem); the keys are those from before") }
    }
  }

  private static func read(_ path: String) throws(MockError) -> [UInt8] {
    do throws(LoadError) {
      return try FilePaths.read(path, limit: limit)
    } catch {
      throw MockError(
        system: "", reason: "the key file \(path) cannot be read: \(error.message)",
        hint: error.hint ?? "save what the issuer's jwks_uri gives there", isConfiguration: true)
    }
  }

  private static func keys(_ bytes: [UInt8], _ path: String) async throws(MockError) -> TokenKeys {
    do throws(TokenKeys.Mistake) {
      return try await TokenKeys(bytes)
    } catch {
      throw MockError(
        system: "", reason: "the key file \(path) \(error.reason)", hint: error.hint,
        isConfiguration: true)
    }
  }
}
