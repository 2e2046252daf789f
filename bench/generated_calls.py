"""Generated calls of any number, each different: for measuring speed, not accuracy.

    python -m bench.generated_calls 10000 --turns 60 -o calls.jsonl

Sentences are drawn from templates of spoken service talk and filled with numbers, names and
products, so that hardly a turn is said twice. About one agent turn in a hundred breaks a rule.
The same seed gives the same calls.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

LINES = ("bank", "wealth", "securities", "insurance", "collection")
OPENING = (
    "您好，这里是{bank}客服中心，工号{n4}，本次通话将被录音，请问有什么可以帮您？",
    "您好，我是{bank}的客户经理小{surname}，为了保证服务质量本次通话会有录音，请问是{name}本人吗？",
)
AGENT = (
    "好的，我这边先帮您看一下系统里的记录，您{wait}。",
    "您这笔{product}是在{month}月{day}号办理的，期限是{n1}年。",
    "这个情况我已经记下来了，{time}之前会有专人跟您联系。",
    "您可以打开手机银行，点首页的{menu}，再点{menu}，就能看到明细了。",
    "根据合同约定，提前赎回需要收取百分之{n1}的手续费，您看可以接受吗？",
    "理财非存款，产品有风险，投资须谨慎，这款{product}的风险等级是R{r}。",
    "您之前有没有做过风险承受能力测评，结果是什么类型的呢？",
    "我们一般是{n1}个工作日之内处理完，节假日顺延，请您放心。",
    "您提供的资料里面还差一份{doc}，麻烦您补充一下好吗？",
    "嗯，您说的这个问题我理解，我给您解释一下原因。",
    "这个费用是按照每期百分之零点{n1}收取的，一共是{n3}元。",
    "系统显示您的账单日是每个月{day}号，最后还款日是{day}号。",
    "如果您不方便去{place}的话，也可以在线上提交申请。",
    "不好意思让您久等了，刚才系统有点慢，我已经查到了。",
    "业绩比较基准是百分之三点{n1}，不代表实际收益，也不构成承诺。",
    "请您不要把密码和验证码告诉任何人，我们也不会向您索要。",
    "为了核实您的身份，请您说一下姓名和身份证后四位。",
    "您的保单号后面几位是{n4}，保障期限到{year}年，对吗？",
    "这个活动是{month}月底结束的，名额用完就没有了，您可以考虑考虑。",
    "我帮您登记了一个工单，编号是{n6}，您可以凭这个编号来查询进度。",
    "那我再跟您确认一遍，您要办理的是{product}，金额是{n5}元，对吧？",
    "从{place}过去大概要{n2}分钟，周末的话{n1}点半以前都可以办理。",
    "合同里面第{n1}条写得比较清楚，退保的话前两年会有一定的损失。",
    "这边给您查到的利率是年化百分之{n1}点{n1}，具体以审批为准。",
)
CUSTOMER = (
    "我想问一下我那个{product}什么时候可以取出来？",
    "哦，那这个手续费是怎么算的呀？能不能便宜一点？",
    "嗯。",
    "好的好的。",
    "对。",
    "行，我知道了。",
    "是的，没错。",
    "啊？你再说一遍。",
    "我上个月在{place}办的，当时那个小{surname}跟我说没有这个费用的。",
    "那我要是提前还的话，利息是不是就少一点？",
    "我现在在外面不太方便，你{time}再打给我行不行？",
    "身份证后四位是{n4}，我叫{name}。",
    "手机号是{phone}，你记一下。",
    "我那个卡丢了，在{place}丢的，现在有点着急。",
    "你们这个App怎么老是登不上去，我试了{n1}次了。",
    "这个收益有百分之{n1}吗？我听隔壁老{surname}说有。",
    "我先跟家里人商量一下，过两天再给你答复。",
    "大概{n5}块钱吧，具体的我也记不太清了。",
    "那要是我不同意呢，会有什么影响没有？",
    "可以，那你帮我办一下吧，麻烦你了。",
    "{month}月{day}号扣了我{n3}块，我都不知道是什么钱。",
    "我就是想咨询一下，没有别的意思。",
)
BREACHES = (
    "这个您放心，保本保息，绝对不会亏的。",
    "您把收到的短信验证码报给我一下。",
    "您加我微信吧，我把资料发您。",
    "今天再不还钱我们就上门找你家里人。",
    "这个不归我管，你找别人去。",
    "这是目前市场上收益最高的产品。",
)
CLOSING = (
    "请问还有什么可以帮您？稍后请您对我的服务做出评价，感谢您的来电，再见。",
    "那不打扰您了，祝您生活愉快，再见。",
)
WORDS: dict[str, tuple[str, ...]] = {
    "bank": ("东方银行", "华信证券", "平和人寿", "江北农商行", "远航消费金融", "明德基金"),
    "surname": tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"),
    "given": tuple("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉"),
    "product": (
        "稳盈一号", "安心年金险", "月月存", "消费贷款", "信用卡分期", "增利宝", "意外险",
    ),
    "wait": ("稍等一下", "别挂机", "等我一分钟", "稍候"),
    "menu": ("我的账户", "贷款", "更多服务", "理财专区", "账单查询", "安全中心"),
    "doc": ("收入证明", "银行流水", "身份证复印件", "户口本", "发票"),
    "place": ("解放路支行", "人民广场", "营业厅", "火车站那边", "公司楼下", "城南网点"),
    "time": ("明天上午", "下午三点", "周五", "今天晚上八点", "下个星期一"),
}  # fmt: skip


def generate(count: int, turns: int = 60, seed: int = 20261125) -> Iterator[dict[str, Any]]:
    """Calls in the outer format, as many as wanted."""
    for number in range(count):
        yield _call(random.Random(f"{seed}-{number}"), number, turns)


def _call(rng: random.Random, number: int, turns: int) -> dict[str, Any]:
    segments, clock = [], 0.5
    for turn in range(turns):
        role = "agent" if turn % 2 == 0 else "customer"
        text = _fill(rng, _template(rng, turn, turns, role))
        end = clock + max(len(text), 2) / 4.8
        segments.append(
            {"role": role, "start": round(clock, 2), "end": round(end, 2), "text": text}
        )
        clock = end + rng.choice((0.2, 0.4, 0.6, 0.9, 1.6, 4.0 if turn % 7 else 13.0))
    began = datetime(2026, 11, 1, 1, tzinfo=UTC) + timedelta(seconds=number * 37)
    return {
        "call_id": f"g-{number:06d}",
        "channel": "voice",
        "business_line": LINES[number % len(LINES)],
        "direction": rng.choice(("inbound", "outbound")),
        "started_at": began.isoformat(),
        "duration": round(clock + 2, 2),
        "agent": {"id": f"A{number % 200:04d}", "team": f"{number % 8}组"},
        "customer": {"id": f"U{rng.randrange(100000):05d}"},
        "attributes": {"customer_age": rng.randrange(20, 80)},
        "segments": segments,
    }


def _template(rng: random.Random, turn: int, turns: int, role: str) -> str:
    if turn == 0:
        return rng.choice(OPENING)
    if turn >= turns - 2 and role == "agent":
        return rng.choice(CLOSING)
    if role == "agent" and rng.random() < 0.01:
        return rng.choice(BREACHES)
    return rng.choice(AGENT if role == "agent" else CUSTOMER)


def _fill(rng: random.Random, text: str) -> str:
    words = {name: rng.choice(choices) for name, choices in WORDS.items()}
    return text.format(
        **words,
        name=rng.choice(WORDS["surname"]) + rng.choice(WORDS["given"]) + rng.choice(WORDS["given"]),
        phone="1" + "".join(rng.choice("3456789") for _ in range(10)),
        **{f"n{k}": "".join(rng.choice("123456789") for _ in range(k)) for k in range(1, 7)},
        r=rng.randrange(1, 6), month=rng.randrange(1, 13), day=rng.randrange(1, 29),
        year=rng.randrange(2027, 2060),
    )  # fmt: skip


def main() -> None:
    """Write calls as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("-o", "--out", type=Path)
    options = parser.parse_args()
    out = options.out.open("w", encoding="utf-8") if options.out else sys.stdout
    with out:
        for call in generate(options.count, options.turns):
            out.write(json.dumps(call, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
