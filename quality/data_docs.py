"""Data Docs: a kept result document of Great Expectations as a page that opens without a network.

Its own renderers say what was expected and seen; the page around them is ours, since theirs
loads styles and scripts from elsewhere. Keep out: which verdicts there are (orchestration).
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

STYLE = """
body{font:14px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0;color:#1c2733}
header{background:#1f4e79;color:#fff;padding:14px 28px}header a{color:#cfe2f3}
header h1{font-size:20px;margin:0 0 2px}main{padding:18px 28px;max-width:1500px}
table{border-collapse:collapse;width:100%;margin:8px 0 18px}
th,td{border:1px solid #d5dde5;padding:5px 9px;text-align:left;vertical-align:top}
th{background:#eef3f8;position:sticky;top:0;white-space:nowrap}tr:hover td{background:#f7fafc}
.passed,.text-success{color:#1b7f3b}.failed,.text-danger{color:#b3261e}.number{text-align:right}
.passed,.failed,.number,.moment{white-space:nowrap}
.alert{padding:8px 12px;background:#f4f6f8;border-left:4px solid #1f4e79;margin:8px 0}
h2,h3,h4,h5{margin:14px 0 6px}.badge{background:#e3ebf3;border-radius:4px;padding:1px 6px}
.hide-succeeded-validations-column-section-target-child,.section h5{color:#1f4e79}
button,.collapse,.ge-walkthrough-modal,script{display:none}a{color:#1f4e79}pre{white-space:pre-wrap}
.fa-check-circle:before{content:"✔"}.fa-times:before{content:"✘"}
.fa-exclamation-triangle:before{content:"⚠"}.fas,.fa{font-style:normal}
"""
BLOCKS = (
    "{% for section in sections %}{% set section_loop = loop %}"
    "{% include 'section.j2' %}{% endfor %}"
)
LINKS = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)  # of a site that is not this one
ELSEWHERE = re.compile(r"""<(?:script|link|img)\b[^>]*(?:src|href)="https?:[^>]*>""")


def page(title: str, body: str, *, home: str = "") -> str:
    """Return a whole page around a body."""
    back = f'<a href="{home}">全部质检结果</a>' if home else ""
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><header><h1>{html.escape(title)}</h1>{back}</header><main>{body}</main></body></html>\n"
    )


def listing(columns: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as a table; a cell given as (text, link) is a link, True and False are marks."""
    named = any(columns.values())
    head = "".join(f"<th>{html.escape(title)}</th>" for title in columns.values())
    cells = ("".join(_cell(row.get(name)) for name in columns) for row in rows)
    lines = [*([head] if named else []), *cells]
    return "".join(("<table>", *(f"<tr>{line}</tr>" for line in lines), "</table>"))


def notice(text: str) -> str:
    """Return a sentence that stands out."""
    return f'<p class="alert">{html.escape(text)}</p>'


def result_page(
    document: Mapping[str, Any],
    *,
    title: str,
    facts: Iterable[tuple[str, str]],
    rules: str,
    home: str,
) -> str:
    """Return the page of one kept result document, rendered by Great Expectations."""
    told = listing({"what": "", "value": ""}, [{"what": w, "value": v} for w, v in facts])
    summary = "<summary>Great Expectations 原始结果</summary>"
    blocks = f"<details>{summary}{_rendered(document)}</details>"
    return page(title, told + rules + blocks, home=home)


def _rendered(document: Mapping[str, Any]) -> str:
    """Return a document as Great Expectations shows it; as it stands where it knows it no more."""
    from great_expectations.core.expectation_validation_result import (
        expectationSuiteValidationResultSchema,
    )
    from great_expectations.exceptions.exceptions import ExpectationNotFoundError
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    from quality import expectations
    from quality.gx_polars import expectations as _  # noqa: F401 - they register themselves

    expectations.register()
    result = expectationSuiteValidationResultSchema.load(_loadable(document))
    try:
        shown = ValidationResultsPageRenderer(run_info_at_end=True).render(result)
    except ExpectationNotFoundError:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        return f"<pre>{html.escape(text)}</pre>"
    return LINKS.sub(r"\1", ELSEWHERE.sub("", str(_view().render(shown))))


@cache
def _view() -> Any:  # noqa: ANN401 - GX's own
    """Return Great Expectations' view of a page with our frame in place of its own."""
    from great_expectations.render.view.view import DefaultJinjaPageView
    from jinja2 import ChoiceLoader, DictLoader

    view: Any = DefaultJinjaPageView()
    view.env.loader = ChoiceLoader([DictLoader({"page.j2": BLOCKS}), view.env.loader])
    return view


def _loadable(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with what the loader of this release wants and older ones lack."""
    return {"meta": {}, "suite_parameters": None, **document}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        mark, kind = ("✔ 通过", "passed") if value else ("✘ 未通过", "failed")
        return f'<td class="{kind}">{mark}</td>'
    if isinstance(value, tuple):
        text, link = value
        return f'<td><a href="{html.escape(str(link))}">{html.escape(str(text))}</a></td>'
    kind = ' class="number"' if isinstance(value, int | float) else ""
    kind = ' class="moment"' if isinstance(value, dt.datetime) else kind
    return f"<td{kind}>{html.escape('' if value is None else str(value))}</td>"
