"""HTML and odd text into plain text: paragraphs separated by a blank line, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Elements whose content nobody reads, and those that end a paragraph.
UNREAD = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas",
    "audio", "video", "form", "button", "select", "textarea", "input", "head", "title", "nav",
]  # fmt: skip
BLOCKS = (
    "p, div, section, article, header, footer, aside, main, h1, h2, h3, h4, h5, h6, ul, ol, li, "
    "dl, dt, dd, table, tr, blockquote, pre, figure, figcaption, hr, address, details, summary"
)
CELLS = "td, th"
LONGEST_HTML = 300_000  # characters that are read; a longer fragment is no news story
PARAGRAPH, LINE = "\x1e", "\x1f"  # record and unit separator: no feed's text can contain them
# Elements that HTML lets swallow all that follows, though feeds close them as XML does (<iframe/>).
_SWALLOWING = re.compile(
    r"</?(?:iframe|object|embed|noembed|noframes|plaintext|xmp)\b[^<>]{0,2000}>", re.IGNORECASE
)
_MARKUP = re.compile(r"<[A-Za-z/!?]|&[#A-Za-z]")
# Controls, marks that change the direction of writing, characters without width (but the joiners
# that Persian, Indic scripts and emoji need), soft hyphens, and the invisible tag characters.
_UNSEEN = (
    "\x00-\x08\x0e-\x1d\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_UNSEEN}{PARAGRAPH}{LINE}]")
_INVISIBLE_BUT_MARKS = re.compile(f"[{_UNSEEN}]")
# Fragments that are nothing but these tags need no tree of elements: the same text comes out of a
# few substitutions, in a tenth of the time (a test holds the two together).
_TAG = re.compile(
    r"""<(/?[a-zA-Z][a-zA-Z0-9]*)\b[^<>"']*(?:"[^"<>]*"[^<>"']*|'[^'<>]*'[^<>"']*)*>"""
)
_SIMPLE_BLOCKS = "p|div|blockquote|ul|ol|li|h[1-6]"
_SIMPLE = re.compile(
    rf"/?(?:{_SIMPLE_BLOCKS}|br|a|b|i|u|em|strong|span|small|sub|sup|cite|img)", re.IGNORECASE
)
_BLOCKS = frozenset({"div", "blockquote", "ul", "ol", "li", *(f"h{n}" for n in range(1, 7))})
_BLOCK_TAG = re.compile(rf"</?(?:{_SIMPLE_BLOCKS})\b[^<>]*>", re.IGNORECASE)
_LINE_TAG = re.compile(r"</?br\b[^<>]*>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"<[^<>]*>")
_MARK_REFERENCE = re.compile(r"&#(?:x0*1[ef]|0*3[01])(?![0-9a-f])", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_LINES = re.compile(rf"{LINE}\s*{LINE}")
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")


def visible(text: str) -> str:
    """`text` without what cannot be seen, composed (NFC), white space as it was."""
    return _composed(_INVISIBLE.sub("", text))


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """`text` on one line, nothing invisible, single blanks."""
    return _BLANKS.sub(" ", visible(text)).strip()


def from_plain(text: str) -> str:
    """Plain text with its paragraphs (blank lines) kept and its lines joined."""
    return _joined(_BLANK_LINES.split(visible(text).replace("\r\n", "\n")))


def from_html(html: str) -> str:
    """What a reader would see of an HTML fragment, as paragraphs; never raises."""
    if not _MARKUP.search(html):
        return from_plain(html)
    fragment = visible(html[:LONGEST_HTML])
    text = _text_of_simple(fragment) if _is_simple(fragment) else _text_of_tree(fragment)
    return _joined(visible_again(text).split(PARAGRAPH))


def _is_simple(fragment: str) -> bool:
    """Whether every tag is well-formed and one of the usual few."""
    tags = _TAG.findall(fragment)
    return (
        len(tags) == fragment.count("<")
        and all(map(_SIMPLE.fullmatch, set(tags)))
        and not _MARK_REFERENCE.search(fragment)
        and _closes_what_it_opens(tags)
    )


def _closes_what_it_opens(tags: list[str]) -> bool:
    """Whether no tag closes a block that is not open: HTML passes over such a tag."""
    opened: Counter[str] = Counter()
    for tag in map(str.lower, tags):
        if tag[1:] in _BLOCKS and not opened[tag[1:]]:
            return False
        opened[tag[1:] if tag[0] == "/" else tag] += -1 if tag[0] == "/" else 1
    return True


def _text_of_simple(fragment: str) -> str:
    marked = _LINE_TAG.sub(LINE, _BLOCK_TAG.sub(PARAGRAPH, fragment))
    return unescape(_OTHER_TAG.sub("", marked))


def _text_of_tree(fragment: str) -> str:
    root = LexborHTMLParser(_SWALLOWING.sub("", fragment)).root
    if root is None:
        return ""
    root.strip_tags(UNREAD, recursive=True)
    _mark(root)
    return str(root.text(separator=""))


def visible_again(text: str) -> str:
    """Without what character references brought back, the two marks kept."""
    return _composed(_INVISIBLE_BUT_MARKS.sub("", text))


def _mark(root: LexborNode) -> None:
    for block in root.css(BLOCKS):
        block.insert_before(PARAGRAPH)
        block.insert_after(PARAGRAPH)
    for cell in root.css(CELLS):
        cell.insert_after(" ")
    for line in root.css("br"):
        line.insert_before(LINE)


def _joined(paragraphs: list[str]) -> str:
    """Paragraphs with a blank line between; two line breaks in a row end a paragraph too."""
    pieces = (
        " ".join(piece.split())
        for paragraph in paragraphs
        for piece in (_LINES.split(paragraph) if LINE in paragraph else (paragraph,))
    )
    return "\n\n".join(piece for piece in pieces if piece)
