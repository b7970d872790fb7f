internal import Trestle

extension Operation {
  /// Parameters that it takes.
  var sampleParameters: Value {
    if case .any = input.resolved.shape, input.example == nil { return .emptyObject }
    return SampleMaker.sample(for: input, named: name)
  }
}
