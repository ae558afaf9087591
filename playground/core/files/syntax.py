"""Strict JSON: what msgspec lets pass is refused here, and every error says where it is."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from playground.core.files.errors import ExperimentFileError

Path = tuple[str | int, ...]
Stack = list[str | int | None]

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 24
MAX_OPENINGS = 200_000
"""Brackets and braces; with the next two limits they bound a tree's memory and a look at it."""
MAX_QUOTES = 80_000
MAX_COMMAS = 1_500_000
MAX_ESCAPES = 200_000

MAX_SHOWN = 10
"""Steps of a path that an error shows."""

_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+'
_STRINGS = re.compile(_TEXT + rb'"', re.DOTALL)
# A text that is cut at the end of what is looked at is one too.
_OPEN_TEXT = re.compile(_TEXT + rb'(?:"|\\?\Z)', re.DOTALL)
_MARKS = re.compile(rb'["{}\[\]:]')
# Whatever stands before half a character that is alone; a text may be cut before the other half.
_WHOLE = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u(?![dD][89a-fA-F])|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)*+", re.DOTALL
)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]..(?!(?:\\(?:u.{0,3})?)?\Z)", re.DOTALL)
_NOT_FINITE = re.compile(rb".?[-+]?(?:nan|inf)", re.IGNORECASE | re.DOTALL)
_SOME_KEY = "..."
_STEPS = re.compile(r"\[(\d+|\.{3})\]")
_BYTE = re.compile(r"\(byte (\d+)\)")
_BOMS_16 = (b"\xff\xfe", b"\xfe\xff")
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
        if error.reason == "unexpected end of data":  # cut within a character
            raise _malformed(data, len(data)) from None
        raise _not_utf_8(error.start) from None
    try:
        tree = msgspec.json.decode(data)
    except msgspec.ValidationError as error:
        raise _too_large_number(data, _STEPS.findall(str(error))) from None
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        offset = int(found.group(1)) if found else len(data)
        if found is None or "surrogate" in str(error):
            whole = _WHOLE.match(data)
            if whole is not None and _HALF.match(data, whole.end()):
                raise _not_utf_8(whole.end()) from None
        raise _malformed(data, offset) from None
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
    if _is_utf_16(data):
        raise _not_utf_8(0 if data[:2] in _BOMS_16 else data.index(0))
    if not data.lstrip(b" \t\r\n").startswith(b"{"):
        raise ExperimentFileError("This is not an experiment file.")
    openings = data.count(b"[") + data.count(b"{")
    marks = (b'"', MAX_QUOTES), (b",", MAX_COMMAS), (b"\\", MAX_ESCAPES)
    if openings > MAX_OPENINGS or any(data.count(mark) > most for mark, most in marks):
        raise ExperimentFileError("It holds more lists, texts or numbers than any experiment.")


def _is_utf_16(data: bytes) -> bool:
    """Whether it may be an experiment that a program saved in two bytes a character, or in four."""
    begins = (data[:64].decode(encoding, "ignore") for encoding in ("utf-16-le", "utf-16-be"))
    return any(text.lstrip("\0\ufeff \t\r\n").startswith("{") for text in begins)


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


def _not_utf_8(offset: int) -> ExperimentFileError:
    return _damaged(f"It is not UTF-8 text at byte {offset}")


def _malformed(data: bytes, offset: int) -> ExperimentFileError:
    if _NOT_FINITE.match(data, max(0, offset - 1)):
        return _damaged(f"{_place(data, offset)} is no finite number, at byte {offset}")
    where = spelled(path_at(data, offset))
    return _damaged(f"It is damaged at byte {offset}" + (f", in {where}" if where else ""))


def _too_large_number(data: bytes, steps: Sequence[str]) -> ExperimentFileError:
    try:
        path = _path_along(data, steps)
    except (msgspec.DecodeError, RecursionError):  # what follows the number is damaged
        path = ()
    return _damaged(f"{spelled(path) or 'A number in it'} is too large")


def _path_along(data: bytes, steps: Sequence[str]) -> Path:
    """Return the path to the number that the parser refuses; it tells indices, but no keys."""
    path: list[str | int] = []
    for k, step in enumerate(steps):
        if step != _SOME_KEY:
            path.append(int(step))
            if _SOME_KEY in steps[k:]:
                data = bytes(msgspec.json.decode(data, type=list[msgspec.Raw])[int(step)])
            continue
        values = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        key = next((key for key, value in values.items() if _is_refused(value)), None)
        if key is None:  # an earlier value of a key that comes twice
            return ()
        path.append(key)
        data = bytes(values[key])
    return tuple(path)


def _is_refused(value: msgspec.Raw) -> bool:
    try:
        msgspec.json.decode(value)
    except msgspec.ValidationError:
        return True
    return False


def _place(data: bytes, offset: int) -> str:
    return spelled(path_at(data, offset)) or "A value"


def path_at(data: bytes, offset: int) -> Path:
    """Return the keys and indices that lead to the value at a byte, as far as they are there."""
    _, stack = deque(_walk(data, offset + 1), maxlen=1).pop()
    return _path(stack)


def _path(stack: Stack) -> Path:
    return tuple(part for part in stack if part is not None)


def _walk(data: bytes, end: int) -> Iterator[tuple[bytes, Stack]]:
    """Yield every text, bracket and colon before `end` with the place it leads to, and b"" then.

    The place is one list that changes: per level a key, an index, or None before a key.
    """
    stack: Stack = []
    last, done = b"", 0
    while found := _MARKS.search(data, done, end):
        _count(stack, data, done, found.start())
        token = found.group()
        if token == b'"':
            found = _OPEN_TEXT.match(data, found.start(), end) or found
            last = token = found.group()
        else:
            _follow(stack, token, last)
        done = found.end()
        yield token, stack
    _count(stack, data, done, end)
    yield b"", stack


def _count(stack: Stack, data: bytes, start: int, end: int) -> None:
    """Take the commas into account that follow each other without a text or a bracket."""
    if stack and isinstance(stack[-1], int):
        stack[-1] += data.count(b",", start, end)


def _follow(stack: Stack, token: bytes, last: bytes) -> None:
    """Take one bracket or colon into account; `last` is the text before it."""
    if token == b"{":
        stack.append(None)
    elif token == b"[":
        stack.append(0)
    elif not stack:
        return
    elif token in b"}]":
        stack.pop()
    else:
        stack[-1] = _unquoted(last)


def _first_twin(data: bytes) -> str:
    seen: list[set[str]] = []
    for token, stack in _walk(data, len(data)):
        if token in (b"{", b"["):
            seen.append(set())
        elif token in (b"}", b"]"):
            seen.pop()
        elif token == b":":
            key = str(stack[-1])
            if key in seen[-1]:
                return spelled(_path(stack))
            seen[-1].add(key)
    raise AssertionError("every key comes once")


def _unquoted(token: bytes) -> str:
    try:
        return str(msgspec.json.decode(token))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return token[1:-1].decode(errors="replace")


def _damaged(message: str) -> ExperimentFileError:
    return ExperimentFileError(message + ".", is_damaged=True)
