"""The experiment inside a picture: put in, found again, whatever kind of file it is.

The bytes are those of an experiment file. PNG and APNG keep them in an iTXt chunk (PNG 1.2, 4.2),
SVG in its metadata element, PDF in its XMP packet, GIF in a comment, WebP in its XMP chunk, a web
page in a script element that does nothing.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from struct import pack, unpack_from
from xml.sax.saxutils import escape

KEYWORD = "tinyml-experiment"
NAMESPACE = "https://tinyml.example/experiment"
MAX_FILE = 64 * 2**20
"""Bytes at most of a picture that is looked into."""
MAX_EXPERIMENT = 32 * 2**20
_PNG = b"\x89PNG\r\n\x1a\n"
_MARKED = re.compile(rb"tinyml-experiment:([A-Za-z0-9+/=\s]+):end")


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (2.2) has no place for, not even escaped."""


class NoExperimentError(ValueError):
    """A file that carries no experiment; the message says so in plain words."""


def marked(experiment: bytes) -> str:
    """Return the experiment as text that survives in any kind of metadata."""
    return f"{KEYWORD}:{b64encode(zlib.compress(experiment, 9)).decode('ascii')}:end"


def writable(text: str) -> str:
    """Return a text with a space for each character that no XML document may have."""
    return _FORBIDDEN.sub(" ", text)


def png_with(png: bytes, experiment: bytes | None, words: dict[str, str]) -> bytes:
    """Return a PNG (or APNG) with the experiment and some words about it, before its end."""
    if not png.startswith(_PNG):
        raise ValueError("this is no PNG")
    chunks = b"".join(_text_chunk(key, text, False) for key, text in words.items())
    if experiment is not None:
        chunks += _text_chunk(KEYWORD, b64encode(experiment).decode("ascii"), True)
    end = len(png) - 12
    return png[:end] + chunks + png[end:]


def _text_chunk(keyword: str, text: str, packed: bool) -> bytes:
    data = text.encode("utf-8")
    body = keyword.encode("latin-1") + b"\0" + bytes([packed, 0]) + b"\0\0"
    body += zlib.compress(data, 9) if packed else data
    return pack(">I", len(body)) + b"iTXt" + body + pack(">I", zlib.crc32(b"iTXt" + body))


def svg_metadata(experiment: bytes) -> str:
    """Return the metadata element of an SVG."""
    return (
        f'<metadata><experiment xmlns="{NAMESPACE}">{marked(experiment)}</experiment></metadata>\n'
    )


def xmp_packet(title: str, creator: str, experiment: bytes | None) -> bytes:
    """Return the XMP packet of a PDF or WebP (ISO 16684-1)."""
    title, creator = (escape(writable(text)) for text in (title, creator))
    extra = ""
    if experiment is not None:
        extra = (
            f'<rdf:Description rdf:about="" xmlns:tinyml="{NAMESPACE}">'
            f"<tinyml:experiment>{marked(experiment)}</tinyml:experiment></rdf:Description>"
        )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt>'
        "</dc:title></rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"<xmp:CreatorTool>{creator}</xmp:CreatorTool></rdf:Description>"
        f'{extra}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def find_experiment(content: bytes) -> bytes:
    """Return the experiment that a picture, page or document carries.

    Raises
    ------
    NoExperimentError
        When there is none, or what is there is damaged.
    """
    if content.startswith(_PNG):
        found = _from_png(content)
    else:
        # GIF cuts comments into blocks of 255 bytes, each after its length.
        searched = _gif_comments(content) if content[:4] == b"GIF8" else content
        match = _MARKED.search(searched)
        found = None if match is None else _unpacked(_decoded(match.group(1)))
    if found is None:
        raise NoExperimentError("This picture carries no experiment.")
    return found


def _from_png(content: bytes) -> bytes | None:
    at = len(_PNG)
    key = KEYWORD.encode("latin-1") + b"\0"
    while at + 12 <= len(content):
        length, kind = unpack_from(">I4s", content, at)
        if kind == b"iTXt" and content.startswith(key, at + 8):
            body = content[at + 8 : at + 8 + length]
            if unpack_from(">I", content, at + 8 + length)[0] != zlib.crc32(kind + body):
                raise NoExperimentError("The experiment in this picture is damaged.")
            return _decoded(_unpacked(body[len(key) + 4 :]))
        at += 12 + length
    return None


def _decoded(text: bytes) -> bytes:
    try:
        return b64decode(b"".join(text.split()), validate=True)
    except Base64Error as error:
        raise NoExperimentError("The experiment in this picture is damaged.") from error


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(data, MAX_EXPERIMENT)
    except zlib.error as error:
        raise NoExperimentError("The experiment in this picture is damaged.") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise NoExperimentError("The experiment in this picture is damaged.")
    return content


def _gif_comments(content: bytes) -> bytes:
    found = b""
    at = content.find(b"\x21\xfe")
    while at >= 0:
        place, comment = at + 2, b""
        while place < len(content) and content[place]:
            size = content[place]
            comment += content[place + 1 : place + 1 + size]
            place += 1 + size
        found += comment + b"\n"
        at = content.find(b"\x21\xfe", at + 2)
    return found
