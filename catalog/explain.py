"""From pydantic's errors to faults that say what is wrong and what to do, with the nearest word.

Keep out: files and lines (load.py), checks of our own (entry_checks.py, cross_checks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from catalog.document import Value
from catalog.problem import Fault, Place, nearest
from catalog.rules import RuleBase, read_rules

RULES: Place = ("quality", "rules")


def explain(
    error: ValidationError, document: Value, model: type[BaseModel], *, named: tuple[str, ...] = ()
) -> Iterator[Fault]:
    """Yield one fault for each wrong place of a document that `model` refused."""
    seen: set[Place] = set()
    for detail in error.errors(include_url=False):
        place = _place(detail, document)
        written = _value(document, RULES)
        in_rules = place[: len(RULES)] == RULES and isinstance(written, list)
        if (mark := RULES if in_rules else place) in seen:
            continue
        seen.add(mark)
        if in_rules:
            yield from _rules(written, named)
        else:
            yield Fault(place, _message(detail, _model_at(model, detail["loc"][:-1])))


def field(place: Place, document: Value) -> str:
    """Return a place as people read it: items[usage_m3].codes, quality.rules[2].sum.of."""
    words = ""
    for position, part in enumerate(place):
        if isinstance(part, str):
            words += f".{part}" if words else part
            continue
        value = _value(document, place[: position + 1])
        name = value.get("name") if isinstance(value, dict) else None
        words += f"[{name if isinstance(name, str) else part + 1}]"
    return words


def _rules(written: list[Any], named: tuple[str, ...]) -> Iterator[Fault]:
    """Yield the faults of each rule by itself: one bad rule hides no other."""
    for position, rule in enumerate(written):
        place: Place = (*RULES, position)
        if isinstance(rule, RuleBase):
            continue
        if isinstance(rule, str):
            yield Fault(place, f"no rule is named '{rule}'{nearest(rule, named)}")
        elif not (isinstance(rule, dict) and len(rule) == 1):
            yield Fault(place, "is not a rule — write a name or {name: {…}}")
        else:
            ((kind, arguments),) = rule.items()
            yield from _one_rule((*place, kind), kind, arguments)


def _one_rule(place: Place, kind: str, arguments: Value) -> Iterator[Fault]:
    if not isinstance(arguments, dict):
        yield Fault(place, f"rule {kind} needs arguments — write {{{kind}: {{…}}}}")
        return
    try:
        read_rules([{kind: arguments}])
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if detail["type"] == "union_tag_invalid":
                yield Fault(place, f"no rule is named '{kind}'{nearest(kind, tuple(_kinds()))}")
            else:
                inner = tuple(detail["loc"][2:])
                yield Fault((*place, *inner), _message(detail, _kinds().get(kind)))


def _kinds() -> dict[str, type[RuleBase]]:
    return {
        kind: rule
        for rule in RuleBase.__subclasses__()
        for kind in get_args(rule.model_fields["kind"].annotation)
    }


def _place(detail: ErrorDetails, document: Value) -> Place:
    """Return where the error is in the document: unions add steps that nobody wrote."""
    place: Place = tuple(detail["loc"])
    least = len(place) if detail["type"] == "missing" else 0
    while len(place) > least and _value(document, place) is _NOWHERE:
        place = place[:-1]
    return place


_NOWHERE = object()


def _value(document: Any, place: Place) -> Any:  # noqa: ANN401 - any part of a document
    for part in place:
        try:
            document = document[part]
        except (KeyError, IndexError, TypeError):
            return _NOWHERE
    return document


def _message(detail: ErrorDetails, model: type[BaseModel] | None) -> str:
    written, last = detail["input"], detail["loc"][-1] if detail["loc"] else ""
    match detail["type"]:
        case "missing":
            return f"is missing — add `{last}: …`"
        case "extra_forbidden":
            return f"unknown word '{last}'{nearest(str(last), _words(model))}"
        case "literal_error":
            allowed = re.findall(r"'([^']*)'|(\d+)", detail["ctx"]["expected"])
            words = [text or number for text, number in allowed]
            return f"{written!r} is not allowed{nearest(str(written), words)}"
        case "string_type":
            return f"{written!r} is not text — put it in quotes"
        case "value_error":
            return detail["msg"].removeprefix("Value error, ")
    return f"{detail['msg']}, not {written!r} — correct it"


def _words(model: type[BaseModel] | None) -> list[str]:
    fields = model.model_fields.items() if model else ()
    return [info.alias or name for name, info in fields if name != "kind"]


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """Return the model whose words are allowed at a place."""
    found: type[BaseModel] | None = model
    for part in place:
        if isinstance(part, str) and found is not None:
            info = found.model_fields.get(part)
            found = _model_in(info.annotation) if info else None
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type's own form
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)
