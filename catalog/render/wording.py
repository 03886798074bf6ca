"""The guide's Chinese words for what an entry says (发改高技〔2017〕1272号), and for its rules.

Keep out: layout (pages.py) and anything that depends on rows.
"""

from __future__ import annotations

from catalog.entry import Entry, Item, Terms
from catalog.render import delivery_wording
from catalog.render.condition_wording import when_sentence
from catalog.rules import DivisionCode, Reference, Rule, When
from catalog.sources import Extraction

TYPES = {
    "string": "字符型C",
    "code": "字符型C",
    "month": "字符型C",
    "integer": "整型I",
    "decimal": "数值型N",
    "date": "日期型D",
    "datetime": "日期时间型T",
    "boolean": "逻辑型L",
    "json": "通用型G",
}
CYCLES = {
    "realtime": "实时",
    "daily": "每日",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季度",
    "yearly": "每年",
    "irregular": "不定期",
}
MODES = {"snapshot": "全量快照", "append": "追加", "upsert": "按主键更新"}
ACCESS = {"unconditional": "无条件", "conditional": "有条件", "none": "不予"}
FORMATS = {
    "csv": "电子表格（CSV）",
    "tsv": "电子表格（TSV）",
    "fixed": "文本文件（定长）",
    "xlsx": "电子表格（XLSX）",
    "xls": "电子表格（XLS）",
    "json": "自描述格式（JSON）",
    "jsonl": "自描述格式（JSON Lines）",
    "xml": "自描述格式（XML）",
    "parquet": "自描述格式（Parquet）",
}
CONNECTORS = {
    "sql": "数据库",
    "http": "HTTP 接口",
    "bucket": "对象存储",
    "sftp": "SFTP 目录",
}
EXTRACTS = {"full": "每次全量", "snapshot": "全量快照", "incremental": "增量"}
SENSITIVITY = {"none": "", "business": "商业", "personal": "个人", "sensitive_personal": "敏感个人"}
LEVELS = {"important": "重要数据", "core": "核心数据"}
SEVERITY = {"block": "不符合时整体不放行", "quarantine": "不符合的行隔离", "warn": "仅提示"}
RULES = {
    "uscc": "{item}是正确的统一社会信用代码（GB 32100）",
    "citizen_id": "{item}是正确的公民身份号码（GB 11643）",
    "organization_code": "{item}是正确的组织机构代码（GB 11714）",
    "meter_number": "{item}是正确的表号（Luhn 校验）",
    "bank_card": "{item}是正确的银行卡号（Luhn 校验）",
    "mobile": "{item}是正确的手机号码",
    "plate": "{item}是正确的车牌号码",
    "land_line": "{item}是正确的固定电话号码",
    "phone": "{item}是正确的电话号码",
    "industry": "{item}是正确的行业代码（GB/T 4754）",
    "division": "{item}是行政区划代码",
    "uscc_or_citizen_id": "{item}是正确的统一社会信用代码或公民身份号码",
    "identity": "{sex} {birth_date}与{citizen_id}一致",
    "reference": "{items}在 {to}（{at}）中存在",
    "monotonic": "同一{by}的{item}随{order}不减",
    "difference": "{item}等于同一{by}相邻两次{of}之差",
    "sum": "{item}等于{of}之和（允差 {tolerance}）",
    "product": "{item}等于{of}之积（允差 {tolerance}）",
    "tariff": "{item}等于{of}按价目 {tariff} 在{day}的单价计算之和（允差 {tolerance}）",
    "ordered": "先后（大小）次序：{items}",
    "when": "{said}",
    "unique": "{items}不重复",
    "no_overlap": "同一{by}的期间（{since}至{until}）不重叠",
    "rows_near": "行数与前 {last} 次的中位数相差不超过 {ratio}",
    "fresh": "最新的{item}距今不超过 {days} 天",
}
ITEM_FIELDS = {
    "item", "items", "of", "by", "order", "required", "citizen_id", "sex", "birth_date", "day",
    "since", "until",
}  # fmt: skip
ZONES = {"raw": "原始数据", "base": "基础数据库", "thematic": "主题数据库"}


def source(entry: Entry) -> str:
    """Return what an entry is fetched from, and which rows a fetch takes."""
    origin = entry.origin
    said = f"{CONNECTORS[origin.connector or '']}主动采集"
    if isinstance(origin.source, Extraction):
        said += f"，{EXTRACTS[origin.source.extract]}"
        if origin.source.cursor:
            said += f"（按{entry.item(origin.source.cursor).title}，重叠 {origin.source.overlap}）"
    return said


def item_type(item: Item) -> str:
    """Return the guide's type of an item with its length or precision."""
    if item.precision:
        return f"{TYPES[item.type]}({item.precision[0]},{item.precision[1]})"
    return f"{TYPES[item.type]}({item.length})" if item.length else TYPES[item.type]


def item_limits(item: Item) -> str:
    """Say which values an item may have."""
    said = [
        f"≥ {item.min}" if item.min is not None else "",
        f"≤ {item.max}" if item.max is not None else "",
        f"代码表 {item.codes}" if item.codes else "",
        "取值 " + "、".join(item.values) if item.values else "",
        f"格式 `{item.pattern}`" if item.pattern else "",
    ]
    return "，".join(part for part in said if part)


def access(granted: Terms) -> str:
    """Say whether and how a table is shared or opened."""
    said = [
        ACCESS[granted.type],
        granted.condition or "",
        f"依据：{granted.legal_basis}" if granted.legal_basis else "",
        f"按 {granted.aggregate} 汇总" if granted.aggregate else "",
    ]
    return "；".join(part for part in said if part)


def level(entry: Entry) -> str:
    """Say the grade of an entry's data."""
    grade = entry.classification.level
    return LEVELS[grade] if isinstance(grade, str) else f"一般数据 {grade} 级"


def rule_sentence(rule: Rule, entry: Entry) -> str:
    """Say in Chinese what a rule of an entry asks for."""
    whole = delivery_wording.sentence(rule, entry)
    if whole is not None:
        return whole
    words = {field: _word(field, value, entry) for field, value in rule}
    if isinstance(rule, When):
        words["said"] = when_sentence(rule, entry)
    said = RULES[rule.kind].format_map(words)
    if day := _day(rule):
        said += f"，在{entry.item(day).title}当日有效"
    rollover = getattr(rule, "rollover", None)
    return said if rollover is None else f"{said}（满 {rollover:f} 归零）"


def _day(rule: Rule) -> str | None:
    """Return the item by whose day a code or a row of another table must be in force."""
    if isinstance(rule, Reference):
        return None if rule.as_of is None else rule.as_of.item
    return rule.day if isinstance(rule, DivisionCode) else None


def _word(field: str, value: object, entry: Entry) -> str:
    """Say one argument of a rule: items by their titles, the rest as written."""
    values = value if isinstance(value, tuple) else (value,)
    if field in ITEM_FIELDS:
        titles = {item.name: item.title for item in entry.items}
        given = [str(name) for name in values if name is not None]
        return "、".join(titles.get(name, name) for name in given)
    return "、".join("不限" if part is None else str(part) for part in values)
