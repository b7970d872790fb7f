/// A value that few holders have, behind one pointer: what has it pays an allocation, and what has not
/// is no larger for it when it is copied.
@propertyWrapper
package struct Boxed<Value: Sendable>: Sendable {
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private var box: Box?

  package init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

  package var wrappedValue: Value? {
    get { box?.value }
    set { box = newValue.map(Box.init) }
  }

  /// Whether there is a value: a look at the pointer, where the value itself would be copied.
  package var projectedValue: Bool { box != nil }
}
