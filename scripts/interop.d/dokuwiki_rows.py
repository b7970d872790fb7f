"""DokuWiki called by us: pages, files and lists as its remote clients handle them."""

import base64
import re

import dokuwiki_peer
import trestle
import xmlrpc_services
from matrix import equal, same
from xmlrpc_services import DECLARED, Row, Service

TEXT = "====== Hello ======\n\n<&> \u00fc \u6f22 \"quoted\""
PICTURE = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:?00")
SERVICE = Service("dokuwiki", {
    "dokuwiki.getVersion": ([], "string"),
    "dokuwiki.getTitle": ([], "string"),
    "dokuwiki.getTime": ([], "int"),
    "dokuwiki.setLocks": (["locks: { struct: { lock: [string], unlock: [string] } }"], "any"),
    "dokuwiki.getPagelist": (["namespace: string", "options: { struct: { hash: boolean } }"],
                             "[{ struct: { id: string, rev: int, mtime: int, size: int, hash: string } }]"),
    "wiki.putPage": (["page: string", "text: string", "options: { struct: { sum: string, minor: boolean } }"],
                     "boolean"),
    "wiki.getPage": (["page: string"], "string"),
    "wiki.getPageInfo": (["page: string"],
                         "{ struct: { name: string, lastModified: dateTime, author: string, version: int } }"),
    "wiki.getPageHTML": (["page: string"], "string"),
    "wiki.getAllPages": ([], "[{ struct: { id: string, perms: int, size: int, lastModified: dateTime } }]"),
    "wiki.putAttachment": (["id: string", "data: base64", "options: { struct: { ow: boolean } }"], "string"),
    "wiki.getAttachment": (["id: string"], "base64"),
    "wiki.deleteAttachment": (["id: string"], "any"),
    "wiki.getAttachmentInfo": (["id: string"], "{ struct: { lastModified: dateTime, size: int } }"),
})


def put(context, page, text=TEXT):
    equal(context.call("wiki.putPage", page, text, {"sum": "by <us>", "minor": False}), True)


def page_info(context):
    put(context, "some:info")
    info = context.call("wiki.getPageInfo", "some:info")
    assert DATE.fullmatch(info["lastModified"]), info
    same([("name", info["name"], "some:info"), ("author", info["author"], "127.0.0.1"),
          ("whole", info, context.python("wiki.getPageInfo", "some:info"))])


def page(context):
    put(context, "some:page")
    equal(context.call("wiki.getPage", "some:page"), TEXT)


def html(context):
    put(context, "some:html", "a <&> \u00fc")
    equal(context.call("wiki.getPageHTML", "some:html"), "\n<p>\na &lt;&amp;&gt; \u00fc\n</p>\n")


def page_list(context):
    put(context, "listed:one")
    found = context.call("dokuwiki.getPagelist", "listed", {"hash": True})
    same([("ids", [each["id"] for each in found], ["listed:one"]),
          ("whole", found, context.python("dokuwiki.getPagelist", "listed", {"hash": True}))])


def all_pages(context):
    put(context, "some:page")
    found = context.call("wiki.getAllPages")
    assert all(DATE.fullmatch(each["lastModified"]) for each in found) and found, found
    equal(found, context.python("wiki.getAllPages"))


def attachment(context):
    equal(context.call("wiki.putAttachment", "some:dot.png", PICTURE, {"ow": True}), "some:dot.png")
    same([("bytes", context.call("wiki.getAttachment", "some:dot.png"), PICTURE),
          ("size", context.call("wiki.getAttachmentInfo", "some:dot.png")["size"], len(base64.b64decode(PICTURE)))])


def refused(context):
    """DokuWiki's answer has the HTTP status 401 and, where a fault belongs, an empty struct."""
    with trestle.workspace({SERVICE.name: SERVICE.adapter(context.server.url, True)}) as folder:
        outcome = trestle.call(SERVICE.name, "wiki.deleteAttachment", {"id": "some:dot.png"}, folder)
    assert outcome.code, f"exit 0 with {outcome.out.strip()}: {outcome.err.strip()}"


ROWS = [
    Row("dokuwiki.getVersion: a string in white space", lambda context: equal(
        context.call("dokuwiki.getVersion"), context.python("dokuwiki.getVersion"))),
    Row("dokuwiki.getTitle: markup", lambda context: equal(context.call("dokuwiki.getTitle"), "Interop <&> \u00fc")),
    Row("dokuwiki.setLocks: a struct of arrays there and back", lambda context: equal(
        context.call("dokuwiki.setLocks", {"lock": ["a", "b"], "unlock": ["c"]}),
        {"locked": ["a", "b"], "lockfail": [], "unlocked": [], "unlockfail": ["c"]})),
    Row("wiki.putPage, getPage: a text", page),
    Row("wiki.getPageHTML", html),
    Row("wiki.getPageInfo: a date with a zone", page_info),
    Row("dokuwiki.getPagelist: an array of structs", page_list),
    Row("wiki.getAllPages: an array of structs with dates", all_pages),
    Row("wiki.putAttachment, getAttachment: base64", attachment, DECLARED),
    Row("wiki.deleteAttachment: refused with 401 is no success", refused, DECLARED),
]


def run(matrix):
    xmlrpc_services.run(matrix, SERVICE, dokuwiki_peer.DokuWiki(), ROWS)


def run_peers(matrix):
    xmlrpc_services.run_peers(matrix, SERVICE, dokuwiki_peer.DokuWiki(), ROWS)
