"""How a CSV file is written: what stands between cells, and what is a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_COLUMNS = 64
MAX_CELL = 131_072
LARGEST = 1e100
SET = "set"
"""The column of an export that says whether a sample is one to train on or to test with."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


class CsvError(ValueError):
    """A CSV file that cannot be taken, in words for the person."""


class Delimiter(StrEnum):
    """What stands between cells."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "\t"
    BAR = "|"


class Decimal(StrEnum):
    """What stands between a number's whole part and its fraction."""

    POINT = "."
    COMMA = ","


class Encoding(StrEnum):
    """How characters are written as bytes."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS_1252 = "cp1252"


NAMES = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16_LE: "UTF-16",
    Encoding.UTF_16_BE: "UTF-16 (big-endian)",
    Encoding.WINDOWS_1252: "Windows-1252",
}


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is to be read; None is detected."""

    delimiter: Delimiter | None = None
    decimal: Decimal | None = None
    header: bool | None = None
    encoding: Encoding | None = None


def parse_number(text: str, decimal: Decimal = Decimal.POINT) -> float | None:
    """Return the number a cell spells, or None; nothing but the written grammar is a number.

    Digits 0–9, at most one decimal mark, a sign and an exponent; no thousands marks, underscores,
    hexadecimals, infinities or other scripts' digits; at most 1e100 in size.
    """
    text = text.strip(" \t")
    if decimal is Decimal.COMMA:
        if "." in text:
            return None
        text = text.replace(",", ".", 1)
    if _NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    return value if abs(value) <= LARGEST else None


def is_something(row: list[str]) -> bool:
    """Whether a row has a cell that is not blank."""
    return any(cell.strip() for cell in row)
