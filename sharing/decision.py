"""The one decision (判定) through which every crossing goes: denied unless a rule allows it.

Values in, a value with its reason out; nothing is looked up and nothing is written down here.
Keep out: grants' making (grant.py), disclosure of small cells, and the crossing itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from catalog.entry import Entry, Terms
from catalog.vocabulary import Vocabulary
from sharing.crossing import Kind
from sharing.grant import Application, Grant, years_after

PUBLIC = "public"  # recipient of unconditionally opened data
NOTE = "《贵阳市贵安新区公共数据管理办法》起草说明"
DECREE = "《政务数据共享条例》（国务院令第809号）"
GRADES = "GB/T 43697-2024 数据分类分级规则"
LICENCE_TERM = "licence_term"  # name of the limit in vocabulary/limits.yaml


class Reason(StrEnum):
    """Why a crossing is allowed or refused."""

    ALLOWED_BACKFLOW = "backflow"
    ALLOWED_UNCONDITIONAL = "unconditional"
    ALLOWED_GRANT = "granted"
    NOT_RELEASED = "not_released"
    VERDICT_NOT_PASSED = "verdict_not_passed"
    CLASSIFIED = "classified"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_RECIPIENT = "unknown_recipient"
    NOT_MARKED = "not_marked_for_backflow"
    ACCESS_NONE = "access_none"
    NO_GRANT = "no_grant"
    ITEM_NOT_GRANTED = "item_not_granted"
    OTHER_PURPOSE = "other_purpose"
    GRANT_NOT_ACTIVE = "grant_not_active"
    PERSONAL_ITEM = "personal_item"
    ONLY_AGGREGATE = "only_aggregate"
    TERM_TOO_LONG = "term_too_long"


@dataclass(frozen=True)
class Request:
    """Everything that the decision depends on."""

    kind: Kind
    recipient: str  # backflow: division code; share: unit; open: public or applicant; operator
    entry: Entry
    items: tuple[str, ...]
    on: dt.date
    vocabulary: Vocabulary
    version: int | None  # released version, none when there is none
    verdict_passed: bool
    purpose: str = ""
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The answer: whether, why (code and words), and by what rule."""

    allowed: bool
    reason: Reason
    text: str
    basis: str


def decide(request: Request) -> Decision:
    """Decide on one crossing: refused unless everything holds and a rule allows it."""
    return _unfit(request) or RULES[request.kind](request)


def _unfit(request: Request) -> Decision | None:
    """Refuse what no kind of crossing may carry."""
    entry, level = request.entry, request.entry.classification.level
    unknown = sorted(set(request.items) - {item.name for item in entry.items})
    if request.version is None:
        return _no(Reason.NOT_RELEASED, f"{entry.title}尚无放行版本", NOTE)
    if not request.verdict_passed:
        return _no(Reason.VERDICT_NOT_PASSED, f"{entry.title}未通过质检", NOTE)
    if level not in {1, 2, 3, 4}:
        return _no(Reason.CLASSIFIED, f"{entry.title}定级为{level}，本系统不予提供", GRADES)
    if unknown or not request.items:
        return _no(Reason.UNKNOWN_ITEM, f"信息项不在目录中：{'、'.join(unknown) or '（空）'}", NOTE)
    return None


def _backflow(request: Request) -> Decision:
    entry = request.entry
    if entry.backflow is None:
        return _no(Reason.NOT_MARKED, f"目录未将{entry.title}列入回流", NOTE)
    for division in request.vocabulary.recipients():
        ended = division.valid_to is not None and division.valid_to < request.on
        if division.code == request.recipient and division.valid_from <= request.on and not ended:
            if entry.backflow.purpose is not None:
                return _granted(request, entry.sharing)
            text = f"{entry.title}按{entry.item(entry.backflow.by).title}向{division.name}回流"
            return _yes(Reason.ALLOWED_BACKFLOW, text, f"{DECREE}；{NOTE}：及时、完整向下级回流")
    return _no(Reason.UNKNOWN_RECIPIENT, f"{request.recipient}当日不是回流对象", NOTE)


def _share(request: Request) -> Decision:
    if request.recipient not in {unit.name for unit in request.vocabulary.units}:
        return _no(Reason.UNKNOWN_RECIPIENT, f"{request.recipient}不是本市共享单位", DECREE)
    access, title = request.entry.sharing, request.entry.title
    if access.type == "none":
        return _no(Reason.ACCESS_NONE, f"{title}不予共享", _basis(access))
    if access.type == "unconditional":
        return _yes(Reason.ALLOWED_UNCONDITIONAL, f"{title}无条件共享", _basis(access))
    return _granted(request, access)


def _open(request: Request) -> Decision:
    access, title = request.entry.opening, request.entry.title
    refused = _closed(request, access)
    if refused is not None:
        return refused
    if access.type == "unconditional":
        return _yes(Reason.ALLOWED_UNCONDITIONAL, f"{title}无条件开放", _basis(access))
    return _granted(request, access)


def _license(request: Request) -> Decision:
    access = request.entry.opening
    return _closed(request, access) or _term(request) or _granted(request, access)


def _closed(request: Request, access: Terms) -> Decision | None:
    """Refuse rows that must not leave the public bodies: closed, personal, or only as sums."""
    title = request.entry.title
    personal = [
        item.title
        for item in request.entry.items
        if item.name in request.items and item.sensitivity in {"personal", "sensitive_personal"}
    ]
    if access.type == "none":
        return _no(Reason.ACCESS_NONE, f"{title}不予开放", _basis(access))
    if access.aggregate is not None:
        text = f"{title}只可按{request.entry.item(access.aggregate).title}汇总后提供"
        return _no(Reason.ONLY_AGGREGATE, text, _basis(access))
    if personal:
        text = f"含个人信息：{'、'.join(personal)}"
        return _no(Reason.PERSONAL_ITEM, text, "《中华人民共和国个人信息保护法》")
    return None


def _term(request: Request) -> Decision | None:
    """Refuse a licence longer than the limit of the day; without a limit none is short enough."""
    years = min(
        (
            int(limit.value)
            for limit in request.vocabulary.limits
            if limit.name == LICENCE_TERM
            and limit.valid_from <= request.on
            and (limit.valid_to is None or request.on <= limit.valid_to)
        ),
        default=0,
    )
    for grant in _mine(request):
        terms = grant.application
        if terms.valid_to >= years_after(terms.valid_from, years):
            text = f"授权期限{terms.valid_from}至{terms.valid_to}超过{years}年"
            return _no(Reason.TERM_TOO_LONG, text, f"{NOTE}：期限原则上不超过3年")
    return None


def _granted(request: Request, access: Terms) -> Decision:
    """Allow what one active grant covers whole; otherwise name the nearest thing that lacks."""
    mine = _mine(request)
    basis, title = _basis(access), request.entry.title
    if not mine:
        text = f"{title}须经申请批准，{request.recipient}没有授权"
        return _no(Reason.NO_GRANT, text, basis)
    active = [grant for grant in mine if grant.active(request.on)]
    if not active:
        return _no(
            Reason.GRANT_NOT_ACTIVE, f"授权在{request.on}无效（未生效、已到期或撤销）", basis
        )
    same = [grant for grant in active if grant.application.purpose == request.purpose]
    if not same:
        return _no(Reason.OTHER_PURPOSE, f"用途“{request.purpose}”不在授权之内", basis)
    for grant in same:
        if set(request.items) <= set(grant.application.items):
            return _yes(Reason.ALLOWED_GRANT, f"授权{grant.id}：{request.purpose}", basis)
    return _no(Reason.ITEM_NOT_GRANTED, "所请信息项超出授权范围", basis)


def _mine(request: Request) -> list[Grant]:
    wanted = (request.kind, request.recipient, request.entry.zone, request.entry.name)
    return [grant for grant in request.grants if _about(grant.application) == wanted]


def _about(terms: Application) -> tuple[str, str, str, str]:
    return terms.kind, terms.recipient, terms.zone, terms.name


def _basis(access: Terms) -> str:
    cited = [text for text in (access.legal_basis, access.condition) if text]
    return "；".join(cited) or f"{DECREE}：目录所列类型"


def _yes(reason: Reason, text: str, basis: str) -> Decision:
    return Decision(True, reason, text, basis)


def _no(reason: Reason, text: str, basis: str) -> Decision:
    return Decision(False, reason, text, basis)


RULES: dict[Kind, Callable[[Request], Decision]] = {
    "backflow": _backflow,
    "share": _share,
    "open": _open,
    "license": _license,
}
