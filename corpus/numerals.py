"""Chinese numerals as statutes print them (一千零三十八), 1 to 99,999."""

from __future__ import annotations

import unicodedata

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_PRINTED = "零一二三四五六七八九"
NUMERAL_CHARS = "零〇○一二三四五六七八九十百千万两0123456789０１２３４５６７８９"


def to_int(text: str) -> int | None:
    """Read Chinese, ASCII or full-width digits; return None where it is no number."""
    text = unicodedata.normalize("NFKC", text.strip()) if text else ""
    if not text or len(text) > 12:
        return None
    if text.isascii():
        return int(text) if text.isdigit() else None
    if any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):  # 二〇二一: digit by digit
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    section = 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _UNITS[char]
            digit = 0
    return total + section + digit


def to_chinese(number: int) -> str:
    """Print a whole number from 1 to 99,999 as statutes do: 10 → 十, 110 → 一百一十."""
    if not 0 < number < 100_000:
        raise ValueError(f"not printable as an article number: {number}")
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        return to_chinese(head) + "万" + ("零" if 0 < rest < 1000 else "") + (_below(rest) if rest else "")
    text = _below(number)
    return text[1:] if text.startswith("一十") else text


def _below(number: int) -> str:
    """Print 1 to 9,999 with 一 before every unit."""
    parts: list[str] = []
    gap = False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            parts.append(("零" if gap and parts else "") + _PRINTED[digit] + unit)
            gap = False
        else:
            gap = True
    return "".join(parts)
