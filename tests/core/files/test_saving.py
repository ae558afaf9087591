"""Saving: the old file or the new one, whatever fails; success only if it reads back."""

import errno
import os
import stat

import numpy as np
import pytest

from playground.core.experiment import Experiment, presets
from playground.core.files import ExperimentFileError, load_experiment, save_experiment
from playground.core.files.codec import to_tree
from playground.core.files.disk import FileSystem, read_bounded, sweep_temporaries, write_atomically

OLD, NEW = Experiment(), presets()["spiral"]
CALLS = ("create", "write", "fsync", "close", "read", "replace", "fsync_folder", "remove")


class FailingDisk(FileSystem):
    """A file system whose k-th call fails; `calls` counts them."""

    def __init__(self, k=-1, fault=errno.ENOSPC):
        self.k, self.fault, self.calls = k, fault, 0

    def _next(self):
        self.calls += 1
        if self.calls - 1 == self.k:
            if self.fault == "short":
                return True
            raise OSError(self.fault, os.strerror(self.fault))
        return False

    def write(self, handle, data):
        if self._next():
            return super().write(handle, data[: len(data) // 2])
        return super().write(handle, data[:100])

    def read(self, path):
        data = super().read(path)
        return data[:-1] if self._next() else data


def _failing(name):
    real = getattr(FileSystem, name)

    def call(self, *args):
        self._next()
        return real(self, *args)

    return call


for _name in CALLS:
    if _name not in vars(FailingDisk):
        setattr(FailingDisk, _name, _failing(_name))


def n_calls(folder):
    disk = FailingDisk()
    save_experiment(NEW, folder / "count.tinyml", disk=disk)
    return disk.calls


FAULTS = [errno.ENOSPC, errno.EIO, errno.EACCES, "short"]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_whatever_call_fails_the_file_is_the_old_or_the_new_one(tmp_path, fault):
    for k in range(n_calls(tmp_path)):
        path = tmp_path / f"{k}.tinyml"
        save_experiment(OLD, path)
        told = None
        try:
            save_experiment(NEW, path, disk=FailingDisk(k, fault))
        except ExperimentFileError as error:
            told = str(error)
        if told is None or "does not confirm" in told:
            assert load_experiment(path) == NEW
        else:
            assert "The old file is intact." in told
            assert load_experiment(path) == OLD
        assert sorted(tmp_path.glob(".tinyml-*")) == []


def test_a_full_disk_is_called_by_its_name(tmp_path):
    path = tmp_path / "a.tinyml"
    save_experiment(OLD, path)
    with pytest.raises(ExperimentFileError) as caught:
        save_experiment(NEW, path, disk=FailingDisk(1, errno.ENOSPC))
    assert str(caught.value).startswith("a.tinyml: Not saved: disk full. The old file is intact.")
    assert caught.value.is_refused


def test_what_cannot_be_removed_does_not_hide_what_went_wrong(tmp_path):
    class Stuck(FileSystem):
        def fsync(self, handle):
            raise OSError(errno.EIO, "no")

        def remove(self, path):
            raise OSError(errno.EIO, "no")

    with pytest.raises(ExperimentFileError, match="does not answer rightly"):
        save_experiment(NEW, tmp_path / "a.tinyml", disk=Stuck())


def test_a_link_stays_and_its_target_is_written(tmp_path):
    real, link = tmp_path / "real.tinyml", tmp_path / "link.tinyml"
    save_experiment(OLD, real)
    link.symlink_to(real)
    save_experiment(NEW, link)
    assert link.is_symlink()
    assert load_experiment(real) == NEW


def test_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "a.tinyml"
    save_experiment(OLD, path)
    path.chmod(0o444)
    with pytest.raises(ExperimentFileError, match=r"read-only\. Use Save As"):
        save_experiment(NEW, path)
    assert load_experiment(path) == OLD


@pytest.mark.parametrize("mode", [0o640, 0o664, 0o600, 0o666])
def test_permissions_are_kept_whatever_the_mask(tmp_path, mode):
    path = tmp_path / "a.tinyml"
    mask = os.umask(0o022)
    try:
        save_experiment(OLD, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        path.chmod(mode)
        save_experiment(NEW, path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone/a.tinyml", "the folder is not there any more"),
        ("x" * 300 + ".tinyml", "the name is too long"),
        ("", "there is a folder of this name"),
    ],
)
def test_places_that_cannot_be_written_are_named(tmp_path, name, message):
    with pytest.raises(ExperimentFileError, match=message) as caught:
        save_experiment(NEW, tmp_path / name)
    assert "Save As" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["a\nb.tinyml", "<b>.tinyml", "\u202egnp.tinyml", "-rf", "x" * 248 + ".tinyml", "é"]
)
def test_strange_names_work(tmp_path, name):
    save_experiment(NEW, tmp_path / name)
    assert load_experiment(tmp_path / name) == NEW


def test_a_disk_that_takes_nothing_is_full(tmp_path):
    class Full(FileSystem):
        def write(self, handle, data):
            return 0

    with pytest.raises(ExperimentFileError, match="disk full"):
        save_experiment(NEW, tmp_path / "a.tinyml", disk=Full())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("fault", "confirmed"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_folder_that_cannot_be_synced_matters_only_if_the_disk_fails(
    tmp_path, monkeypatch, fault, confirmed
):
    real = os.fsync

    def fsync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(fault, "no")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    told = ""
    try:
        save_experiment(NEW, tmp_path / "a.tinyml")
    except ExperimentFileError as error:
        told = str(error)
    assert (told == "") is confirmed
    assert load_experiment(tmp_path / "a.tinyml") == NEW


@pytest.mark.parametrize(
    ("error", "message"),
    [(PermissionError(13, "no"), "no permission to read"), (OSError(5, "bad disk"), "bad disk")],
)
def test_what_cannot_be_read_is_said(tmp_path, monkeypatch, error, message):
    def refuse(*_):
        raise error

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ExperimentFileError, match=message):
        load_experiment(tmp_path / "a.tinyml")


def test_a_disk_that_fails_while_reading_is_said(tmp_path, monkeypatch):
    save_experiment(NEW, tmp_path / "a.tinyml")

    def refuse(*_, **__):
        raise OSError(errno.EIO, "it broke")

    monkeypatch.setattr(os, "fdopen", refuse)
    with pytest.raises(ExperimentFileError, match="it broke"):
        load_experiment(tmp_path / "a.tinyml")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.tinyml"
    path.write_bytes(b"x" * 100)
    monkeypatch.setattr(os, "fstat", lambda handle: os.stat_result([stat.S_IFREG] + [0] * 9))
    with pytest.raises(ExperimentFileError, match="larger than"):
        read_bounded(path, 50)


def test_a_temporary_that_cannot_be_removed_is_left(tmp_path, monkeypatch):
    (tmp_path / ".tinyml-4194399-0a0a.tmp").write_bytes(b"")

    def refuse(*_):
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(os, "unlink", refuse)
    assert sweep_temporaries(tmp_path) == 0


def test_a_process_of_somebody_else_counts_as_running(tmp_path, monkeypatch):
    (tmp_path / ".tinyml-1-0a0a.tmp").write_bytes(b"")

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert sweep_temporaries(tmp_path) == 0


def test_only_what_has_a_form_in_files_can_be_written():
    with pytest.raises(TypeError, match="cannot hold a set"):
        to_tree({1})
    with pytest.raises(ValueError, match="finite numbers only"):
        to_tree(float("nan"))
    assert to_tree(float("inf"), non_finite=True) is None
    array = np.array([1.0, np.nan])
    with pytest.raises(ValueError, match="finite numbers only"):
        to_tree(array)
    assert to_tree(array, non_finite=True) == [1.0, None]


def test_nothing_is_written_to_a_pipe(tmp_path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(ExperimentFileError, match="not a regular file"):
        write_atomically(path, b"x")


def test_only_temporaries_of_dead_processes_are_swept(tmp_path):
    dead = tmp_path / ".tinyml-4194399-0a0a.tmp"
    living = tmp_path / f".tinyml-{os.getppid()}-0a0a.tmp"
    mine = tmp_path / f".tinyml-{os.getpid()}-0a0a.tmp"
    other = tmp_path / ".tinyml-notes.tmp"
    for path in (dead, living, mine, other):
        path.write_bytes(b"")
    assert sweep_temporaries(tmp_path) == 1
    assert not dead.exists()
    assert all(path.exists() for path in (living, mine, other))
    assert sweep_temporaries(tmp_path / "gone") == 0
