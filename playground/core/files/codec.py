"""From frozen dataclasses to JSON trees and back, by their annotations alone.

A new field or choice needs nothing here: a dataclass is an object of its fields, a `StrEnum` its
value, a tuple a list, a one-dimensional array a list, and a two-dimensional one
``{"shape": [rows, columns], "values": [...]}``. Fields whose metadata say ``non_finite`` may hold
NaN, which is null in the file.
"""

from __future__ import annotations

import dataclasses
import types
from enum import StrEnum
from functools import cache
from math import isfinite, nan
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from playground.core.files.errors import ExperimentFileError
from playground.core.files.syntax import Path, shown_text, spelled

NON_FINITE = {"non_finite": True}
"""Metadata of a field that may hold NaN."""
MAX_TEXT = 10_000
MAX_MESSAGE = 300
LARGEST_INT = 2**63 - 1

Unknown = list[tuple[Path, Any]]


def to_tree(value: Any, *, non_finite: bool = False) -> Any:
    """Return a value as dicts, lists, texts and numbers that JSON can spell.

    Raises
    ------
    ValueError
        If a number that must be finite is not.
    """
    if dataclasses.is_dataclass(value):
        return {
            field.name: to_tree(
                getattr(value, field.name), non_finite="non_finite" in field.metadata
            )
            for field in dataclasses.fields(value)
            if field.init
        }
    if isinstance(value, np.ndarray):
        return _array_tree(value, non_finite)
    if isinstance(value, tuple):
        return [to_tree(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        return _finite(float(value), non_finite)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"a file cannot hold a {type(value).__name__}")


def from_tree(kind: Any, tree: Any, path: Path, unknown: Unknown, non_finite: bool = False) -> Any:
    """Return the value of type `kind` that a tree spells; fields nobody knows go to `unknown`.

    Raises
    ------
    ExperimentFileError
        With the path, what was expected and what is there.
    """
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if tree is None:
            return None
        (inner,) = (k for k in get_args(kind) if k is not types.NoneType)
        return from_tree(inner, tree, path, unknown)
    if origin is tuple:
        return _tuple(get_args(kind), tree, path, unknown)
    if origin is np.ndarray:
        return _array(get_args(get_args(kind)[1])[0], tree, path, non_finite)
    if dataclasses.is_dataclass(kind):
        return _object(kind, tree, path, unknown)
    if issubclass(kind, StrEnum):
        if tree not in tuple(kind):
            raise _unexpected(path, f"one of {', '.join(kind)}", tree)
        return kind(tree)
    if kind is float:
        return _number(tree, path, non_finite)
    if kind is int:
        if type(tree) is not int or abs(tree) > LARGEST_INT:
            raise _unexpected(path, "a whole number", tree)
        return tree
    if type(tree) is not kind:
        raise _unexpected(path, "true or false" if kind is bool else "a text", tree)
    if kind is str and len(tree) > MAX_TEXT:
        raise _unexpected(path, f"at most {MAX_TEXT} characters", len(tree))
    return tree


def wrong_at(path: Path, message: str) -> ExperimentFileError:
    """Return the error that names the place in the file."""
    place = spelled(path)
    # It may quote what the file says.
    message = shown_text(message, MAX_MESSAGE)
    return ExperimentFileError(f"{place}: {message}." if place else f"{message}.", is_damaged=True)


def _unexpected(path: Path, expected: str, actual: Any) -> ExperimentFileError:
    return wrong_at(path, f"expected {expected}, got {_described(actual)}")


def _described(tree: Any) -> str:
    match tree:
        case None:
            return "null"
        case bool():
            return "true" if tree else "false"
        case str():
            return f"the text “{shown_text(tree)}”"
        case int() if abs(tree) > LARGEST_INT:
            return "a whole number beyond 64 bits"
        case int() | float():
            return repr(tree)
        case list():
            return f"a list of {len(tree)}"
        case _:
            return "an object"


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _object(kind: Any, tree: Any, path: Path, unknown: Unknown) -> Any:
    if not isinstance(tree, dict):
        raise _unexpected(path, "an object", tree)
    hints, values = _hints(kind), {}
    fields = [field for field in dataclasses.fields(kind) if field.init]
    for field in fields:
        place = (*path, field.name)
        if field.name in tree:
            non_finite = "non_finite" in field.metadata
            values[field.name] = from_tree(
                hints[field.name], tree[field.name], place, unknown, non_finite
            )
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise wrong_at(place, "this is missing")
    known = {field.name for field in fields}
    unknown.extend(((*path, key), item) for key, item in tree.items() if key not in known)
    try:
        return kind(**values)
    except ValueError as error:
        raise wrong_at(path, str(error)) from None


def _tuple(kinds: tuple[Any, ...], tree: Any, path: Path, unknown: Unknown) -> Any:
    if not isinstance(tree, list):
        raise _unexpected(path, "a list", tree)
    if kinds[-1] is ...:
        kinds = kinds[:1] * len(tree)
    elif len(tree) != len(kinds):
        raise _unexpected(path, f"a list of {len(kinds)}", tree)
    items = enumerate(zip(kinds, tree, strict=True))
    return tuple(from_tree(kind, item, (*path, k), unknown) for k, (kind, item) in items)


def _number(tree: Any, path: Path, non_finite: bool) -> float:
    if tree is None and non_finite:
        return nan
    if type(tree) is int and abs(tree) <= LARGEST_INT:
        return float(tree)
    if type(tree) is not float:
        raise _unexpected(path, "a number", tree)
    return tree


def _finite(number: float, non_finite: bool) -> float | None:
    if isfinite(number):
        return number
    if not non_finite:
        raise ValueError(f"a file holds finite numbers only, got {number!r}")
    return None


def _array_tree(array: np.ndarray[Any, Any], non_finite: bool) -> Any:
    flat = array.ravel().tolist()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        flat = [_finite(number, non_finite) for number in flat]
    return flat if array.ndim == 1 else {"shape": list(array.shape), "values": flat}


def _array(dtype: type, tree: Any, path: Path, non_finite: bool) -> np.ndarray[Any, Any]:
    shape: list[Any] | None = None
    if isinstance(tree, dict) and tree.keys() == {"shape", "values"}:
        shape, tree = tree["shape"], tree["values"]
        sizes = isinstance(shape, list) and len(shape) == 2 and {type(n) for n in shape} == {int}
        if not (sizes and shape is not None and all(0 <= n <= LARGEST_INT for n in shape)):
            raise _unexpected((*path, "shape"), "two sizes", shape)
        path = (*path, "values")
    if not isinstance(tree, list):
        raise _unexpected(path, "a list of numbers", tree)
    if shape is not None and shape[0] * shape[1] != len(tree):
        raise _unexpected(path, f"{shape[0]} × {shape[1]} numbers", tree)
    whole = np.issubdtype(dtype, np.integer)
    allowed = {int} if whole else {int, float}
    if not set(map(type, tree)) <= allowed or _has_huge(tree):
        # Slow: for null, and to say which one is wrong.
        places = [(*path, k) for k in range(len(tree))]
        if whole:
            tree = [from_tree(int, n, p, []) for n, p in zip(tree, places, strict=True)]
        else:
            tree = [_number(n, p, non_finite) for n, p in zip(tree, places, strict=True)]
    array: np.ndarray[Any, Any] = np.array(tree, dtype)
    array = array if shape is None else array.reshape(shape)
    array.flags.writeable = False
    return array


def _has_huge(numbers: list[Any]) -> bool:
    return bool(numbers) and int in set(map(type, numbers)) and max(map(abs, numbers)) > LARGEST_INT
