#ifndef TRESTLE_CLIBXML2_SHIM_H
#define TRESTLE_CLIBXML2_SHIM_H

#include <libxml/xmlversion.h>
// Foundation brings ICU headers of its own, which differ from the system's: whoever sees both does not
// compile. libxml2 names ICU's types at the end of one struct only, which nobody here looks into.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/tree.h>
#include <libxml/xmlwriter.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <libxml/c14n.h>

// xmlFree is a global variable that holds a function; Swift cannot prove that nobody writes to it.
static inline void trestle_xmlFree(void *memory) { xmlFree(memory); }

// Another such variable: the version of the library that is loaded, as 20914.
static inline const char *trestle_xmlVersion(void) { return xmlParserVersion; }

static inline void trestle_dropMessage(void *context, const char *message, ...) {
  (void)context;
  (void)message;
}

// A few of libxml2's functions print to stderr besides reporting an error: in this thread, and in
// those that have not used libxml2 yet, they do not any more. Variadic, so not for Swift.
static inline void trestle_silencePrinting(void) {
  xmlThrDefSetGenericErrorFunc(0, trestle_dropMessage);
  xmlSetGenericErrorFunc(0, trestle_dropMessage);
}

#endif
