"""Asks where a file is to be saved, without blocking the window."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

Then = Callable[[Path], object]


class SavePrompt(QObject):
    """One question at a time; each begins in the folder of the last answer.

    Attributes
    ----------
    dialog : what asks now, or None.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._widget = parent
        self._folder = str(Path.home())
        self._then: Then | None = None
        self._again: Callable[[str], None] = lambda name: None
        self._ending = ""
        self.dialog: QFileDialog | None = None

    def ask(
        self, title: str, kind: str, name: str, then: Then, above: QWidget | None = None
    ) -> None:
        """Open the dialog and call `then` with the path that is chosen; one that is open stays.

        The path always has the format's ending. Where it had to be added and there is such a file,
        the dialog comes again with that name, so that it asks whether to replace it.

        Parameters
        ----------
        title : the dialog's title.
        kind : words for the format, e.g. "PNG picture".
        name : the file's proposed name, whose ending is the format's.
        above : the window it belongs to; None is that of the parent.
        """
        if self.dialog is not None:
            self.dialog.raise_()
            return
        ending = Path(name).suffix
        dialog = self.dialog = QFileDialog(above or self._widget, title, self._folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(f"{kind} (*{ending})")
        dialog.setDefaultSuffix(ending[1:])
        dialog.selectFile(name)
        self._then = then
        self._again = partial(self.ask, title, kind, then=then, above=above)
        self._ending = ending
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_file_selected(self, name: str) -> None:
        path, then = Path(name), self._then
        self._folder = str(path.parent)
        if path.suffix.lower() != self._ending.lower():
            path = path.with_name(path.name + self._ending)
            if os.path.lexists(path):
                # Once this dialog has gone.
                QTimer.singleShot(0, self, partial(self._again, path.name))
                return
        if then is not None:
            then(path)

    def _on_finished(self) -> None:
        dialog, self.dialog, self._then = self.dialog, None, None
        if dialog is not None:
            dialog.deleteLater()
