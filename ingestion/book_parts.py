"""What an xlsx says of its sheets: names, where they lie, which are hidden, how days are counted.

Keep out: what stands in a sheet (sheet_scan, sheet).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
PART = 16 << 20  # bytes of the list of sheets: thousands of times what any has
Attributes = dict[str, str]


class BrokenBook(Exception):  # noqa: N818 - told to the reader, which knows the file's name
    """A workbook whose list of sheets cannot be read."""


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook."""

    name: str
    path: str  # in the archive
    hidden: bool


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook in their order; `since_1904` when days are counted from there."""

    pages: tuple[Page, ...]
    since_1904: bool


def read_book(archive: zipfile.ZipFile) -> Book:
    """Return what a workbook says of its sheets; BrokenBook when it does not."""
    links: dict[str, str] = {}
    found: list[tuple[str, str, bool]] = []
    since_1904 = False

    def link(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            links[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target))[1:]

    def book(tag: str, attributes: Attributes) -> None:
        nonlocal since_1904
        if tag == "workbookPr":
            since_1904 = attributes.get("date1904", "0").lower() in ("1", "true")
        if tag == "sheet":
            where = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            found.append((attributes.get("name", ""), where, hidden))

    _walk(archive, LINKS, link)
    _walk(archive, BOOK, book)
    pages = tuple(Page(name, links[at], hidden) for name, at, hidden in found if at in links)
    if not pages:
        raise BrokenBook("it has no sheet")
    return Book(pages, since_1904)


def _walk(archive: zipfile.ZipFile, part: str, start: Callable[[str, Attributes], None]) -> None:
    """Call for each element of a part, by its name without prefix."""
    try:
        if archive.getinfo(part).file_size > PART:
            raise BrokenBook(f"{part} is too large")
        text = archive.read(part)
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda tag, said: start(tag.rpartition(":")[2], said)
        parser.StartDoctypeDeclHandler = _doctype
        parser.Parse(text, True)
    except KeyError:
        raise BrokenBook(f"{part} is missing") from None
    except expat.ExpatError as error:
        raise BrokenBook(f"{part}: {error}") from error


def _doctype(*_: object) -> None:
    raise BrokenBook("it has a document type")
