internal import Synchronization

/// An object that is made once, when it is first needed.
///
/// What `AtomicLazyReference` is, for one read in a few nanoseconds: that one is not specialised for its
/// object, and a value of a hundred parts asks a hundred schemas.
struct OnceReference<Instance: AnyObject & Sendable>: ~Copyable, Sendable {
  private let made = Atomic<Unmanaged<Instance>?>(nil)

  deinit { made.load(ordering: .acquiring)?.release() }

  var value: Instance? { made.load(ordering: .acquiring)?.takeUnretainedValue() }

  /// Keeps an object, unless another was kept before; gives the one that is kept.
  func keep(_ instance: Instance) -> Instance {
    let own = Unmanaged.passRetained(instance)
    let (isKept, earlier) = made.compareExchange(
      expected: nil, desired: own, ordering: .acquiringAndReleasing)
    guard !isKept, let earlier else { return instance }
    own.release()
    return earlier.takeUnretainedValue()
  }
}
