"""Captions, titles and names of files say which samples there are, not what they stand in for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.core.experiment import Experiment, presets
from playground.core.own_data import OwnData, OwnForm
from playground.core.run import Run
from playground.ui.export.caption import settings_caption, suggested_name
from playground.ui.export.web import page_text
from playground.ui.words import samples_word
from tests.ui.fake_controller import FakeController


def with_own(form: OwnForm, title: str) -> Experiment:
    """Own samples over a noisy spiral, which they stand in for."""
    base = presets()["spiral"]
    points = np.random.default_rng(5).normal(size=(12, 2))
    own = OwnData(points, points[:, 0], form=form, title=title)
    return base.with_data(replace(base.data, noise=0.25, own=own))


@pytest.mark.parametrize(
    ("form", "title", "word"),
    [
        (OwnForm.POINTS, "", "Drawn"),
        (OwnForm.TABLE, "", "Own table"),
        (OwnForm.FILE, "", "CSV"),
        (OwnForm.FILE, "iris.csv", "iris.csv"),
    ],
)
def test_own_samples_are_called_what_the_window_calls_them(
    form: OwnForm, title: str, word: str
) -> None:
    experiment = with_own(form, title)
    assert samples_word(experiment.data) == word
    snapshot = Run(experiment).snapshot()
    caption = settings_caption(snapshot)
    assert caption.startswith(f"{word}, 12 samples · network ")
    assert "noise" not in caption
    assert f"<title>{word}" in page_text(experiment, 1, 2)
    controller = FakeController(experiment)
    controller.snapshot = snapshot
    name = suggested_name(controller, "loss")  # type: ignore[arg-type]  # a fake
    assert name == f"{form.value}-epoch-0-loss"


def test_samples_of_a_generator_are_told_with_their_noise() -> None:
    base = presets()["spiral"]
    noisy = base.with_data(replace(base.data, noise=0.25))
    assert "Spiral, 500 samples, noise 0.25 · " in settings_caption(Run(noisy).snapshot())
