#include "report/junit_join.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/join.h"
#include "report/reporter.h"

#define LAST_LINE "</testsuites>\n"

/* One more than that of the last suite, which is looked for from the end, so that the time does not
 * grow with the whole. Text of ours has no "<" but of elements, and no quotes in attributes. */
static size_t next_id(const struct ct_text *whole)
{
	static const char tag[] = "<testsuite ", name[] = " id=\"";
	const char *text = ct_text_str(whole), *id;
	size_t at = whole->len;

	while (at && strncmp(text + at, tag, sizeof(tag) - 1) != 0)
		at--;
	id = at ? strstr(text + at, name) : NULL;
	return id ? strtoul(id + sizeof(name) - 1, NULL, 10) + 1 : 0;
}

/* The suite of `part`, with the name of the run. NULL: there is none. */
static xmlNodePtr named_suite(xmlDocPtr part, size_t id, const struct ct_report_run *run)
{
	xmlNodePtr root = part ? xmlDocGetRootElement(part) : NULL;
	xmlNodePtr suite = root ? xmlFirstElementChild(root) : NULL;
	xmlChar *name = suite ? xmlGetProp(suite, BAD_CAST "name") : NULL;
	struct ct_text text;

	if (!name || strcmp((const char *)suite->name, "testsuite") != 0) {
		xmlFree(name);
		return NULL;
	}
	ct_text_init(&text);
	ct_text_addf(&text, "%s, ", (const char *)name);
	ct_join_name(&text, run);
	xmlFree(name);
	if (!xmlSetProp(suite, BAD_CAST "name", BAD_CAST ct_text_str(&text)))
		suite = NULL;
	ct_text_reset(&text);
	ct_text_addf(&text, "%zu", id);
	if (suite && !xmlSetProp(suite, BAD_CAST "id", BAD_CAST ct_text_str(&text)))
		suite = NULL;
	ct_text_fini(&text);
	return suite;
}

static void append_suite(struct ct_text *whole, xmlDocPtr part, xmlNodePtr suite)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
	xmlBufferPtr buffer = xmlBufferCreate();
	bool dumped = buffer && xmlNodeDump(buffer, part, suite, 1, 0) >= 0;

	if (!dumped) {
		whole->failed = true;
	} else {
		if (!whole->len)
			ct_text_add(whole, head);
		else
			whole->len -= sizeof(LAST_LINE) - 1;
		ct_text_addc(whole, '\t');
		ct_text_addn(whole, (const char *)xmlBufferContent(buffer),
			     (size_t)xmlBufferLength(buffer));
		ct_text_add(whole, "\n" LAST_LINE);
	}
	if (buffer)
		xmlBufferFree(buffer);
}

enum ct_status ct_junit_join(struct ct_text *whole, const struct ct_text *part,
			     const struct ct_report_run *run)
{
	xmlDocPtr document = NULL;
	xmlNodePtr suite;

	if (part->len <= INT_MAX)
		document = xmlReadMemory(ct_text_str(part), (int)part->len, NULL, NULL,
					 XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR |
						 XML_PARSE_NOWARNING);
	suite = named_suite(document, next_id(whole), run);
	if (suite)
		append_suite(whole, document, suite);
	xmlFreeDoc(document);
	return suite ? ct_text_status(whole) : CT_EFORMAT;
}
