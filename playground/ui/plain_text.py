"""Text from files and keyboards where Qt would take some of it for HTML."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt


def plain_tool_tip(text: str) -> str:
    """Return what a tooltip shows as exactly `text`, also if there are tags in it."""
    if not Qt.mightBeRichText(text):
        return text
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>"
