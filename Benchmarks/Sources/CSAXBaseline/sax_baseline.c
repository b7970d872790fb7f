// The measure for decoding: what libxml2 itself costs, with nothing done about what it finds.
#include "sax_baseline.h"
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **namespace_pairs, int attributes,
                     int defaulted, const xmlChar **values) {}
static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {}
static void on_text(void *context, const xmlChar *text, int length) {}

int sax_baseline(const char *bytes, int length, long count) {
  xmlSAXHandler handler;
  memset(&handler, 0, sizeof handler);
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = on_start;
  handler.endElementNs = on_end;
  handler.characters = on_text;
  handler.cdataBlock = on_text;
  for (long round = 0; round < count; round++) {
    xmlParserCtxtPtr context = xmlCreateMemoryParserCtxt(bytes, length);
    if (context == NULL) return 1;
    xmlSAXHandlerPtr own = context->sax;
    context->sax = &handler;
    xmlParseDocument(context);
    int is_well_formed = context->wellFormed;
    context->sax = own;
    xmlFreeParserCtxt(context);
    if (!is_well_formed) return 1;
  }
  return 0;
}
