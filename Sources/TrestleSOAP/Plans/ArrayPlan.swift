package import TrestleXML

/// An array as the encoding knows it: items in order, of one type, in one or more dimensions
/// (SOAP 1.1 §5.4.2, SOAP 1.2 part 2 §3.1.6). In Trestle JSON an array, of arrays for each further
/// dimension.
package final class ArrayPlan: Sendable {
  /// The items; written under the element's name, read under any.
  package let item: ElementPlan
  /// The type the array says its items are of; nil where they may be of any.
  package let itemType: QualifiedName?
  /// What stands between the item type and the array's own size: `[]` where items are arrays.
  package let itemRank: String
  /// How many dimensions.
  package let rank: Int

  package init(item: ElementPlan, itemType: QualifiedName?, itemRank: String = "", rank: Int = 1) {
    self.item = item
    self.itemType = itemType
    self.itemRank = itemRank
    self.rank = rank
  }
}
