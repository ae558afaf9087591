"""Pictures as others see them: Pillow, librsvg, poppler and Chromium read what is exported."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from playground.core.experiment import presets
from playground.core.export.carrier import load_carried
from playground.core.run import Run
from playground.ui.export.web import page_text
from playground.ui.picture import PictureSpec, check_size
from tests.gallery import MOVING, N_FRAMES, make_gallery

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")
VIEWS = ("window", "network", "output", "loss", "gradients")
BEHIND_MORE = (
    *("parameter-lines", "update-to-weight-ratio", "gradient-histograms", "optimiser-state"),
    "per-sample-gradients",
)
ALL_VIEWS = (*VIEWS, "weights", "activations", "neuron", *BEHIND_MORE, "graph")
FONTS = Path(__file__).parents[2] / "playground" / "resources" / "fonts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def gallery(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    make_gallery(folder, "spiral", 30, ALL_VIEWS)
    return folder


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def with_fonts(folder: Path) -> dict[str, str]:
    """The bundled fonts, as if they were installed: librsvg ignores those in a file."""
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{FONTS}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
    )
    return {**os.environ, "FONTCONFIG_FILE": str(path)}


def difference(one: Path, other: Path) -> float:
    a, b = (np.asarray(Image.open(p).convert("RGB"), dtype=float) for p in (one, other))
    assert a.shape == b.shape
    return float(np.abs(a - b).mean())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ALL_VIEWS)
def test_librsvg_draws_an_svg_as_the_window_does(
    gallery: Path, tmp_path: Path, view: str, theme: str
) -> None:
    program, out = needs("rsvg-convert"), tmp_path / "out.png"
    source = gallery / f"{view}-{theme}.svg"
    subprocess.run([program, source, "-o", out], check=True, env=with_fonts(tmp_path))
    assert difference(out, source.with_suffix(".png")) < 2.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ALL_VIEWS)
def test_poppler_draws_a_pdf_as_the_window_does(
    gallery: Path, tmp_path: Path, view: str, theme: str
) -> None:
    program = needs("pdftoppm")
    source = gallery / f"{view}-{theme}.pdf"
    command = [program, "-r", "72", "-png", "-singlefile", source, tmp_path / "out"]
    subprocess.run(command, check=True)
    assert difference(tmp_path / "out.png", source.with_suffix(".png")) < 2.5


@pytest.mark.parametrize("ending", MOVING)
@pytest.mark.parametrize("view", ALL_VIEWS)
def test_pillow_plays_a_moving_picture_that_ends_as_the_window_does(
    gallery: Path, view: str, ending: str
) -> None:
    still = np.asarray(Image.open(gallery / f"{view}-light.png").convert("RGB"), dtype=float)
    with Image.open(gallery / f"{view}-light{ending}") as moving:
        assert moving.n_frames == N_FRAMES  # type: ignore[attr-defined]
        shown = []
        for k in range(N_FRAMES):
            moving.seek(k)
            shown.append(np.asarray(moving.convert("RGB"), dtype=float))
    assert np.abs(shown[-1] - still).mean() < 4.0  # WebP is lossy
    changed = [np.abs(a - b).mean() for a, b in itertools.pairwise(shown)]
    assert min(changed) > 0.0, "every moment looks different"


@pytest.mark.parametrize("view", VIEWS)
def test_svg_and_pdf_have_real_text(gallery: Path, view: str) -> None:
    svg = (gallery / f"{view}-light.svg").read_text(encoding="utf-8")
    assert svg.count("<text") >= 4
    assert "vector-effect" not in svg
    program = needs("pdftotext")
    done = subprocess.run(
        [program, gallery / f"{view}-light.pdf", "-"], capture_output=True, text=True, check=True
    )
    assert {"window": "Train loss", "network": "Hidden 1", "output": "train 250"}.get(
        view, "0"
    ) in done.stdout


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_picture_opens_the_run_it_shows_to_the_last_bit(gallery: Path, ending: str) -> None:
    experiment, state = load_carried(gallery / f"output-light{ending}")
    assert state is not None
    one = Run(experiment, state)
    other = Run(presets()["spiral"])
    other.advance(30 * other.n_batches)
    one.advance(40)
    other.advance(40)
    for a, b in zip(one.parameters.weights, other.parameters.weights, strict=True):
        assert np.array_equal(a, b)


def test_absurd_sizes_are_refused_in_plain_words() -> None:
    with pytest.raises(ValueError, match="too many"):
        check_size(90_000, 90_000)
    with pytest.raises(ValueError, match="too many"):
        PictureSpec((16_000, 9_000), 4.0)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_chromium_draws_the_page_and_the_picture(gallery: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(page_text(presets()["circle"], 20, 10), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    for source, size in ((page, "1200,800"), (gallery / "network-light.svg", "720,540")):
        shot = tmp_path / f"{source.stem}.png"
        command = [str(CHROMIUM), *flags, f"--window-size={size}", f"--screenshot={shot}"]
        subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=60)
        image = np.asarray(Image.open(shot).convert("RGB"))
        assert len(np.unique(image.reshape(-1, 3), axis=0)) > 500
    assert difference(tmp_path / "network-light.png", gallery / "network-light.png") < 2.5


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"]
    with sync.sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("preset", ["spiral", "rings", "sine", "xor-table"])
@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "dark"), (390, 844, "light")])
def test_the_page_plays_scrubs_and_tells_values(
    browser: Any, tmp_path: Path, preset: str, width: int, height: int, scheme: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(page_text(presets()[preset], 60, 30), encoding="utf-8")
    assert path.stat().st_size < 1_000_000
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.inner_text("#epoch") == "60"
    # Keyboard.
    page.keyboard.press("Home")
    assert page.inner_text("#epoch") == "0"
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#epoch") == "2"
    page.keyboard.press("End")
    assert page.inner_text("#epoch") == "60"
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_function("document.getElementById('epoch').textContent > 10")
    page.keyboard.press("Space")
    assert page.inner_text("#play") == "Play"
    # Play to the end, by the button.
    page.keyboard.press("End")
    page.click("#play")
    page.wait_for_function("document.getElementById('epoch').textContent < 60")
    page.wait_for_function("document.getElementById('epoch').textContent == 60")
    assert page.inner_text("#play") == "Play"
    # Scrub: the slider, and the loss curve.
    page.locator("#scrub").fill("0")
    assert page.inner_text("#epoch") == "0"
    before = page.locator("#network").screenshot()
    box = page.locator("#loss").bounding_box()
    page.locator("#loss").click(position={"x": box["width"] - 12, "y": 30})
    assert page.inner_text("#epoch") == "60"
    assert page.locator("#network").screenshot() != before
    # Values: the map, an input's tile, which is left in its column, and a line from it.
    page.locator("#output").hover(position={"x": 40, "y": 40})
    assert {"rings": "class"}.get(preset, "ŷ") in page.inner_text("#tip")
    found: set[str] = set()
    network = page.locator("#network")
    size = network.bounding_box()
    for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        for down in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65):
            at = {"x": share * size["width"], "y": down * size["height"]}
            network.hover(position=at)
            if page.locator("#tip").is_visible():
                found |= set(page.inner_text("#tip").split())
    assert {"weight", "bias", "mean"} <= found
    page.mouse.move(2, 2)
    assert not page.locator("#tip").is_visible()
    # Light and dark: the system's wish, the key, the button.
    wears = "document.documentElement.dataset.theme"
    assert page.evaluate(wears) == scheme
    ground = "getComputedStyle(document.body).backgroundColor"
    first = page.evaluate(ground)
    page.keyboard.press("d")
    assert page.evaluate(wears) != scheme
    assert page.evaluate(ground) != first
    page.click("#theme")
    assert page.evaluate(ground) == first
    page.emulate_media(color_scheme={"dark": "light", "light": "dark"}[scheme])
    page.wait_for_function(f"{wears} != '{scheme}'")
    # Any size: nothing is wider than the screen, the drawings follow.
    for other in (700, 320, 1440):
        page.set_viewport_size({"width": other, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= other
        fits = "Math.abs(network.width - network.clientWidth * devicePixelRatio) <= 1"
        page.wait_for_function(
            f"(() => {{ const network = document.getElementById('network'); return {fits}; }})()"
        )
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()
