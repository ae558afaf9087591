"""Web pages in the app's own colours and words."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QColor

from playground.core.experiment import Experiment
from playground.core.export.delivery import deliver
from playground.core.export.page import Look, make_page
from playground.ui.labels import FEATURE_WORDS
from playground.ui.theme import THEMES, Theme
from playground.ui.words import ACTIVATIONS, LOSSES, OPTIMIZERS, samples_word

_SURFACES = ("chrome", "panel", "paper", "raised", "fill", "line", "line_strong")
_INKS = ("ink1", "ink2", "ink3", "on_ink", "neg", "pos", "quiet", "grad", "danger")


def page_look() -> Look:
    """Return the tokens, field maps and words of the window."""
    words = {feature.value: text for feature, text in FEATURE_WORDS.items()}
    words |= {kind.value: text for kind, text in ACTIVATIONS.items()}
    return Look(
        tokens={name: _tokens(theme) for name, theme in THEMES.items()},
        tables={name: (theme.field_table & 0xFFFFFF).tolist() for name, theme in THEMES.items()},
        words=words,
    )


def _tokens(theme: Theme) -> dict[str, str]:
    found = {name.replace("_", "-"): getattr(theme, name).name() for name in _SURFACES + _INKS}
    found["shadow"] = _with_alpha(theme.shadow)
    found |= {f"class{k + 3}": colour.name() for k, colour in enumerate(theme.classes)}
    return found


def _with_alpha(colour: QColor) -> str:
    return f"rgba({colour.red()},{colour.green()},{colour.blue()},{colour.alphaF():.2f})"


def page_text(experiment: Experiment, epochs: int, n_frames: int) -> str:
    """Train an experiment and return its web page."""
    data, network, training = experiment.data, experiment.network, experiment.training
    sizes = "–".join(str(n) for n in (len(network.features), *network.layer_sizes))
    settings = (
        f"Network {sizes} · {LOSSES[training.loss]} loss · {OPTIMIZERS[training.optimizer]}, "
        f"learning rate {training.learning_rate:g}, batches of {training.batch_size} · "
        f"seed {experiment.seed}"
    )
    return make_page(experiment, epochs, n_frames, page_look(), samples_word(data), settings)


def write_page(experiment: Experiment, epochs: int, n_frames: int, path: Path) -> None:
    """Write the web page of a run.

    Raises
    ------
    ValueError
        If the network is too large, or the file cannot be written (`ExperimentFileError`).
    """
    deliver(path, page_text(experiment, epochs, n_frames).encode())
