"""What a person types, and what the program answers."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from playground.core.experiment import Experiment, presets
from playground.core.export.carrier import load_carried
from playground.core.files import save_experiment
from playground.core.own_data import OwnData


def playground(*arguments, timeout=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "playground", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, **environment},
    )


IN_TURN = """
import json, sys
from playground.__main__ import main

for command in json.loads(sys.argv[1]):
    try:
        code = main(command)
    except SystemExit as stop:
        code = stop.code
    print("exit", code, file=sys.stderr)
"""


def playground_in_turn(*commands, folder):
    """Give one process several command lines; return (exit code, standard error) of each.

    A process for each would take three times as long.
    """
    given = json.dumps([[str(word) for word in command] for command in commands])
    done = subprocess.run(
        [sys.executable, "-c", IN_TURN, given], capture_output=True, text=True, cwd=folder
    )
    *answers, rest = re.split(r"^exit (\d+)\n", done.stderr, flags=re.MULTILINE)
    assert (done.returncode, rest) == (0, ""), done.stderr
    return [(int(code), said) for said, code in zip(answers[::2], answers[1::2], strict=True)]


def without_display():
    gone = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in gone}


def test_render_draws_a_trained_window_twice_with_the_same_bytes(tmp_path):
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    for file in files:
        done = playground("render", "spiral", "--epochs", 500, "--out", file)
        assert done.returncode == 0, done.stderr
    image = QImage(str(files[0]))
    assert (image.width(), image.height()) == (1440, 900)
    assert files[0].read_bytes() == files[1].read_bytes()
    numbers = dict(line.split(": ") for line in done.stdout.splitlines())
    assert float(numbers["test accuracy"]) >= 0.95
    assert set(numbers) == {"train loss", "test loss", "train accuracy", "test accuracy"}
    assert "epoch 500 of 500" in done.stderr


def test_a_process_that_stands_by_ends_in_silence_with_the_app(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "playground.standby"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**without_display(), "TMPDIR": str(tmp_path)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_render_draws_one_view_at_exactly_the_size(tmp_path):
    look = ("--size", "640x480", "--scale", 2, "--theme", "dark", "--seed", 7)
    views = ("network", "output", "loss", "weights", "gradients")
    done = playground_in_turn(
        *(
            ("render", "circle", "--epochs", 3, "--view", view, *look, "--out", f"{view}.png")
            for view in views
        ),
        folder=tmp_path,
    )
    assert [code for code, _ in done] == [0] * len(views), done
    for view in views:
        image = QImage(str(tmp_path / f"{view}.png"))
        assert (image.width(), image.height()) == (1280, 960)


def test_another_seed_is_another_run_and_a_table_has_no_test_set(tmp_path):
    said = []
    for seed in (1, 2):
        done = playground(
            *("render", "xor-table", "--epochs", 5, "--seed", seed),
            *("--view", "loss", "--out", tmp_path / "x.png"),
        )
        said.append(done.stdout)
    assert said[0] != said[1]
    assert "test loss: none" in said[0]


def test_render_needs_no_display(tmp_path):
    file = tmp_path / "x.png"
    done = subprocess.run(
        [sys.executable, "-m", "playground", "render", "and-table", "--out", str(file)],
        capture_output=True,
        text=True,
        env=without_display(),
    )
    assert done.returncode == 0, done.stderr
    assert file.exists()


def test_render_fails_when_the_file_cannot_be_written(tmp_path):
    file = tmp_path / ("n" * 260 + ".png")
    done = playground("render", "xor-table", "--out", file)
    assert done.returncode == 1
    assert "was not written" in done.stderr
    assert list(tmp_path.iterdir()) == []


WRONG = [
    (["render", "circle"], "--out"),
    (["render", "circle", "--out", "x.jpg"], ".png"),
    (["render", "circle", "--out", "/no/such/folder/x.png"], "no folder"),
    (["render", "circle", "--out", "x.png", "--epochs", "-1"], "epochs"),
    (["render", "circle", "--out", "x.png", "--epochs", "٣"], "epochs"),
    (["render", "circle", "--out", "x.png", "--size", "big"], "1440x900"),
    (["render", "circle", "--out", "x.png", "--size", "99999x5"], "side"),
    (["render", "circle", "--out", "x.png", "--scale", "nan"], "scale"),
    (["render", "circle", "--out", "x.png", "--view", "moon"], "network"),
    (["render", "circle", "--out", "x.png", "--seed", "1e3"], "seed"),
    (["render", "circle", "--out", "x.png", "--size", "16000x16000"], "too many"),
    (["render", "circle", "--out", "x.png", "--neuron", "9,9"], "the layers have 4, 2, 1"),
    (["render", "circle", "--out", "x.gif", "--epochs", "9", "--size", "9000x9000"], "million"),
    (
        ["export-code", "circle", "--epochs", "0", "--target", "numpy", "--out", "x.py"],
        "1 epoch",
    ),
    (["export-code", "circle", "--epochs", "3", "--target", "jax", "--out", "x.py"], "numpy"),
    (["export-csv", "circle", "--epochs", "3", "--out", "x.txt"], ".csv"),
    (["export-html", "nosuch.png", "--epochs", "3", "--out", "x.html"], "nosuch.png"),
]
"""Command lines, and a word of what is said about each."""


def test_a_wrong_argument_is_named_with_exit_code_2(tmp_path):
    answers = playground_in_turn(*(arguments for arguments, _ in WRONG), folder=tmp_path)
    for (arguments, word), (code, said) in zip(WRONG, answers, strict=True):
        assert code == 2, arguments
        assert word in said
        assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["nosuch"], ["render", "nosuch", "--out", "x.png"]])
def test_an_unknown_preset_lists_the_presets(command):
    done = playground(*command)
    assert done.returncode == 2
    for name in presets():
        assert name in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland can lack")
@pytest.mark.parametrize("display", [None, ":4711"])
def test_without_a_display_one_line_names_the_remedy(display):
    environment = without_display() | ({"DISPLAY": display} if display else {})
    done = subprocess.run(
        [sys.executable, "-m", "playground"], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    assert "python -m playground render" in lines[0]


def test_arguments_are_read_before_qt_is_imported():
    code = (
        "import sys, contextlib, playground.__main__ as m\n"
        "with contextlib.suppress(SystemExit): m.main(['--help'])\n"
        "sys.exit('PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0
    assert re.search(r"usage: playground", done.stdout)


def test_a_picture_is_as_good_as_its_experiment_file(tmp_path):
    small = ("--view", "output", "--size", "300x200", "--out")
    done = playground_in_turn(
        ("render", "circle", "--epochs", 4, *small, "a.png"),
        # Without epochs it is the moment that the picture shows, and the same picture.
        ("render", "a.png", *small, "b.png"),
        ("render", "a.png", "--epochs", 3, *small, "c.svg"),
        ("render", "c.svg", "--epochs", "1,2,5", *small, "d.gif"),
        ("render", "d.gif", "--epochs", 6, "--frames", 4, *small, "e.webp"),
        ("export-html", "e.webp", "--epochs", 3, "--out", "f.html"),
        ("export-csv", "f.html", "--epochs", 3, "--out", "g.csv"),
        ("export-code", "a.png", "--epochs", 2, "--target", "tinyml", "--out", "h.py"),
        folder=tmp_path,
    )
    assert [code for code, _ in done] == [0] * 8, done
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    for name, n_frames in (("d.gif", 3), ("e.webp", 4)):
        with Image.open(tmp_path / name) as image:
            assert image.n_frames == n_frames
    table = (tmp_path / "g.csv").read_text(encoding="utf-8")
    assert table.startswith("epoch,series,layer,value")
    script = [sys.executable, tmp_path / "h.py"]
    assert subprocess.run(script, capture_output=True).returncode == 0


def test_several_epochs_are_numbered_files(tmp_path):
    out = tmp_path / "i.pdf"
    done = playground("render", "and-table", "--epochs", "2,10", "--view", "loss", "--out", out)
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["i-02.pdf", "i-10.pdf"]


def test_no_picture_is_named_after_an_epoch_that_a_diverging_run_never_reached(tmp_path):
    base = presets()["plane"]
    source = tmp_path / "wild.tinyml"
    save_experiment(replace(base, training=replace(base.training, learning_rate=10.0)), source)
    out = tmp_path / "i.png"
    small = ("--view", "loss", "--size", "300x200")
    done = playground("render", source, "--epochs", "0,10,100,1000", *small, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "Training diverged in epoch " in done.stderr
    pictures = sorted(tmp_path.glob("*.png"))
    assert pictures[0].name == "i-0000.png"
    assert len(pictures) < 4
    for picture in pictures:
        _, state = load_carried(picture)
        assert picture.name == f"i-{state.trainer.epoch:04d}.png"


@pytest.mark.parametrize(
    ("command", "name"), [("render", "a.gif"), ("export-csv", "a.csv"), ("export-html", "a.html")]
)
def test_what_would_train_without_samples_says_so_and_ends(tmp_path, command, name):
    base = Experiment()
    nothing = OwnData(np.zeros((0, 2)), np.zeros(0), class_names=("+1", "−1"))
    source, out = tmp_path / "empty.tinyml", tmp_path / name
    save_experiment(base.with_data(replace(base.data, own=nothing)), source)
    done = playground(command, source, "--epochs", 3, "--out", out, timeout=60)
    assert done.returncode == 1
    assert done.stderr == f"{out} was not written: there are no samples to train on\n"
    assert not out.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_an_interrupted_animation_ends_at_once_and_leaves_nothing(tmp_path):
    command = [sys.executable, "-m", "playground", "render", "spiral", "--epochs", "10000"]
    process = subprocess.Popen(
        [*command, "--frames", "100", "--size", "600x400", "--out", tmp_path / "a.gif"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("epoch")
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == -signal.SIGINT
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
