"""Synthetic names of persons, companies and roads.

Keep out: names of real bodies; company names say 示例. Which road runs where (places.py).
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
# Neighbours in spelling (北路, 南路, 中路) stand here on purpose: a typing error must not move
# an address from one road to another.
# fmt: off
ROADS = (
    "示例路", "黔灵路", "黔灵东路", "黔灵西路", "甲秀北路", "甲秀中路", "甲秀南路", "金阳北路",
    "金阳南路", "青岩路", "百花大道", "云潭北路", "云潭南路", "筑城路", "筑城广场路", "林城东路",
    "林城西路", "乌江路", "乌江巷", "观山东路", "观山西路", "长岭北路", "长岭南路", "石林东路",
    "石林西路", "枣山路", "八鸽岩路", "头桥街", "三桥北街", "二环东路", "一号路", "宝山北路",
    "宝山南路", "东山巷", "浣纱路", "青云街", "市南路", "新添大道", "云峰大道", "麦架路",
)
COMMUNITY_STEMS = (
    "翠屏", "金竹", "云顶", "水岸", "阳光", "梧桐", "紫荆", "银杏", "碧水", "山水", "中天", "南岳",
    "东苑", "西苑", "星河", "明珠", "学府", "锦绣", "兰亭", "望城", "江南", "松涛", "桂花", "百合",
)
# fmt: on
COMMUNITY_KINDS = ("花园", "小区", "家园", "新村", "名城", "公寓")


def people(rng: np.random.Generator, count: int) -> pl.Series:
    """Return names of two or three characters."""
    second = pick(rng, GIVEN, count)
    third = pl.Series(np.where(rng.random(count) < 0.7, pick(rng, GIVEN, count).to_numpy(), ""))
    return pick(rng, SURNAMES, count) + second + third.cast(pl.String)


def companies(rng: np.random.Generator, count: int) -> pl.Series:
    """Return names of companies that say they are examples."""
    own = pick(rng, GIVEN, count) + pick(rng, GIVEN, count)
    return "贵阳示例" + own + pick(rng, TRADES, count) + "有限公司"
