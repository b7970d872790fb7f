import TrestleCore

/// A plan of what is done wrong, with what it was made of: as long as that is the same, it goes on where it was.
package struct KeptPlan: Sendable {
  let written: Value
  let plan: FaultPlan
}
