internal import Trestle

extension Operation {
  /// Parameters that it takes: an object, whatever the contract says of them.
  var sampleParameters: Value {
    if case .any = input.resolved.shape, input.example == nil { return .emptyObject }
    let sample = SampleMaker.sample(for: input, named: name)
    return sample.isNull ? .emptyObject : sample
  }
}
