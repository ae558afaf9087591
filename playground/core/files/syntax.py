"""Strict JSON: what msgspec lets pass is refused here, and every error says where it is."""

from __future__ import annotations

import re
from math import isinf
from typing import Any

import msgspec

from playground.core.files.errors import ExperimentFileError

Path = tuple[str | int, ...]

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 24
MAX_OPENINGS = 200_000
"""Brackets and braces; together with the next two limits they bound the memory of a tree."""
MAX_QUOTES = 400_000
MAX_COMMAS = 3_000_000

MAX_SHOWN = 10
"""Steps of a path that an error shows."""

_STRING = rb'"(?:[^"\\]|\\.)*"'
_TOKENS = re.compile(_STRING + rb"|[{}\[\],:]", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_NUMBERS = re.compile(_STRING + rb"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", re.DOTALL)
_NOT_FINITE = re.compile(rb".?[-+]?(?:nan|inf)", re.IGNORECASE | re.DOTALL)
_BYTE = re.compile(r"\(byte (\d+)\)")
_CONTAINERS = (dict, list)


def parse_json(data: bytes) -> Any:
    """Return the tree of dicts, lists, texts, numbers, bools and None that `data` spells.

    Raises
    ------
    ExperimentFileError
        If it is not UTF-8 or not JSON, too large or too deep, or a key comes twice.
    """
    _check_size(data)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise _damaged(f"It is not UTF-8 text at byte {error.start}") from None
    try:
        tree = msgspec.json.decode(data)
    except msgspec.ValidationError:
        raise _too_large_number(data) from None
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        raise _malformed(data, int(found.group(1)) if found else len(data)) from None
    except RecursionError:
        raise _damaged("Lists are nested too deep in it") from None
    _check_keys(data, tree)
    return tree


def spelled(path: Path) -> str:
    """Return a path as it is shown, e.g. ``experiment.network.hidden[2].size``."""
    shown = path[:MAX_SHOWN]
    words = "".join(f"[{p}]" if isinstance(p, int) else f".{shown_text(p)}" for p in shown)
    return words.removeprefix(".") + ("…" if len(path) > MAX_SHOWN else "")


def shown_text(text: str, most: int = 40) -> str:
    """Return a text from a file cut short and with its invisible characters replaced."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)


def _check_size(data: bytes) -> None:
    if not data:
        raise _damaged("The file is empty")
    if len(data) > MAX_BYTES:
        raise ExperimentFileError("The file is larger than 32 MB.")
    if data.startswith(b"\xef\xbb\xbf"):
        raise _damaged("It is not plain UTF-8 text: it starts with a byte order mark, at byte 0")
    if not data.lstrip(b" \t\r\n").startswith(b"{"):
        raise ExperimentFileError("This is not an experiment file.")
    openings = data.count(b"[") + data.count(b"{")
    quotes, commas = data.count(b'"'), data.count(b",")
    if openings > MAX_OPENINGS or quotes > MAX_QUOTES or commas > MAX_COMMAS:
        raise ExperimentFileError("It holds more lists, texts or numbers than any experiment.")


def _check_keys(data: bytes, tree: Any) -> None:
    """Refuse keys that come twice: the parser would take the last of them."""
    n_keys = 0
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _damaged("Lists are nested too deep in it")
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                n_keys += len(node)
                node = node.values()
            below.extend(item for item in node if type(item) in _CONTAINERS)
        level = below
    if _STRINGS.sub(b"", data).count(b":") != n_keys:
        raise _damaged(f"{_first_twin(data)} comes twice")


def _malformed(data: bytes, offset: int) -> ExperimentFileError:
    if _NOT_FINITE.match(data, max(0, offset - 1)):
        return _damaged(f"{_place(data, offset)} is no finite number, at byte {offset}")
    where = spelled(path_at(data, offset))
    return _damaged(f"It is damaged at byte {offset}" + (f", in {where}" if where else ""))


def _too_large_number(data: bytes) -> ExperimentFileError:
    for found in _NUMBERS.finditer(data):
        digits = found.group()
        if digits[:1] != b'"' and (len(digits) > 400 or isinf(float(digits))):
            return _damaged(f"{_place(data, found.start())} is too large a number")
    raise AssertionError("a number is too large")


def _place(data: bytes, offset: int) -> str:
    return spelled(path_at(data, offset)) or "A value"


def path_at(data: bytes, offset: int) -> Path:
    """Return the keys and indices that lead to the value at a byte, as far as they are there."""
    stack: list[str | int | None] = []
    last = b""
    for found in _TOKENS.finditer(data):
        if found.start() > offset:
            break
        token = found.group()
        if token[:1] == b'"':
            last = token
        else:
            _follow(stack, token, last)
    return tuple(part for part in stack if part is not None)


def _follow(stack: list[str | int | None], token: bytes, last: bytes) -> None:
    """Take one bracket, comma or colon into account; `last` is the text before it."""
    if token == b"{":
        stack.append(None)
    elif token == b"[":
        stack.append(0)
    elif not stack:
        return
    elif token in b"}]":
        stack.pop()
    elif token == b":":
        stack[-1] = _unquoted(last)
    elif isinstance(stack[-1], int):
        stack[-1] += 1


def _first_twin(data: bytes) -> str:
    stack: list[str | int | None] = []
    seen: list[set[str]] = []
    last = b""
    for found in _TOKENS.finditer(data):
        token = found.group()
        if token[:1] == b'"':
            last = token
            continue
        _follow(stack, token, last)
        if token in b"{[":
            seen.append(set())
        elif token in b"}]":
            seen.pop()
        elif token == b":":
            key = str(stack[-1])
            if key in seen[-1]:
                return spelled(tuple(part for part in stack if part is not None))
            seen[-1].add(key)
    raise AssertionError("every key comes once")


def _unquoted(token: bytes) -> str:
    try:
        return str(msgspec.json.decode(token))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return token[1:-1].decode(errors="replace")


def _damaged(message: str) -> ExperimentFileError:
    return ExperimentFileError(message + ".", is_damaged=True)
