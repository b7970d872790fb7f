// Whoever writes a workflow needs `Value`, `Workspace` and `BridgeError`: one import is enough.
@_exported public import Trestle
