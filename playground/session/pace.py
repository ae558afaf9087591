"""How many steps are due: the speed slider as arithmetic on a clock."""

from __future__ import annotations

from playground.core.experiment import Speed

FRAME_S = 1 / 30
CHUNK_S = 0.008
_EPOCHS = {Speed.EPOCH_1: 1, Speed.EPOCH_4: 4, Speed.EPOCH_16: 16}
_OPS = {Speed.OPS_1: 1.0, Speed.OPS_10: 10.0, Speed.OPS_100: 100.0}
_MAX_CHUNK_STEPS = 1_000_000


class Pace:
    """Says how many steps to do now, and how long to sleep when none is due.

    Steps per chunk follow the measured speed, so that a chunk takes about `CHUNK_S`.
    """

    def __init__(self) -> None:
        self.steps_per_second = 1000.0
        self.op = 0
        self._owed = 0
        self._next_frame = 0.0
        self._op_time: float | None = None

    def restart(self) -> None:
        """Forget what is owed; the next frame begins now."""
        self._owed, self._next_frame, self._op_time = 0, 0.0, None

    def due(self, speed: Speed, now: float, n_batches: int, n_ops: int) -> int:
        """Return the steps to do in this chunk at time `now` (seconds), possibly 0."""
        chunk = min(max(int(self.steps_per_second * CHUNK_S), 1), _MAX_CHUNK_STEPS)
        if speed is Speed.FULL:
            return chunk
        if speed in _OPS:
            return self._ops_due(_OPS[speed], now, n_ops)
        if self._owed == 0 and now >= self._next_frame:
            self._owed = _EPOCHS[speed] * n_batches if speed in _EPOCHS else 1
            self._next_frame = max(self._next_frame + FRAME_S, now)
        steps = min(self._owed, chunk)
        self._owed -= steps
        return steps

    def _ops_due(self, rate: float, now: float, n_ops: int) -> int:
        if self._op_time is None:
            self._op_time = now
        whole = int((now - self._op_time) * rate)
        self._op_time += whole / rate
        self.op += whole
        if self.op < n_ops:
            return 0
        self.op -= n_ops
        return 1

    def wait(self, speed: Speed, now: float) -> float:
        """Return seconds to sleep before the next chunk."""
        if speed is Speed.FULL or self._owed:
            return 0.0
        if speed in _OPS:
            return min(1.0 / _OPS[speed], FRAME_S)
        return min(max(self._next_frame - now, 0.0), FRAME_S)

    def measured(self, steps: int, seconds: float) -> None:
        """Learn from a chunk that took `seconds`; growth per chunk is bounded."""
        if steps and seconds > 0:
            speed = min(steps / seconds, 4.0 * self.steps_per_second)
            self.steps_per_second = max(speed, 1.0)
