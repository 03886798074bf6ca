"""The vocabulary folder → one Vocabulary.

Files of NAMED hold one section; any other holds `list: {code: title}`.

Keep out: entries (load.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from catalog.document import Value
from catalog.explain import explain
from catalog.locate import locate, read_document
from catalog.problem import CatalogError, Fault, Place, Problem, nearest
from catalog.rules import read_rules
from catalog.vocabulary import (
    Deadline,
    Division,
    Limit,
    PlaceName,
    Tariff,
    Term,
    Unit,
    Vocabulary,
)

VOCABULARY = Path(__file__).parent / "vocabulary"
SECTIONS: dict[str, type[BaseModel]] = {
    "units": Unit,
    "divisions": Division,
    "deadlines": Deadline,
    "limits": Limit,
    "place_names": PlaceName,
    "elsewhere": Division,
    "terms": Term,
    "tariffs": Tariff,
}
MARKS = {"divisions": "code", "elsewhere": "code", "terms": "names"}  # what is written once
PLAIN = ("groups", "area_codes")  # mappings of text to text
OPTIONAL = ("tariffs", "area_codes", "place_names", "elsewhere", "terms")
NAMED = (*SECTIONS, *PLAIN, "rules")  # what else is there is a file of code lists


def load_vocabulary(folder: Path = VOCABULARY) -> Vocabulary:
    """Load the vocabularies of a folder; CatalogError lists all that is wrong."""
    documents = {path.stem: (path, read_document(path)) for path in sorted(folder.glob("*.yaml"))}
    missing = [name for name in NAMED if name not in (*documents, *OPTIONAL)]
    if missing:
        raise CatalogError(
            [Problem(folder / f"{n}.yaml", 1, n, "is missing — add the file") for n in missing]
        )
    read: dict[str, Any] = {"code_lists": {}}
    problems: list[Problem] = []
    for name, (path, document) in documents.items():
        faults = tuple(_faults(name, document))
        problems += locate(path, faults)
        if not faults:
            _take(read, name, document)
    problems += [] if problems else _doubled_lists(documents)
    if problems:
        raise CatalogError(sorted(problems))
    vocabulary = Vocabulary.model_validate(read)
    for name, wrong in (
        ("divisions", tuple(_division_faults(vocabulary, "divisions"))),
        ("elsewhere", tuple(_division_faults(vocabulary, "elsewhere"))),
        ("place_names", tuple(_place_name_faults(vocabulary))),
        ("terms", tuple(_term_faults(vocabulary))),
    ):
        if wrong:
            raise CatalogError(locate(documents[name][0], wrong))
    return vocabulary


def _take(read: dict[str, Any], name: str, document: dict[str, Any]) -> None:
    if name in SECTIONS or name in PLAIN:
        read[name] = document[name]
    elif name == "rules":
        read[name] = {rule: read_rules([body])[0] for rule, body in document[name].items()}
    else:
        for title, codes in document.items():
            read["code_lists"][title] = [{"code": c, "title": t} for c, t in codes.items()]


def _faults(name: str, document: dict[str, Value]) -> Iterator[Fault]:
    if name not in NAMED:
        yield from _code_list_faults(document)
    elif name not in document or len(document) > 1:
        yield Fault((), f"holds more or other than `{name}:` — put the rest where it belongs")
    elif name in SECTIONS:
        yield from _section_faults(name, document)
    elif name in PLAIN:
        yield from _code_list_faults(document)
    else:
        yield from _rule_faults(document)


def _section_faults(name: str, document: dict[str, Value]) -> Iterator[Fault]:
    model = SECTIONS[name]
    try:
        rows = TypeAdapter(tuple[model, ...]).validate_python(document[name])  # type: ignore[valid-type]
    except ValidationError as error:
        for fault in explain(error, document[name], model):
            yield Fault((name, *fault.place), fault.message)
        return
    word = MARKS.get(name, "name")
    seen: set[tuple[Any, ...]] = set()
    for position, row in enumerate(rows):
        # The same code or name may come again with another validity, never with the same.
        mark = tuple(getattr(row, each, None) for each in (word, "valid_from", "stands_for"))
        if mark in seen:
            yield Fault((name, position), f"{word} '{mark[0]}' is written twice — keep one")
        seen.add(mark)


def _code_list_faults(document: dict[str, Value]) -> Iterator[Fault]:
    for name, codes in document.items():
        if not isinstance(codes, dict) or not codes:
            yield Fault((name,), "is not a code list — write {code: title, …}")
            continue
        for code, title in codes.items():
            if not isinstance(title, str):
                yield Fault((name, code), f"{title!r} is not a title — write text")


def _rule_faults(document: dict[str, Value]) -> Iterator[Fault]:
    named = document["rules"]
    if not isinstance(named, dict):
        yield Fault(("rules",), "is not a mapping — write {name: {rule: {…}}}")
        return
    for name, body in named.items():
        place: Place = ("rules", name)
        try:
            read_rules([body])
        except ValidationError as error:
            yield Fault(place, f"{error.errors()[0]['msg']} — correct the rule")
        except ValueError as error:
            yield Fault(place, str(error))


def _doubled_lists(documents: dict[str, tuple[Path, dict[str, Value]]]) -> list[Problem]:
    lists = [
        (name, path)
        for stem, (path, document) in documents.items()
        if stem not in NAMED
        for name in document
    ]
    times = Counter(name for name, _ in lists)
    return [
        problem
        for name, path in lists
        if times[name] > 1 or name == "divisions"
        for problem in locate(path, [Fault((name,), "code list is written twice — keep one")])
    ]


def _division_faults(vocabulary: Vocabulary, section: str) -> Iterator[Fault]:
    codes = set(vocabulary.codes("divisions"))
    for position, division in enumerate(getattr(vocabulary, section)):
        for word in ("parent", "successor"):
            code = getattr(division, word)
            if code is not None and code not in codes:
                place: Place = (section, position, word)
                yield Fault(place, f"no division has the code '{code}'{nearest(code, codes)}")
        if division.valid_to is not None and division.valid_to < division.valid_from:
            place = (section, position, "valid_to")
            yield Fault(place, "is before valid_from — exchange the two")


def _place_name_faults(vocabulary: Vocabulary) -> Iterator[Fault]:
    codes = set(vocabulary.codes("divisions"))
    for position, place in enumerate(vocabulary.place_names):
        is_code = place.kind in ("district", "street")
        if is_code and place.stands_for not in codes:
            near = nearest(place.stands_for, codes)
            message = f"no division has the code '{place.stands_for}'{near}"
            yield Fault(("place_names", position, "stands_for"), message)
        if place.valid_to is not None and place.valid_to < place.valid_from:
            message = "is before valid_from — exchange the two"
            yield Fault(("place_names", position, "valid_to"), message)


def _term_faults(vocabulary: Vocabulary) -> Iterator[Fault]:
    meant: dict[tuple[str, str], str] = {}
    for position, term in enumerate(vocabulary.terms):
        place: Place = ("terms", position)
        if term.kind not in vocabulary.code_lists:
            near = nearest(term.kind, vocabulary.code_lists)
            yield Fault((*place, "kind"), f"no code list is '{term.kind}'{near}")
        elif term.stands_for not in (codes := vocabulary.codes(term.kind)):
            near = nearest(term.stands_for, codes)
            yield Fault((*place, "stands_for"), f"{term.kind} has no '{term.stands_for}'{near}")
        for number, name in enumerate(term.names):
            other = meant.setdefault((term.kind, name), term.stands_for)
            if other != term.stands_for:
                message = f"'{name}' stands for {other} already — keep one"
                yield Fault((*place, "names", number), message)
