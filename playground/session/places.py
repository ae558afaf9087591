"""The app's own folder and settings, and what to do where there are none."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings, QStandardPaths


def app_folder() -> Path:
    """Return a folder of this app that can be written, made if it is missing.

    Where the home folder is missing or read-only it is one for temporary files.
    """
    named = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    for folder in (Path(named), Path(tempfile.gettempdir()) / f"tinyml-playground-{_user()}"):
        if str(folder) in ("", "."):
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="tinyml-playground-"))


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def sound_settings() -> QSettings:
    """Return the app's settings; a damaged file is put aside as `.bad` and defaults are used."""
    settings = _own_settings()
    path = Path(settings.fileName())
    if settings.status() is QSettings.Status.FormatError or _is_damaged(path):
        aside = path.with_name(path.name + ".bad")
        try:
            os.replace(path, aside)
        except OSError:
            settings.clear()
            return settings
        settings = QSettings(str(path), QSettings.Format.IniFormat)
        settings.sync()
    return settings


def _own_settings() -> QSettings:
    if sys.platform == "darwin":
        # Apple's own are binary, which no look at them can tell from damage.
        names = QCoreApplication.organizationName(), QCoreApplication.applicationName()
        return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, *names)
    return QSettings()


def _is_damaged(path: Path) -> bool:
    """Whether an INI file holds what no settings file does; Qt reads on past most damage."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    try:
        return "\0" in data.decode()
    except UnicodeDecodeError:
        return True
