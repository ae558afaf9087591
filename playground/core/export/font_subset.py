"""Cuts a TrueType font down to some characters and packs it for the web (WOFF 1.0, W3C 2012).

Only outlines and advance widths are kept. Where the font has tabular figures ("tnum"), these take
the digits' places, so that figures in an export stand as they do in the window.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from importlib.resources import files
from struct import pack, unpack_from

_KEPT = ("OS/2", "gasp", "name", "prep", "cvt ", "fpgm")
_ARGS_ARE_WORDS, _HAS_SCALE, _MORE, _HAS_XY_SCALE, _HAS_2X2 = 1, 8, 32, 64, 128


@lru_cache(maxsize=64)
def bundled_woff(name: str, characters: frozenset[str]) -> bytes:
    """Return a bundled font ("Inter-Bold") as a WOFF with only these characters."""
    folder = files("playground") / "resources" / "fonts"
    return woff_subset((folder / f"{name}.ttf").read_bytes(), characters)


def woff_subset(font: bytes, characters: frozenset[str]) -> bytes:
    """Return a WOFF of `font` with the glyphs of `characters`; those it lacks are left out."""
    tables = _tables(font)
    glyph_of = _character_map(tables["cmap"])
    tabular = _single_substitutions(tables["GSUB"], b"tnum") if "GSUB" in tables else {}
    wanted = {
        ord(c): tabular.get(glyph_of[ord(c)], glyph_of[ord(c)])
        for c in characters
        if ord(c) in glyph_of and ord(c) <= 0xFFFF
    }
    starts = _glyph_starts(tables)
    order = _with_components(tables["glyf"], starts, [0, *sorted(set(wanted.values()))])
    number = {old: new for new, old in enumerate(order)}
    outlines, offsets = b"", [0]
    for old in order:
        outlines += _renumbered(tables["glyf"][starts[old] : starts[old + 1]], number)
        outlines += b"\0" * (-len(outlines) % 4)
        offsets.append(len(outlines))
    out = {tag: tables[tag] for tag in _KEPT if tag in tables}
    out["glyf"] = outlines
    out["loca"] = pack(f">{len(offsets)}I", *offsets)
    out["hmtx"] = _advances(tables, order)
    out["cmap"] = _written_map({code: number[glyph] for code, glyph in wanted.items()})
    out["head"] = tables["head"][:50] + pack(">hh", 1, 0)
    out["hhea"] = tables["hhea"][:34] + pack(">H", len(order))
    out["maxp"] = tables["maxp"][:4] + pack(">H", len(order)) + tables["maxp"][6:]
    out["post"] = pack(">IIhhIIIII", 0x30000, 0, -100, 50, 0, 0, 0, 0, 0)
    return _packed(out)


def _tables(font: bytes) -> dict[str, bytes]:
    count = unpack_from(">H", font, 4)[0]
    found = {}
    for k in range(count):
        tag, _, offset, length = unpack_from(">4sIII", font, 12 + 16 * k)
        found[tag.decode("ascii")] = font[offset : offset + length]
    return found


def _character_map(cmap: bytes) -> dict[int, int]:
    """Read the format 12 or 4 table of characters to glyphs."""
    best = (0, 0)
    for k in range(unpack_from(">H", cmap, 2)[0]):
        offset = unpack_from(">I", cmap, 4 + 8 * k + 4)[0]
        kind = unpack_from(">H", cmap, offset)[0]
        if kind in (4, 12):
            best = max(best, (kind, offset))
    kind, at = best
    found: dict[int, int] = {}
    if kind == 12:
        for k in range(unpack_from(">I", cmap, at + 12)[0]):
            first, last, glyph = unpack_from(">III", cmap, at + 16 + 12 * k)
            found.update({c: glyph + c - first for c in range(first, last + 1)})
    elif kind == 4:
        n = unpack_from(">H", cmap, at + 6)[0] // 2
        ends = unpack_from(f">{n}H", cmap, at + 14)
        firsts = unpack_from(f">{n}H", cmap, at + 16 + 2 * n)
        deltas = unpack_from(f">{n}H", cmap, at + 16 + 4 * n)
        base = at + 16 + 6 * n
        ranges = unpack_from(f">{n}H", cmap, base)
        for k in range(n):
            for c in range(firsts[k], min(ends[k], 0xFFFE) + 1):
                glyph = c
                if ranges[k]:
                    glyph = unpack_from(">H", cmap, base + 2 * k + ranges[k] + 2 * (c - firsts[k]))[
                        0
                    ]
                if glyph or not ranges[k]:
                    found[c] = (glyph + deltas[k]) & 0xFFFF
    return found


def _single_substitutions(gsub: bytes, feature: bytes) -> dict[int, int]:
    """Read which glyph stands for which when a feature is on (GSUB lookups of type 1)."""
    features, lookups = unpack_from(">HH", gsub, 6)
    chosen: set[int] = set()
    for k in range(unpack_from(">H", gsub, features)[0]):
        tag, offset = unpack_from(">4sH", gsub, features + 2 + 6 * k)
        if tag == feature:
            at = features + offset
            chosen.update(unpack_from(f">{unpack_from('>H', gsub, at + 2)[0]}H", gsub, at + 4))
    found: dict[int, int] = {}
    for index in sorted(chosen):
        at = lookups + unpack_from(">H", gsub, lookups + 2 + 2 * index)[0]
        kind, _, n_parts = unpack_from(">HHH", gsub, at)
        for k in range(n_parts):
            part = at + unpack_from(">H", gsub, at + 6 + 2 * k)[0]
            actual = kind
            if kind == 7:
                actual, far = unpack_from(">HI", gsub, part + 2)
                part += far
            if actual == 1:
                found.update(_single_part(gsub, part))
    return found


def _single_part(gsub: bytes, part: int) -> dict[int, int]:
    form, offset, third = unpack_from(">HHH", gsub, part)
    covered = _covered(gsub, part + offset)
    if form == 1:
        return {glyph: (glyph + third) & 0xFFFF for glyph in covered}
    return dict(zip(covered, unpack_from(f">{third}H", gsub, part + 6), strict=True))


def _covered(table: bytes, at: int) -> list[int]:
    form, count = unpack_from(">HH", table, at)
    if form == 1:
        return list(unpack_from(f">{count}H", table, at + 4))
    glyphs: list[int] = []
    for k in range(count):
        first, last, _ = unpack_from(">HHH", table, at + 4 + 6 * k)
        glyphs.extend(range(first, last + 1))
    return glyphs


def _glyph_starts(tables: dict[str, bytes]) -> list[int]:
    loca = tables["loca"]
    if unpack_from(">h", tables["head"], 50)[0]:
        return list(unpack_from(f">{len(loca) // 4}I", loca))
    return [2 * half for half in unpack_from(f">{len(loca) // 2}H", loca)]


def _components(glyph: bytes) -> list[tuple[int, int]]:
    """Return (place of its number, glyph) for every part of a composite glyph."""
    if len(glyph) < 10 or unpack_from(">h", glyph)[0] >= 0:
        return []
    parts, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = unpack_from(">HH", glyph, at)
        parts.append((at + 2, part))
        at += 8 if flags & _ARGS_ARE_WORDS else 6
        at += 2 * bool(flags & _HAS_SCALE) + 4 * bool(flags & _HAS_XY_SCALE)
        at += 8 * bool(flags & _HAS_2X2)
    return parts


def _with_components(glyf: bytes, starts: list[int], glyphs: list[int]) -> list[int]:
    order = list(dict.fromkeys(glyphs))
    for glyph in order:
        for _, part in _components(glyf[starts[glyph] : starts[glyph + 1]]):
            if part not in order:
                order.append(part)
    return order


def _renumbered(glyph: bytes, number: dict[int, int]) -> bytes:
    changed = bytearray(glyph)
    for at, part in _components(glyph):
        changed[at : at + 2] = pack(">H", number[part])
    return bytes(changed)


def _advances(tables: dict[str, bytes], order: list[int]) -> bytes:
    hmtx, count = tables["hmtx"], unpack_from(">H", tables["hhea"], 34)[0]
    out = b""
    for glyph in order:
        advance = unpack_from(">H", hmtx, 4 * min(glyph, count - 1))[0]
        at = 4 * glyph + 2 if glyph < count else 4 * count + 2 * (glyph - count)
        out += pack(">Hh", advance, unpack_from(">h", hmtx, at)[0])
    return out


def _written_map(glyph_of: dict[int, int]) -> bytes:
    """Write a format 4 table with one segment per character."""
    codes = sorted(glyph_of)
    n = len(codes) + 1
    ends = pack(f">{n}H", *codes, 0xFFFF)
    deltas = pack(f">{n}H", *((glyph_of[c] - c) & 0xFFFF for c in codes), 1)
    power = 1 << (n.bit_length() - 1)
    head = pack(
        ">HHHHHHH", 4, 16 + 8 * n, 0, 2 * n, 2 * power, power.bit_length() - 1, 2 * (n - power)
    )
    body = head + ends + b"\0\0" + ends + deltas + b"\0\0" * n
    return pack(">HHHHI", 0, 1, 3, 1, 12) + body


def _checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    words: tuple[int, ...] = unpack_from(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _packed(tables: dict[str, bytes]) -> bytes:
    directory, body = b"", b""
    start = 44 + 20 * len(tables)
    total = 12 + 16 * len(tables)
    for tag in sorted(tables):
        table = tables[tag]
        small = zlib.compress(table, 9)
        stored = small if len(small) < len(table) else table
        directory += pack(
            ">4sIIII",
            tag.encode("ascii"),
            start + len(body),
            len(stored),
            len(table),
            _checksum(table),
        )
        body += stored + b"\0" * (-len(stored) % 4)
        total += len(table) + (-len(table) % 4)
    size = start + len(body)
    head = pack(
        ">4sIIHHIHHIIIII", b"wOFF", 0x10000, size, len(tables), 0, total, 1, 0, 0, 0, 0, 0, 0
    )
    return head + directory + body
