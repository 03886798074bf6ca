"""Words of Chinese titles and what items made of them are called: for titles nobody used before.

A title is named only when words cover all of it; nothing is transliterated. Keep out: titles
that the catalog knows (meaning.py asks those first).
"""

from __future__ import annotations

PAIRS = """
    编号=number 编码=code 代码=code 号码=number 名称=name 序号=sequence
    户号=account_number 文号=document_number 姓名=name 日期=date 时间=time 年份=year
    月份=month 年度=year 地址=address 住址=address 街道=street 区县=district
    行政区划=division 区划=division 所在= 所属= 的= 金额=amount 价格=price 单价=unit_price
    费用=fee 收入=income 数量=count 人数=people 面积=area 长度=length 高度=height
    状态=status 类型=type 类别=category 种类=kind 等级=level 单位=unit 企业=enterprise
    公司=company 机构=organization 部门=department 学校=school 医院=hospital
    项目=project 电话=phone 手机=mobile 邮箱=email 联系人=contact 联系=contact
    身份证=citizen_id 身份证件=citizen_id 证件=document 银行=bank 卡号=card_number
    账号=account_number 车牌=plate 号=number 性别=sex 民族=ethnicity 出生=birth
    年龄=age 学历=education 经度=longitude 纬度=latitude 备注=remark 说明=note
    内容=content 开始=start 结束=end 成立=established 注册=registered 登记=registered
    批准=approved 发布=published 更新=updated 创建=created 到期=expiry 用水=water
    用电=power 用气=gas 水表=meter 电表=meter 气表=meter 车辆=vehicle 道路=road 公园=park
    树木=tree 树种=species 法定代表人=legal_representative 资本=capital 行业=industry
    经营=business 范围=scope 负责人=person_in_charge 数=count 量=quantity 率=rate
    日=day 年=year 月=month 人=person 值=value 名=name
"""
WORDS = dict(pair.split("=") for pair in PAIRS.split())
LONGEST = max(map(len, WORDS))


def composed(title: str) -> str | None:
    """Name an item by the words of its title; None when they do not cover it."""
    parts: list[str] = []
    rest = title
    while rest:
        found = next((rest[:n] for n in range(LONGEST, 0, -1) if rest[:n] in WORDS), None)
        if found is None:
            return None
        parts += [WORDS[found]] if WORDS[found] else []
        rest = rest[len(found) :]
    return "_".join(dict.fromkeys(parts)) or None
