"""What leaves the app without Qt: metadata, fonts, animations, tables, code, pages."""

import csv
import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
import venv
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from playground.core.experiment import (
    Activation,
    Experiment,
    Loss,
    Optimizer,
    Regularization,
    presets,
)
from playground.core.export.animation import (
    Motion,
    check_size,
    encode,
    estimated_bytes,
    frame_epochs,
)
from playground.core.export.carrier import load_carried
from playground.core.export.code import prove, script
from playground.core.export.documents import write_table
from playground.core.export.font_subset import bundled_woff
from playground.core.export.gif import GifFrames
from playground.core.export.metadata import (
    NoExperimentError,
    find_experiment,
    png_with,
    svg_metadata,
    xmp_packet,
)
from playground.core.export.tables import TABLES, table
from playground.core.export.training import train_to
from playground.core.files import ExperimentFileError
from playground.core.own_data import OwnData, OwnForm
from playground.core.run import Run

ROOT = Path(__file__).parents[2]


def png(colour: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), (colour, 0, 0)).save(file, "PNG")
    return file.getvalue()


def run_script(path: Path, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [python, str(path)], capture_output=True, text=True, env=environment, timeout=120
    )


def test_a_png_keeps_its_experiment_and_stays_a_png() -> None:
    content = png_with(png(), b"\x00experiment\xff", {"Title": "ŷ > 0"})
    assert find_experiment(content) == b"\x00experiment\xff"
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.info["Title"] == "ŷ > 0"


@pytest.mark.parametrize("content", [png(), b"", b"GIF89a", b"<svg></svg>", b"%PDF-1.4"])
def test_a_picture_without_an_experiment_says_so(content: bytes) -> None:
    with pytest.raises(NoExperimentError, match="no experiment"):
        find_experiment(content)


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_damaged_experiment_is_never_taken_for_a_whole_one(at: int) -> None:
    content = bytearray(png_with(png(), b"the experiment" * 9, {}))
    start = content.index(b"tinyml-experiment") + 22
    content[start + at] ^= 0x10
    with pytest.raises(NoExperimentError):
        find_experiment(bytes(content))


def test_svg_and_xmp_keep_the_experiment_too() -> None:
    assert find_experiment(svg_metadata(b"abc").encode()) == b"abc"
    assert find_experiment(xmp_packet("<a>", "b", b"abc")) == b"abc"


def test_xmp_is_well_formed_whatever_the_title_is() -> None:
    title = "a\x0b<b>\x00\x1f\ufffe\ud800é\tc"
    packet = xmp_packet(title, "\x08maker", b"abc").decode().replace("\ufeff", "")
    root = ElementTree.fromstring(packet)
    (found,) = root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li")
    assert found.text == "a <b>    é\tc"


def test_a_file_without_an_experiment_is_named(tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    path.write_bytes(png())
    with pytest.raises(ExperimentFileError, match=r"holiday\.png.*no experiment"):
        load_carried(path)


def test_a_font_is_cut_down_to_a_hundredth_and_has_the_characters() -> None:
    woff = bundled_woff("Inter-Regular", frozenset("Loss 0123∂é"))
    assert woff[:4] == b"wOFF"
    assert len(woff) < 9000


@pytest.mark.parametrize("ending", [".gif", ".webp", ".apng"])
def test_animations_have_their_frames_their_time_and_their_experiment(ending: str) -> None:
    frames = [np.full((20, 30, 3), 40 * k, dtype=np.uint8) for k in range(6)]
    for k, frame in enumerate(frames):
        frame[k, :, 0] = 255
    content = encode(frames, ending, Motion(6, 1.2), b"the experiment")
    image = Image.open(io.BytesIO(content))
    assert (image.n_frames, image.size) == (6, (30, 20))
    image.seek(3)
    pixel = image.convert("RGB").getpixel((15, 15))
    assert max(abs(p - 120) for p in pixel) <= 8
    assert find_experiment(content) == b"the experiment"


def test_an_encoder_lets_go_of_its_frames_without_the_collector() -> None:
    frames = GifFrames(3)
    for grey in (0, 90, 200):
        frames.add(np.full((6, 8, 3), grey, dtype=np.uint8))
    assert frames.content([100, 100, 100], b"", lambda done: None).startswith(b"GIF89a")
    gone = weakref.ref(frames)
    gc.disable()
    try:
        del frames
        assert gone() is None
    finally:
        gc.enable()


def test_frames_of_an_animation_begin_at_0_and_end_at_the_last_epoch() -> None:
    assert frame_epochs(100, 5) == [0, 25, 50, 75, 100]
    assert frame_epochs(3, 60) == [0, 1, 2, 3]


def test_absurd_animations_are_refused_before_a_frame_is_drawn() -> None:
    with pytest.raises(ValueError, match="million pixels"):
        check_size(8000, 8000, 500)
    with pytest.raises(ValueError, match="at least 16 pixels"):
        check_size(15, 400, 5)
    with pytest.raises(ValueError, match="frames"):
        Motion(100_000, 5)
    assert estimated_bytes(".gif", 1000, 600, 60) < 10e6


@pytest.fixture(scope="module")
def trained() -> Run:
    run = Run(presets()["circle"])
    run.advance(3 * run.n_batches)
    return run


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_back_with_every_number(trained: Run, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(table(trained.snapshot(), name))))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    n = trained.experiment.network.n_parameters
    assert len(rows) == {
        "weights": n,
        "gradients": n,
        "dataset": 500,
        "predictions": 500,
    }.get(name, len(rows))


def test_the_series_are_tidy_and_exact(trained: Run) -> None:
    snapshot = trained.snapshot()
    rows = list(csv.DictReader(io.StringIO(table(snapshot, "series"))))
    assert list(rows[0]) == ["epoch", "series", "layer", "value"]
    train = [float(r["value"]) for r in rows if r["series"] == "train loss"]
    assert train == snapshot.history.train_loss.tolist()


def altered(text: str, name: str) -> str:
    """Change the first number of a list of layers."""
    head, tail = text.split(f"{name} = [\n    [\n        [", 1)
    number, rest = tail.split(",", 1)
    return f"{head}{name} = [\n    [\n        [{float(number) * 1.01 + 0.01!r},{rest}"


@pytest.mark.parametrize("target", ["numpy", "tinyml"])
def test_a_script_proves_itself_and_notices_one_altered_weight(tmp_path: Path, target: str) -> None:
    text = script(prove(presets()["circle"], 5), target)
    path = tmp_path / "run.py"
    path.write_text(text, encoding="utf-8")
    done = run_script(path)
    assert done.returncode == 0, done.stderr
    assert "5 epochs agree" in done.stdout
    for name in ("FIRST", "TRAINED"):
        path.write_text(altered(text, name), encoding="utf-8")
        done = run_script(path)
        assert done.returncode != 0
        assert "AssertionError" in done.stderr


def varied() -> list[Experiment]:
    base = presets()["moons"]
    kinds = list(Activation)
    experiments = []
    for k, rule in enumerate(Optimizer):
        training = replace(
            base.training,
            optimizer=rule,
            learning_rate=0.01,
            loss=list(Loss)[k % 6],
            regularization=list(Regularization)[k % 3],
            regularization_rate=0.003,
        )
        hidden = tuple(
            replace(base.network.hidden[0], activation=kinds[(2 * k + j) % len(kinds)])
            for j in range(2)
        )
        network = replace(base.network, hidden=hidden)
        data = replace(base.data, n_samples=60)
        experiments.append(Experiment(data, network, training, seed=k))
    return [*experiments, replace(presets()["rings"])]


@pytest.mark.parametrize("index", range(7))
def test_the_numpy_script_knows_every_rule(tmp_path: Path, index: int) -> None:
    path = tmp_path / "run.py"
    path.write_text(script(prove(varied()[index], 4), "numpy"), encoding="utf-8")
    done = run_script(path)
    assert done.returncode == 0, done.stderr


LIBRARIES = {
    "numpy": ("numpy",),
    # Its own package needs Qt; the library itself does not.
    "tinyml": ("numpy", "numba"),
    "micrograd": ("micrograd",),
    "pytorch": ("torch==2.13.0",),
}


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return the Python of a fresh environment that has one library and nothing else.

    TINYML_BENCH_ENVIRONMENTS names a folder where they are kept between runs.
    """
    kept = os.environ.get("TINYML_BENCH_ENVIRONMENTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("environments")

    def python_with(target: str) -> str:
        place = folder / target
        python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
        if not (place / "ready").exists():
            venv.create(place, with_pip=True, clear=True)
            command = [python, "-m", "pip", "install", "--quiet", *LIBRARIES[target]]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"{target} cannot be installed: {done.stderr[-200:]}")
            if target == "tinyml":
                (site,) = place.glob("[Ll]ib/**/site-packages")
                copytree(ROOT / "tinyml", site / "tinyml")
            (place / "ready").touch()
        return str(python)

    return python_with


def everything() -> dict[str, tuple[Experiment, int]]:
    """Experiments of every kind, and how many epochs: name to both."""
    known, rng = presets(), np.random.default_rng(3)
    points = rng.normal(size=(23, 2))
    two = OwnData(points, (points[:, 0] > 0) * 1.0, class_names=("+1", "−1"))
    three = OwnData(points, rng.integers(0, 3, 23).astype(float), class_names=("a", "b", "c"))
    wide = OwnData(rng.normal(size=(19, 5)), rng.normal(size=19), input_names=tuple("abcde"))
    base = Experiment()
    found = {
        "xor-table": (known["xor-table"], 100),
        "circle": (known["circle"], 3),
        "spiral": (known["spiral"], 2),
        "rings": (known["rings"], 3),
        "hills": (known["hills"], 2),
        "sine": (known["sine"], 3),
        "drawn": (base.with_data(replace(base.data, own=two)), 20),
        "drawn, three classes": (base.with_data(replace(base.data, own=three)), 20),
        "five inputs": (base.with_data(replace(base.data, own=wide)), 20),
    }
    return found | {f"varied {k}": (each, 3) for k, each in enumerate(varied())}


@pytest.mark.slow
@pytest.mark.parametrize("name", everything())
@pytest.mark.parametrize("target", LIBRARIES)
def test_a_script_proves_itself_where_only_its_library_is(
    tmp_path: Path, environments: Callable[[str], str], target: str, name: str
) -> None:
    python = environments(target)
    text = script(prove(*everything()[name]), target)
    path = tmp_path / "run.py"

    def run(content: str) -> subprocess.CompletedProcess[str]:
        path.write_text(content, encoding="utf-8")
        alone = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        command = [python, str(path)]
        return subprocess.run(command, capture_output=True, text=True, env=alone, cwd=tmp_path)

    done = run(text)
    assert done.returncode == 0, done.stderr
    assert "epochs agree" in done.stdout
    for which in ("FIRST", "TRAINED"):
        done = run(altered(text, which))
        assert done.returncode == 1
        assert "AssertionError" in done.stderr


def without_samples() -> Experiment:
    base = Experiment()
    nothing = OwnData(np.zeros((0, 2)), np.zeros(0), class_names=("+1", "−1"))
    return base.with_data(replace(base.data, own=nothing))


def diverging() -> Experiment:
    """Training that diverges in the epoch 0, whatever it is asked for."""
    base = presets()["plane"]
    return replace(base, training=replace(base.training, learning_rate=10.0))


def test_tables_and_pages_of_a_run_that_diverged_tell_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from playground.ui.export.web import page_text

    experiment = diverging()
    write_table(experiment, 50, "series", tmp_path / "series.csv")
    assert capsys.readouterr().err.startswith("Training diverged in epoch ")
    page_text(experiment, 50, 5)
    assert capsys.readouterr().err.startswith("Training diverged in epoch ")


def test_an_experiment_without_samples_has_no_script() -> None:
    with pytest.raises(ValueError, match="no samples"):
        prove(without_samples(), 3)


def test_no_export_trains_for_ever_where_there_are_no_samples(tmp_path: Path) -> None:
    from playground.ui.export.web import page_text

    run = Run(without_samples())
    assert list(train_to(run, 0)) == []
    with pytest.raises(ValueError, match=r"^there are no samples to train on$"):
        list(train_to(run, 1))
    with pytest.raises(ValueError, match="no samples"):
        page_text(run.experiment, 3, 2)
    with pytest.raises(ValueError, match="no samples"):
        write_table(run.experiment, 3, "series", tmp_path / "series.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", list(OwnForm))
def test_a_script_of_own_samples_says_so_and_keeps_their_title_out(form: OwnForm) -> None:
    points = np.random.default_rng(3).normal(size=(9, 2))
    own = OwnData(points, points[:, 0], form=form, title='a "b" """\nimport this')
    base = Experiment()
    text = script(prove(base.with_data(replace(base.data, own=own)), 2), "numpy")
    assert text.startswith(f'"""{form.value}, network 2-4-2-1, 2 epochs: in plain numpy.\n')
    assert "import this" not in text
    assert base.data.kind.value not in text


def test_the_title_of_a_page_is_never_taken_for_one_of_its_parts() -> None:
    from playground.ui.export.web import page_text

    points = np.random.default_rng(3).normal(size=(9, 2))
    own = OwnData(points, points[:, 0], title="#DATA##SCRIPT#.csv")
    base = Experiment()
    text = page_text(base.with_data(replace(base.data, own=own)), 2, 2)
    assert "<title>#DATA##SCRIPT#.csv" in text
    assert text.count('"use strict"') == 1


def test_pages_hold_the_run_and_nothing_from_elsewhere() -> None:
    from playground.ui.export.web import page_text

    text = page_text(presets()["circle"], 10, 6)
    assert len(text) < 1_000_000
    assert not re.findall(r"(?:src|href)=[\"']?(?:http|//)", text)
    data = json.loads(re.search(r'<script id="run"[^>]*>(.*?)</script>', text, re.S).group(1))
    assert [frame["epoch"] for frame in data["frames"]] == [0, 2, 4, 6, 8, 10]
    assert find_experiment(text.encode())


@pytest.mark.parametrize("loss", [Loss.MSE, Loss.BCE_LOGITS])
@pytest.mark.parametrize("preset", ["xor-table", "circle"])
def test_a_page_tells_the_predictions_that_the_window_tells(
    tmp_path: Path, preset: str, loss: Loss
) -> None:
    from playground.ui.export.web import page_text

    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    base = presets()[preset]
    experiment = replace(base, training=replace(base.training, loss=loss))
    run = Run(experiment)
    for _ in train_to(run, 40):
        pass
    snapshot = run.snapshot()
    data, chosen = snapshot.data, slice(0, 4)
    pixel = 300 / (data.high - data.low)
    points = [[(u - data.low) * pixel, (data.high - v) * pixel] for u, v in data.x[chosen].tolist()]
    path = tmp_path / "run.html"
    path.write_text(page_text(experiment, 40, 5), encoding="utf-8")
    command = [node, str(Path(__file__).with_name("page_stub.js")), str(path), json.dumps(points)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    told = [line.rsplit("ŷ = ", 1)[1].replace("−", "-") for line in done.stdout.splitlines()]
    expected = snapshot.predictions[chosen]
    assert np.allclose([float(text) for text in told], expected, atol=2e-3, rtol=2e-3)
