"""The frames of an animation do not depend on which others were drawn, nor on who draws them."""

import time
from dataclasses import replace

import numpy as np
import pytest

from playground import later_frames
from playground.__main__ import asked_picture
from playground.arguments import render_parser
from playground.core.experiment import Experiment, TrainingSpec
from playground.core.files import save_experiment
from playground.headless import frames_from, render, share_with
from playground.later_frames import LaterFrames

SIZE = (1000, 600)


def arguments(preset, view, out="never-written.gif", frames=4):
    shown = ("--epochs", "6", "--frames", str(frames), "--size", f"{SIZE[0]}x{SIZE[1]}")
    return [str(preset), *shown, "--view", view, "--out", str(out)]


def picture_of(asked):
    return asked_picture(asked, render_parser().parse_args(asked))


def awaited(qtbot, later, number, take=LaterFrames.take):
    frames = []

    def comes():
        frames.append(take(later, number))
        return frames[-1] is not None

    qtbot.waitUntil(comes, timeout=60_000)
    return frames[-1]


@pytest.fixture
def later():
    later = LaterFrames()
    yield later
    later.close()


@pytest.mark.parametrize(
    ("preset", "view"),
    [
        ("spiral", "window"),
        ("xor-table", "window"),
        ("rings", "output"),
        ("sine", "output"),
        ("circle", "activations"),
    ],
)
def test_a_frame_is_the_same_whatever_was_drawn_before(qapp, preset, view):
    picture = picture_of(arguments(preset, view))
    all_frames, last = list(frames_from(picture, 0)), list(frames_from(picture, 3))
    assert all_frames[0].shape == (SIZE[1], SIZE[0], 3)
    assert len(all_frames) == 4
    assert len(last) == 1
    assert not np.array_equal(all_frames[0], last[0])
    assert np.array_equal(all_frames[3], last[0])


def test_a_frame_is_the_same_before_and_after_a_run_diverged(qapp, tmp_path):
    path = tmp_path / "steep.tinyml"
    save_experiment(replace(Experiment(), training=TrainingSpec(learning_rate=1e6)), path)
    picture = picture_of([*arguments(path, "network"), "--size", "501x403"])
    first, *diverged = frames_from(picture, 0)
    assert not np.array_equal(first, diverged[0])
    assert all(np.array_equal(frame, diverged[0]) for frame in diverged)
    assert np.array_equal(next(frames_from(picture, 3)), diverged[0])


def test_the_other_process_ends_with_this_one(later):
    asked = arguments("spiral", "network")
    asked[asked.index("6")] = "10000000"
    later.ask(asked, 2, *SIZE)
    later._process.stdin.close()
    assert later._process.wait(timeout=30) == 1


def test_another_process_draws_the_same_frames(qtbot, later):
    asked = arguments("spiral", "window")
    later.ask(asked, 1, *SIZE)
    here = list(frames_from(picture_of(asked), 1))
    assert np.array_equal(awaited(qtbot, later, 2), here[1]), "the one before is let go"
    assert later.take(1) is None
    assert np.array_equal(awaited(qtbot, later, 3), here[2])
    assert later.take(4) is None


def test_an_animation_is_the_same_file_with_and_without_another_process(
    qtbot, later, tmp_path, monkeypatch
):
    files = [tmp_path / name for name in ("alone.gif", "shared.gif")]
    asked = [arguments("circle", "network", file, frames=7) for file in files]
    render(picture_of(asked[0]))
    taken = []

    def take(self, number):
        if number < 4:
            return None
        taken.append(number)
        return awaited(qtbot, self, number)

    monkeypatch.setattr(LaterFrames, "take", take)
    share_with(later)
    render(picture_of(asked[1]))
    assert taken == [4, 5, 6]
    assert files[1].read_bytes() == files[0].read_bytes()


def test_frames_that_do_not_come_are_drawn_here(qapp, later, tmp_path):
    files = [tmp_path / name for name in ("alone.gif", "left.gif")]
    asked = [arguments("circle", "network", file) for file in files]
    render(picture_of(asked[0]))
    later._process.kill()
    share_with(later)
    render(picture_of(asked[1]))
    assert files[1].read_bytes() == files[0].read_bytes()


def test_a_process_whose_frames_nobody_takes_waits_and_can_be_ended(qtbot, later, monkeypatch):
    monkeypatch.setattr(later_frames, "MOST_WAITING", 2 * 3 * SIZE[0] * SIZE[1])
    later.ask(arguments("circle", "network", frames=7), 0, *SIZE)
    awaited(qtbot, later, 0)
    start = time.monotonic()
    later.close()
    assert later._process.returncode is not None
    assert time.monotonic() - start < 5
