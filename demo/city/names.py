"""Synthetic names of persons, companies and roads.

Keep out: names of real bodies; company names say 示例.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from demo.city.draw import pick

SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
GIVEN = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红玲芬燕彬凯浩宇轩梓涵欣怡晨曦博文雅婷"
)
TRADES = ("商贸", "科技", "建筑", "餐饮", "物流", "农业", "能源", "文化", "医药", "机械")
ROADS = (
    "示例路",
    "黔灵路",
    "甲秀路",
    "金阳路",
    "青岩路",
    "百花路",
    "云潭路",
    "筑城路",
    "林城路",
    "乌江路",
)


def people(rng: np.random.Generator, count: int) -> pl.Series:
    """Return names of two or three characters."""
    second = pick(rng, GIVEN, count)
    third = pl.Series(np.where(rng.random(count) < 0.7, pick(rng, GIVEN, count).to_numpy(), ""))
    return pick(rng, SURNAMES, count) + second + third.cast(pl.String)


def companies(rng: np.random.Generator, count: int) -> pl.Series:
    """Return names of companies that say they are examples."""
    own = pick(rng, GIVEN, count) + pick(rng, GIVEN, count)
    return "贵阳示例" + own + pick(rng, TRADES, count) + "有限公司"


def roads(rng: np.random.Generator, count: int) -> pl.Series:
    """Return names of roads."""
    return pick(rng, ROADS, count)
