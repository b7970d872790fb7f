internal import TrestleCore
internal import TrestleXML

// Substitution groups: a head's value may be that of any element that stands for it.
extension SchemaBuilder {
  func withSubstitutes(_ schema: Schema, _ element: ElementPlan) -> Schema {
    var substitutable = schema
    switch schema.shape {
    case .reference(let head):
      // Looked at when it is used: what stands for the head may hold the head.
      substitutable.shape = .reference(
        reference(toHead: element) { [self] in
          guard case .object(let object) = head.schema.resolved.shape else { return head.schema }
          return Schema(.object(withVariants(object, element)), summary: head.schema.summary)
        })
    // A head that is text and cannot stand itself: whatever stands for it says its name.
    case .scalar where element.isAbstract:
      substitutable.shape = .object(withVariants(ObjectSchema(members: []), element))
    default: break
    }
    return substitutable
  }

  private func withVariants(_ object: ObjectSchema, _ element: ElementPlan) -> ObjectSchema {
    var object = object
    object.variants =
      zip(element.substituteLabels, element.substitutes).map { label, substitute in
        ObjectSchema.Variant(name: label, schema: standIn(substitute))
      } + object.variants
    object.isAbstract = element.isAbstract || object.isAbstract
    return object
  }

  /// A substitute's value beside its `_type`: text has a member of its own.
  private func standIn(_ substitute: ElementPlan) -> Schema {
    let schema = schema(of: substitute)
    switch schema.shape {
    case .scalar, .array:
      return Schema(
        .object(ObjectSchema(members: [.init(name: "_text", schema: schema)])),
        isNullable: substitute.isNillable)
    default: return schema
    }
  }
}
