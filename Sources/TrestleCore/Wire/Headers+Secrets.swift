extension Headers {
  /// The fields with stars in place of what must not be shown: credentials end in bug reports, logs
  /// and recordings otherwise. The field of the given name carries some, whatever it is called.
  package func maskingSecrets(and name: String? = nil) -> Headers {
    Headers(
      fields.map { field in
        guard field.isSecret || name?.isEqualIgnoringCase(field.name) == true else { return field }
        // Which scheme it was helps; `Authorization: Bearer ***`.
        let scheme = field.value.split(separator: " ", maxSplits: 1).first
        let isScheme =
          field.name.isEqualIgnoringCase("Authorization")
          || field.name.isEqualIgnoringCase("Proxy-Authorization")
        guard isScheme, let scheme, scheme.utf8.count < field.value.utf8.count else {
          return Headers.Field(name: field.name, value: "***")
        }
        return Headers.Field(name: field.name, value: "\(scheme) ***")
      })
  }
}

extension Headers.Field {
  /// Whether a field's name says that its value is for the two ends alone.
  package var isSecret: Bool {
    let name = name.lowercased()
    return [
      "authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "session",
    ]
    .contains { name.contains($0) }
  }
}
