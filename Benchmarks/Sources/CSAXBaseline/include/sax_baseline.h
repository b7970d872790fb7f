/// Parses the document `count` times with libxml2's SAX2 interface and handlers that do nothing.
/// Returns 0, or 1 when the document is not well-formed.
int sax_baseline(const char *bytes, int length, long count);
