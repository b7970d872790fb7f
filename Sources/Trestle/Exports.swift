// Whoever calls a legacy system needs `Value`, `Reply` and `BridgeError`: one import is enough.
@_exported public import TrestleCore
