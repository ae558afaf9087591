"""PySide6 must survive a long life: some builds lose a reference to None on every call."""

import subprocess
import sys

CODE = """
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

class Bird(QObject):
    sang = Signal(object)
    quiet = Signal()
    heard = 0

    @Slot(object)
    def listen(self, song):
        self.heard += song is None

app = QApplication([])
bird, widget = Bird(), QWidget()
bird.sang.connect(bird.listen)
for _ in range(200_000):
    bird.sang.emit(None)
    bird.quiet.emit()
for _ in range(200_000):
    widget.update()
    widget.setEnabled(True)
print(bird.heard)
"""


def test_two_hundred_thousand_emits_and_calls_survive():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "200000"
