"""New, Open, Save, recent files, dropping, and what is asked about files."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from playground.core.experiment import Experiment
from playground.core.export.carrier import PICTURES
from playground.core.files import SUFFIX, ExperimentFileError, load_document, shown_name
from playground.core.files.disk import reason_of
from playground.session.open_file import OpenFile
from playground.session.scribe import CLOSE_SAVE_MS, Scribe
from playground.ui.controls.half_typed import drop_typed
from playground.ui.question_bar import Answer, QuestionBar
from playground.ui.recent_files import RecentFiles
from playground.ui.work_keeper import WorkKeeper

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

OPENED = (SUFFIX, *PICTURES)
"""What is opened when it is dropped; a picture may carry its experiment."""
_KINDS = " ".join(f"*{suffix}" for suffix in PICTURES)
_FILTER = f"Experiment (*{SUFFIX});;Picture with its experiment ({_KINDS});;All files (*)"


def _always() -> bool:
    return True


class FileCommands(QObject):
    """The window's files; its child.

    Attributes
    ----------
    file : what is open.
    question : asks about files under the run bar.
    keeper : keeps the work in the app's own folder, once `keep_in` was called.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.scribe = Scribe(parent=self)
        self.file = OpenFile(window.controller, self.scribe, self)
        self.question = QuestionBar()
        self.keeper: WorkKeeper | None = None
        self._dialog: QFileDialog | None = None
        self._then: Callable[[], None] | None = None
        self._has_no_place = self._gives_up = False
        self._number = self.file.number
        self._asked = ""
        self._is_asked_still = _always
        window.zones.insert_below_run_bar(self.question)
        window.appearance.theme_changed.connect(self.question.apply_theme)
        commands = window.commands
        self._recent = RecentFiles(commands.recent, self)
        self._recent.chosen.connect(self.open)
        commands.open.triggered.connect(self._on_open_triggered)
        commands.save.triggered.connect(self._on_save_triggered)
        commands.save_as.triggered.connect(self._on_save_as_triggered)
        window.edits.file = self.file
        window.edits.parameters_edited.connect(self.file.mark_edited)
        self.file.changed.connect(self._on_file_changed)
        self.file.saved.connect(self._on_saved)
        self.file.uncopied.connect(self._on_uncopied)
        self.file.failed.connect(self._on_save_failed)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # Life.

    def keep_in(self, folder: Path) -> WorkKeeper:
        """Keep the work in a folder from now on; what is there can be restored.

        Raises
        ------
        OSError
            If nothing can be kept there.
        """
        self._has_no_place = True
        self.keeper = WorkKeeper(
            self._window, self.file, self.scribe, folder, self.question, self._guard
        )
        self._has_no_place = False
        self.file.copies = folder / "copies"
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)
        return self.keeper

    def remember_in(self, settings: QSettings) -> None:
        """Keep the list of recent files in `settings`."""
        self._recent.remember_in(settings)

    def may_close(self) -> bool:
        """Whether closing loses nothing; if it does, a person is asked and closes again."""
        if self._gives_up or not self._would_lose:
            return True
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.activateWindow()
        self.question.ask(
            "This work cannot be kept for the next start, and closing loses it.",
            ("Save as…", partial(self._ask_where, self._close_window)),
            ("Close without it", self.close_unasked),
            ("Cancel", self.question.withdraw),
            failure=True,
        )
        return False

    @property
    def _would_lose(self) -> bool:
        if self.keeper is not None:
            return not self.keeper.autosave.can_keep()
        snapshot = self._window.controller.snapshot
        is_trained = snapshot is not None and snapshot.step > 0 and self.file.path is None
        return self._has_no_place and (self.file.is_modified or is_trained)

    def close_unasked(self) -> None:
        """Close the window, whatever becomes of the work."""
        self._gives_up = True
        self._close_window()

    def _close_window(self) -> None:
        self._window.close()

    def close(self) -> None:
        """End the training thread and finish all writing; may be called again."""
        controller = self._window.controller
        controller.shut_down(CLOSE_SAVE_MS if self.file.is_saving else None)
        # What the training thread told last is what a save may still wait for.
        QCoreApplication.sendPostedEvents(controller, QEvent.Type.MetaCall.value)
        self.file.finish()
        self.scribe.close()
        if self.keeper is not None:
            self.keeper.finish()

    # New and open.

    def start_new(self, experiment: Experiment, text: str) -> None:
        """Begin another experiment; unsaved edits are asked about first."""
        self._guard(partial(self._start_new, experiment, text))

    def _start_new(self, experiment: Experiment, text: str) -> None:
        self._window.edits.begin(experiment, text)
        self.file.start_new(experiment)

    def open(self, path: Path) -> None:
        """Open a file; unsaved edits are asked about first."""
        self._guard(partial(self.open_now, path))

    def open_now(self, path: Path) -> None:
        """Open a file, whatever is in force; what is wrong with it is said."""
        try:
            self.file.open(path, self._leave)
        except ExperimentFileError as error:
            self._tell_unreadable(path, error)
            return
        except MemoryError:
            self._tell_failure(f"{shown_name(path)}: there is not enough memory to open it.")
            return
        self._window.edits.clear()
        self.question.withdraw()
        self._recent.add(path)
        self._window.status.show_message(f"Opened {shown_name(path)}")

    def _tell_unreadable(self, path: Path, error: ExperimentFileError) -> None:
        copy = self.file.copy_of(path)
        if error.is_damaged and copy is not None and copy.is_file():
            act = partial(self._guard, partial(self._open_copy, copy, path))
            self._tell_failure(str(error), ("Open the last good copy", act))
        else:
            self._tell_failure(str(error))

    def _open_copy(self, copy: Path, path: Path) -> None:
        try:
            document = load_document(copy)
        except ExperimentFileError as error:
            self._tell_failure(f"The copy cannot be opened either. {error}")
            return
        except MemoryError:
            self._tell_failure(f"{shown_name(path)}: there is not enough memory to open its copy.")
            return
        self._leave()
        self.file.adopt(document, path, edited=True)
        self._window.edits.clear()

    def _guard(self, act: Callable[[], None], *, reloads: bool = False) -> None:
        if not self.file.is_modified:
            act()
            return
        again = partial(self._guard, act)  # what is edited while the file is written counts too
        self._ask_about_file(
            f"{self.file.name} has unsaved edits.",
            # Saving in place would overwrite what is to be read.
            ("Save as…", partial(self._ask_where, again))
            if reloads
            else ("Save first", partial(self._save_then, again)),
            ("Don't save", act),
            ("Cancel", self.question.withdraw),
            holds=self._is_modified,
        )

    def _ask_about_file(
        self, text: str, *answers: Answer, holds: Callable[[], bool] = _always
    ) -> None:
        """Ask what is no question any more with another experiment, or once it does not hold."""
        which = self._which_file
        self._asked, self._is_asked_still = text, lambda: which == self._which_file and holds()
        self.question.ask(text, *answers)

    @property
    def _which_file(self) -> object:
        return self.file.number, self.file.path

    def _is_modified(self) -> bool:
        return self.file.is_modified

    def _is_changed_on_disk(self) -> bool:
        return self.file.is_changed_on_disk

    def _withdraw_what_is_past(self) -> None:
        if self._asked and self.question.text == self._asked and not self._is_asked_still():
            self.question.withdraw()

    def _leave(self) -> None:
        """Keep a run without a file, which nobody was asked about, for a later start."""
        if self.keeper is not None and self.file.path is None and not self.file.is_modified:
            try:
                self.keeper.autosave.set_aside()
            except OSError as error:
                self._window.status.show_failure(f"Untitled is not kept: {reason_of(error)}.")

    def _reload(self, path: Path) -> None:
        self._guard(partial(self.open_now, path), reloads=True)

    # Save.

    def _save_then(self, then: Callable[[], None] | None) -> None:
        if self.file.path is None:
            self._ask_where(then)
        elif self.file.is_changed_on_disk:
            self._ask_about_file(
                f"{self.file.name} was changed or removed by another program.",
                ("Overwrite", partial(self._save_to, self.file.path, then)),
                ("Reload", partial(self._reload, self.file.path)),
                ("Save as…", partial(self._ask_where, then)),
                ("Cancel", self.question.withdraw),
                holds=self._is_changed_on_disk,
            )
        else:
            self._save_to(self.file.path, then)

    def _save_to(self, path: Path, then: Callable[[], None] | None) -> None:
        self.file.save(path, then)

    def _ask_where(self, then: Callable[[], None] | None) -> None:
        dialog = self._new_dialog("Save experiment", QFileDialog.AcceptMode.AcceptSave)
        if dialog is None:
            return
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(f"Experiment (*{SUFFIX})")
        dialog.setDefaultSuffix(SUFFIX[1:])
        kind = self._window.controller.experiment.data.kind.value
        dialog.selectFile(self.file.path.name if self.file.path else kind + SUFFIX)
        dialog.fileSelected.connect(self._on_save_name_selected)
        self._then = then
        dialog.open()

    def _new_dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog | None:
        if self._dialog is not None:
            self._dialog.raise_()
            return None
        self._dialog = dialog = QFileDialog(self._window, title)
        dialog.setAcceptMode(mode)
        near = self.file.path or self._recent.newest
        dialog.setDirectory(str(near.parent if near else Path.home()))
        dialog.finished.connect(self._on_dialog_finished)
        return dialog

    # What the actions, the dialogs and the disk say.

    def _on_open_triggered(self) -> None:
        dialog = self._new_dialog("Open experiment", QFileDialog.AcceptMode.AcceptOpen)
        if dialog is not None:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.setNameFilters(_FILTER.split(";;"))
            dialog.fileSelected.connect(self._on_open_name_selected)
            dialog.open()

    def _on_open_name_selected(self, name: str) -> None:
        self.open(Path(name))

    def _on_save_triggered(self) -> None:
        self._save_then(None)

    def _on_save_as_triggered(self) -> None:
        self._ask_where(None)

    def _on_save_name_selected(self, name: str) -> None:
        place = self.file.place_of(Path(name))
        save = partial(self._save_to, place, self._then)
        # The dialog has asked about the name that was typed only.
        if place == Path(name) or place == self.file.path or not os.path.exists(place):
            save()
            return
        self._ask_about_file(
            f"There is a file {shown_name(place)} already.",
            ("Overwrite", save),
            ("Save as…", partial(self._ask_where, self._then)),
            ("Cancel", self.question.withdraw),
        )

    def _on_dialog_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _on_file_changed(self) -> None:
        window, file = self._window, self.file
        if file.number != self._number:
            self._number = file.number
            drop_typed()  # it was meant for the experiment of before
        if file.path is None:
            window.setWindowTitle(window.app_name)
        else:
            window.setWindowTitle(f"{file.name}[*] – {window.app_name}")
        window.setWindowModified(file.is_modified and file.path is not None)
        self._withdraw_what_is_past()

    def _on_saved(self, path: Path) -> None:
        self._recent.add(path)
        self._window.status.show_message(f"Saved {shown_name(path)}")

    def _on_uncopied(self, why: str) -> None:
        self._window.status.show_failure(f"Saved, but no copy of it was kept: {why}.")

    def _on_save_failed(self, error: ExperimentFileError) -> None:
        if error.is_refused:
            self._tell_failure(str(error), ("Save as…", partial(self._ask_where, None)))
        else:
            self._tell_failure(str(error))

    def _tell_failure(self, text: str, *answers: Answer) -> None:
        self.question.ask(text, *answers, ("Close", self.question.withdraw), failure=True)

    # Dropping, and coming back to the window.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take dropped experiments, and look after the file when the window is looked at."""
        if isinstance(event, QDropEvent):  # entering is one too
            path = _dropped_file(event)
            if path is not None:
                event.acceptProposedAction()
                if not isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.Drop:
                    self.open(path)
                return True
        elif event.type() == QEvent.Type.WindowActivate and self.file.is_changed_on_disk:
            self._ask_about_change()
        return False

    def _ask_about_change(self) -> None:
        path = self.file.path
        if path is not None and not self.question.text:
            self._ask_about_file(
                f"{self.file.name} was changed or removed by another program.",
                ("Reload", partial(self._reload, path)),
                ("Keep mine", self.file.accept_disk),
                holds=self._is_changed_on_disk,
            )


def _dropped_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    names = [url.toLocalFile() for url in urls if url.isLocalFile()]
    return next((Path(n) for n in names if n.lower().endswith(OPENED)), None)
