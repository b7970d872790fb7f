// Whoever calls a legacy system needs `Value`, `Reply` and `BridgeError`: one import is enough.
@_exported public import TrestleCore
// What checks of calls are written in, and what calls are shown as.
@_exported public import TrestleMock
@_exported public import TrestleStore
