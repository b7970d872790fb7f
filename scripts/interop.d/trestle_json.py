"""What Trestle JSON marks that toolkits' own objects do not, for the contracts of wsdl/."""

ATTRIBUTES = {"_priority", "_number", "_currency", "_side"}
# The derived types, by the name that `_type` gives.
DERIVED = {"Company": "{urn:interop:party}Company", "Employee": "{urn:interop:roster}Employee"}
# Members of an xs:list type, which is text to most toolkits.
LISTS = {"sizes"}
