"""Tooltips as people read them."""

from __future__ import annotations

from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument


def shown(tool_tip: str) -> str:
    """Return what a person reads in a tooltip."""
    if not GuiQt.mightBeRichText(tool_tip):
        return tool_tip
    document = QTextDocument()
    document.setHtml(tool_tip)
    return document.toPlainText()
