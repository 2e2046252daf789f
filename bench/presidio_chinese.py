"""presidio-analyzer set up for Chinese calls, as an engineer would do it in a day.

Imported only where presidio-analyzer is installed. `shipped()` has the recognisers that presidio
brings for kinds that callqa knows; `chinese()` adds patterns for Chinese data, with presidio's
context words and checks. After `to_digits` they also match numbers said in Chinese, with pauses and
fillers between the digits. Presidio's own IP, IBAN, URL, MAC, crypto and date recognisers are left
out: they have no kind here and would only cost time and precision.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

import jieba
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NoOpNlpEngine, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    PhoneRecognizer,
)
from spacy.lang.zh import Chinese
from spacy.language import Language
from spacy.tokens import Doc
from stdnum import luhn
from stdnum.cn import ric

for noisy in ("presidio-analyzer", "tldextract", "jieba"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

THRESHOLD = 0.4
NO_MODEL = [{"lang_code": "zh", "model_name": "none"}]
WEAK = 0.1  # counts only with a context word, which adds 0.35
SAID = {"零〇洞": "0", "一幺": "1", "二两": "2", "三": "3", "四": "4", "五": "5", "六": "6",
        "七拐": "7", "八": "8", "九勾": "9"}  # fmt: skip
DIGITS = str.maketrans(
    {said: digit for many, digit in SAID.items() for said in many}
    | {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F) if chr(code).isalnum()}
)
BETWEEN = r"(?:[ ,，、·\-]|嗯|呃|那个){0,3}"
NOT_AMOUNT = rf"(?!{BETWEEN}\d|[.．]\d|[十百千万亿点元块角毛笔年月日号天个期岁楼栋分小%])"
NOT_OF = "订单号?|流水号?|编号|工单|保单号?|保险单号|回执|案号|代码|工号|受理号|邮编|合同号"
ALONE = rf"(?<![\dA-Za-z十百千万第])(?=[+\d])(?<!(?:{NOT_OF})[^\d，。\n]{{0,4}})"
HOTLINES = [rf"^(?:[48]{BETWEEN}0{BETWEEN}0|9{BETWEEN}5)[\d ,，、·\-]*$"]
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
KINDS = {"PHONE_NUMBER": "phone", "CREDIT_CARD": "bank_card", "EMAIL_ADDRESS": "email",
         "CN_MOBILE": "phone", "CN_LANDLINE": "landline", "CN_ID": "id_card",
         "CN_BANK_CARD": "bank_card", "CN_PLATE": "plate", "CN_PASSPORT": "passport",
         "CN_QQ": "qq", "CN_WECHAT": "wechat", "CN_OTP": "otp", "CN_CVV": "cvv",
         "CN_PASSWORD": "password", "CN_EXPIRY": "expiry", "CN_EMAIL": "email"}  # fmt: skip

Check = Callable[[str], bool | None]


def to_digits(text: str) -> str:
    """Chinese numerals and full-width letters as ASCII, one character for one."""
    return text.translate(DIGITS)


def _digits(least: int, most: int | None = None) -> str:
    """So many digits, with pauses between them."""
    return rf"\d(?:{BETWEEN}\d){{{least - 1},{(most or least) - 1}}}"


def _letters_digits(inside: str, least: int, most: int) -> str:
    return rf"{inside}(?:{BETWEEN}{inside}){{{least - 1},{most - 1}}}"


def _plain(text: str) -> str:
    return "".join(c for c in text.upper().replace("叉", "X") if c.isascii() and c.isalnum())


def id_check(text: str) -> bool | None:
    """True with a right check digit, False without a date of birth, else left to the context."""
    number = _plain(text)
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True if ric.is_valid(number) else None


def card_check(text: str) -> bool | None:
    """True with a right Luhn digit, else left to the context."""
    return True if luhn.is_valid(_plain(text)) else None


class Checked(PatternRecognizer):
    """A pattern recogniser with a check of its own."""

    def __init__(self, kind: str, context: str, check: Check | None, *patterns: Pattern) -> None:
        super().__init__(kind, patterns=list(patterns), context=context.split() or None,
                         supported_language="zh", name=kind)  # fmt: skip
        self.check = check

    def validate_result(self, pattern_text: str) -> bool | None:
        """Presidio's hook: True is sure, False is out, None keeps the score."""
        return self.check(pattern_text) if self.check else None


def _one(kind: str, regex: str, score: float, context: str = "", check: Check | None = None,
         ) -> Checked:  # fmt: skip
    return Checked(kind, context, check, Pattern(kind, regex, score))


def _numbers() -> list[PatternRecognizer]:
    """Kinds with a form or a check digit of their own."""
    end = rf"(?!{BETWEEN}\d)"
    area = rf"0{BETWEEN}(?:1{BETWEEN}0|2{BETWEEN}\d|[3-9]{BETWEEN}\d{BETWEEN}\d)"
    mobile = rf"{ALONE}(?:\+?86{BETWEEN})?1{BETWEEN}[3-9]{BETWEEN}{_digits(9)}{end}"
    return [
        _one("CN_MOBILE", mobile, 0.7),
        Checked("CN_LANDLINE", "座机 固话 固定电话 电话 办公电话 家里电话", None,
                Pattern("area", rf"{ALONE}{area}{BETWEEN}[2-8]{BETWEEN}{_digits(6, 7)}{end}", 0.6),
                Pattern("local", rf"{ALONE}[2-8]{BETWEEN}{_digits(6, 7)}{NOT_AMOUNT}", WEAK)),
        _one("CN_ID", rf"{ALONE}[1-8]{BETWEEN}{_digits(16)}{BETWEEN}[\dXx叉]{end}", WEAK,
             "身份证 证件 身份", id_check),
        _one("CN_BANK_CARD", rf"{ALONE}[3-9]{BETWEEN}{_digits(14, 18)}{end}", WEAK,
             "卡号 银行卡 信用卡 储蓄卡 借记卡 账号 帐号 账户 卡", card_check),
        _one("CN_PLATE", rf"[{PROVINCES}]{BETWEEN}[A-Za-z]{BETWEEN}"
             rf"(?=[A-Za-z ,，、·\-]*\d){_letters_digits('[0-9A-Za-z]', 5, 6)}(?![0-9A-Za-z])", 0.7,
             "车牌"),
        _one("CN_PASSPORT", rf"(?<![A-Za-z])(?:[EGDSPHC]{BETWEEN}{_digits(7, 8)}"
             rf"|E{BETWEEN}[A-Z]{BETWEEN}{_digits(7)}){end}", 0.3, "护照 通行证"),
    ]  # fmt: skip


def _labelled() -> list[PatternRecognizer]:
    """Kinds that only a word beside them tells."""
    year = rf"(?:2{BETWEEN}0{BETWEEN})?[23]{BETWEEN}\d"
    month = rf"(?:0{BETWEEN}[1-9]|1{BETWEEN}[0-2])"
    slash = r"(?: ?/ ?|斜杠|杠|[ ,，-])?"
    word = r"[A-Za-z0-9_\-@#!]"
    return [
        _one("CN_QQ", rf"{ALONE}[1-9]{BETWEEN}{_digits(4, 10)}{NOT_AMOUNT}", WEAK,
             "QQ 扣扣 企鹅号"),
        _one("CN_WECHAT", r"(?<![A-Za-z0-9@.])(?=[^，。\d]*[A-Za-z])[A-Za-z0-9]"
             r"(?:[ ]?(?:[A-Za-z0-9_\-]|下划线)){5,19}(?![A-Za-z0-9@.])", WEAK,
             "微信 加V 威信 我V vx wx wechat"),
        _one("CN_OTP", rf"{ALONE}{_digits(4, 6)}{NOT_AMOUNT}", WEAK,
             "验证码 校验码 动态码 动态口令 动态密码 短信码 短信 随机码"),
        _one("CN_CVV", rf"{ALONE}{_digits(3, 4)}{NOT_AMOUNT}", WEAK,
             "CVV CVC CVN 安全码 背面 后三位 后三码 末三位"),
        Checked("CN_PASSWORD", "密码 口令", None,
                Pattern("digits", rf"{ALONE}{_digits(6, 8)}{NOT_AMOUNT}", WEAK),
                Pattern("mixed", rf"(?<!{word})(?=[A-Za-z@#!_\-]*\d)(?=\d*[A-Za-z]){word}{{6,16}}"
                        rf"(?!{word})", WEAK)),
        Checked("CN_EXPIRY", "有效期 到期年月 到期日 valid 卡面 卡片", None,
                Pattern("month first", rf"{ALONE}{month}{slash}{year}{NOT_AMOUNT}", WEAK),
                Pattern("in words", rf"{ALONE}{year}年(?:{month}|[1-9]|十[12]?)月", WEAK)),
        _one("CN_EMAIL", r"[A-Za-z0-9](?: ?(?:[A-Za-z0-9._\-]|下划线|点)){1,30} ?"
             r"(?:@|艾特|爱特|圈a| at )(?: ?[A-Za-z0-9\-]){1,20}"
             r"(?: ?[.点](?: ?[A-Za-z]){2,5}){1,2}", 0.8, "邮箱 邮件"),
    ]  # fmt: skip


def shipped() -> AnalyzerEngine:
    """What presidio brings, with the region CN and its engine without any NLP model."""
    return _engine(_brought(), NoOpNlpEngine(NO_MODEL))


def chinese_bare() -> AnalyzerEngine:
    """The same and the Chinese patterns; context words only as `analyze` is told them."""
    return _engine([*_brought(), *_numbers(), *_labelled()], NoOpNlpEngine(NO_MODEL))


def chinese() -> AnalyzerEngine:
    """With the Chinese patterns, and words of the text by blank spaCy with jieba."""
    own = [*_numbers(), *_labelled()]
    for recognizer in own:
        for word in recognizer.context or ():
            jieba.add_word(word)
            jieba.add_word(f"{word}号")  # 微信号 is 微 and 信号 otherwise
    return _engine([*_brought(), *own], Words())


def _brought() -> list[object]:
    return [
        PhoneRecognizer(supported_language="zh", supported_regions=("CN",)),
        CreditCardRecognizer(supported_language="zh", context=["卡号", "银行卡", "信用卡"]),
        EmailRecognizer(supported_language="zh", context=["邮箱", "邮件"]),
    ]


def _engine(recognizers: list[object], nlp: object) -> AnalyzerEngine:
    nlp.load()  # type: ignore[attr-defined]
    context = LemmaContextAwareEnhancer(context_prefix_count=10, context_suffix_count=5)
    return AnalyzerEngine(
        RecognizerRegistry(recognizers, supported_languages=["zh"]), nlp,
        supported_languages=["zh"], default_score_threshold=THRESHOLD,
        context_aware_enhancer=context if isinstance(nlp, Words) else None,
    )  # fmt: skip


class Words(SpacyNlpEngine):
    """Blank spaCy for Chinese with jieba's words; a lemma is the word itself."""

    def load(self) -> None:
        """Make the pipeline; nothing is fetched."""
        nlp = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": "jieba"}}})
        nlp.add_pipe("word_is_lemma")
        self.nlp = {"zh": nlp}


@Language.component("word_is_lemma")
def _word_is_lemma(doc: Doc) -> Doc:
    for token in doc:
        token.lemma_ = token.text
    return doc
