import Synchronization
import Testing

@testable import TrestleCore

@Suite("Lazy values")
struct LazyTests {
  @Test("a value is made once, on first use")
  func madeOnce() {
    let count = Mutex(0)
    let lazy = Lazy {
      count.withLock { $0 += 1 }
      return 7
    }
    #expect(count.withLock { $0 } == 0)
    #expect(lazy.value == 7)
    #expect(lazy.value == 7)
    #expect(count.withLock { $0 } == 1)
  }

  @Test("a value used by many at once is the same for all")
  func sameForAll() async {
    let lazy = Lazy { SchemaBox() }
    let first = lazy.value
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { lazy.value === first } }
      for await isSame in group { #expect(isSame) }
    }
  }

  @Test("making a value may use another lazy value")
  func nested() {
    let inner = Lazy { 2 }
    #expect(Lazy { inner.value * 3 }.value == 6)
  }

  @Test("a chain of names without an end resolves to any value")
  func endlessChain() {
    let box = SchemaBox()
    box.set(box.reference)
    guard case .any = box.reference.resolved.shape else {
      Issue.record("resolved to something")
      return
    }
    #expect(SampleMaker.sample(for: box.reference) == .null)
    #expect(SchemaValidator.issues(in: 1, against: box.reference) == [])
  }
}
