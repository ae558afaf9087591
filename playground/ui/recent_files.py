"""The menu of files that were opened or saved lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from playground.core.files import shown_name

MOST_RECENT = 8


class RecentFiles(QObject):
    """Lists files in a menu, the newest first.

    Signals
    -------
    chosen(object) : the `Path` of an entry that was clicked.
    """

    chosen = Signal(object)

    def __init__(self, menu: QMenu, parent: QObject) -> None:
        super().__init__(parent)
        self._menu = menu
        self._settings: QSettings | None = None
        self._paths: list[Path] = []
        self._show()

    @property
    def newest(self) -> Path | None:
        """The last one; None as long as there is none."""
        return self._paths[0] if self._paths else None

    def remember_in(self, settings: QSettings) -> None:
        """Keep the list in `settings`."""
        self._settings = settings
        found = settings.value("files/recent")
        names = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        paths = [Path(n) for n in names if isinstance(n, str) and "\0" not in n]
        self._paths = paths[:MOST_RECENT]
        self._show()

    def add(self, path: Path) -> None:
        """Put a file first."""
        where = path.absolute()
        self._paths = [where, *(p for p in self._paths if p != where)][:MOST_RECENT]
        if self._settings is not None:
            self._settings.setValue("files/recent", [str(p) for p in self._paths])
        self._show()

    def _show(self) -> None:
        self._menu.clear()
        for path in self._paths:
            name = f"{shown_name(path)}  –  {shown_name(path.parent)}"
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setData(str(path))
            action.triggered.connect(self._on_triggered)
        self._menu.setEnabled(bool(self._paths))

    def _on_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.chosen.emit(Path(str(sender.data())))
