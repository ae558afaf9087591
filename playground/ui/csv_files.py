"""Data into the window by menu, button, paste and drop, and out of it as CSV."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QTemporaryFile
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from playground.core.csv_columns import Imported
from playground.core.csv_export import csv_text
from playground.core.csv_labels import label_of
from playground.core.data import make_data
from playground.core.experiment import DataSpec
from playground.core.files import shown_name
from playground.core.playground_address import is_playground_address
from playground.session.scribe import Exported
from playground.ui.csv_dialog import CsvDialog
from playground.ui.pasted_address import PastedAddress

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"
SUFFIXES = (".csv", ".tsv", ".txt")


class CsvFiles(QObject):
    """Opens the preview for whatever looks like a table, and edits the experiment by it.

    A text that is an address of TensorFlow Playground is taken up as an experiment instead.

    Attributes
    ----------
    dialog : the open preview, or None.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: CsvDialog | None = None
        self._pasted: QTemporaryFile | None = None
        self._addresses = PastedAddress(window)
        self._scribe = window.files.scribe
        self._scribe.exported.connect(self._on_exported)
        commands = window.commands
        commands.import_csv.triggered.connect(self.ask_for_file)
        commands.paste_data.triggered.connect(self.paste)
        commands.export_data.triggered.connect(self._on_export_triggered)
        window.left.data.import_clicked.connect(self.ask_for_file)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def ask_for_file(self) -> None:
        """Ask which file to import."""
        dialog = QFileDialog(self._window, "Import CSV", "", FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_file(self, path: str) -> None:
        """Show the preview of a file."""
        self._open(path, label_of(Path(path).name))

    def paste(self) -> None:
        """Show the preview of the table on the clipboard, or take up the address there."""
        self._take(QGuiApplication.clipboard().mimeData())

    def _take(self, data: QMimeData | None) -> bool:
        """Open what was pasted or dropped, if it can be a table or is an address."""
        if data is None:  # the clipboard's owner has gone
            data = QMimeData()
        if tables := _tables_in(data):
            self.open_file(tables[0])
            return True
        if self._addresses.take(_address_in(data)):
            return True
        text = data.text() if not data.urls() else ""
        if "\n" not in text.strip():
            self._window.status.show_message("There is no table or address to paste.")
            return False
        file, written = QTemporaryFile(self), text.encode()
        if not (file.open() and file.write(written) == len(written) and file.flush()):
            file.deleteLater()
            self._window.status.show_failure(
                "Not pasted: the folder for temporary files takes no more; its disk may be full."
            )
            return False
        self.close()
        self._pasted = file
        self._open(file.fileName(), "")
        return True

    def _open(self, path: str, title: str) -> None:
        self.close()
        self.dialog = CsvDialog(path, title, self._window.appearance.theme, self._window)
        self.dialog.data_imported.connect(self._on_data_imported)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def close(self) -> None:
        """End the preview and the process that reads for it."""
        if self.dialog is not None:
            self.dialog.reject()

    def _on_dialog_finished(self) -> None:
        self.dialog = None
        if self._pasted is not None:
            self._pasted.deleteLater()
            self._pasted = None

    def _on_data_imported(self, imported: Imported) -> None:
        window = self._window
        window.left.data.stop_drawing()
        experiment = window.controller.experiment
        share = min(experiment.data.train_share, 0.9)
        data = replace(experiment.data, own=imported.own, shown=(0, 1), held=(), train_share=share)
        try:
            edited = experiment.with_data(data)
        except ValueError as error:  # a large network from a file has no room for more outputs
            window.status.show_failure(f"Not changed: {error}.")
            return
        window.edits.edit(edited)
        words = [f"{len(imported.own)} rows imported."]
        if imported.n_dropped:
            words.append(f"{imported.n_dropped} left out.")
        if imported.n_filled:
            words.append(f"{imported.n_filled} cells got their column's mean.")
        window.status.show_message(" ".join((*words, *imported.notes)))

    def _on_export_triggered(self) -> None:
        dialog = QFileDialog(self._window, "Export data as CSV", "data.csv", FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: str) -> None:
        """Write the samples in force to a file."""
        data = self._window.controller.experiment.data
        self._scribe.export(Path(path), partial(_bytes_of, data))

    def _on_exported(self, exported: Exported) -> None:
        name, status = shown_name(exported.export.path), self._window.status
        if exported.error is not None:
            status.show_failure(f"{name}: {exported.error}")
        else:
            status.show_message(f"{name} written.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files and texts that are dropped on the window."""
        if isinstance(event, QDragEnterEvent):
            data = event.mimeData()
            is_text = data.hasText() and not data.urls()
            if _tables_in(data) or is_text or is_playground_address(_address_in(data)):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            data = event.mimeData()
            if not _tables_in(data) and any(url.isLocalFile() for url in data.urls()):
                return False  # a file of another kind is not for here
            taken = self._take(data)
            if taken:
                event.acceptProposedAction()
            return taken
        return False


def _bytes_of(data: DataSpec) -> bytes:
    return csv_text(make_data(data), data.problem).encode()


def _tables_in(data: QMimeData) -> list[str]:
    """Return the paths of the files that can be tables by their names."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.lower().endswith(SUFFIXES)]


def _address_in(data: QMimeData) -> str:
    """Return the text, or the address that a browser gives as such."""
    addresses = [url.toString() for url in data.urls() if not url.isLocalFile()]
    return addresses[0] if addresses else data.text()
