"""How many steps to make now: by the clock for smoothness, by the speed in force for the eye."""

from __future__ import annotations

from collections import deque

from playground.core.experiment import Speed

CHUNK_S = 0.010
"""Time a chunk of training should take."""
FRAME_S = 1 / 30
"""Time between two frames; slow speeds are counted in frames."""
WINDOW_S = 1.0
"""Time over which the speed is measured."""

EPOCHS_PER_FRAME = {Speed.EPOCH_1: 1, Speed.EPOCH_4: 4, Speed.EPOCH_16: 16}
OPS_PER_SECOND = {Speed.OPS_1: 1, Speed.OPS_10: 10, Speed.OPS_100: 100}


class ChunkSize:
    """Finds the number of blocks of samples that fill a chunk."""

    MAX_GROWTH = 4.0

    def __init__(self) -> None:
        self._blocks = 1.0

    @property
    def blocks(self) -> int:
        """Blocks for the next chunk."""
        return max(1, int(self._blocks))

    def steps(self, blocks_per_step: int) -> int:
        """Return the steps that the next chunk at least begins."""
        return -(-self.blocks // blocks_per_step)

    def learn(self, blocks: int, seconds: float) -> None:
        """Take note of how long a chunk took; one that was cut short says little and is damped."""
        if blocks <= 0:
            return
        wanted = blocks * CHUNK_S / max(seconds, 1e-7)
        self._blocks = min(max(wanted, 1.0), max(self._blocks, blocks) * self.MAX_GROWTH)


class SpeedMeter:
    """Epochs per second over the last moment."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, float]] = deque()

    def clear(self) -> None:
        """Forget the past: training stopped or another run began."""
        self._marks.clear()

    def measure(self, now: float, epochs: float) -> float:
        """Note that `epochs` are done at `now` and return the speed; 0 until it is known."""
        marks = self._marks
        if marks and epochs < marks[-1][1]:
            marks.clear()
        marks.append((now, epochs))
        while len(marks) > 2 and now - marks[0][0] > WINDOW_S:
            marks.popleft()
        seconds = now - marks[0][0]
        return (epochs - marks[0][1]) / seconds if seconds > 0 else 0.0


class OpClock:
    """Counts scalar operations at speeds where one can watch them."""

    def __init__(self) -> None:
        self._ops = 0.0

    @property
    def op(self) -> int:
        """Operations done of the current batch."""
        return int(self._ops)

    def clear(self) -> None:
        """Begin a batch."""
        self._ops = 0.0

    def tick(self, speed: Speed, n_ops: int) -> bool:
        """Let one frame's time pass; return whether the batch is complete."""
        return self.add(OPS_PER_SECOND[speed] * FRAME_S, n_ops)

    def add(self, ops: float, n_ops: int) -> bool:
        """Do `ops` more operations; return whether the batch is complete."""
        self._ops += ops
        if self._ops < n_ops:
            return False
        self._ops = 0.0
        return True
