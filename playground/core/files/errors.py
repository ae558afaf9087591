"""What is raised when an experiment file cannot be read or written."""

from __future__ import annotations


class ExperimentFileError(ValueError):
    """Says in words fit to show what is wrong with a file and, where one helps, what to do.

    Attributes
    ----------
    is_damaged : whether the content is broken, so that an earlier copy would help.
    is_refused : whether the place refused the writing, so that another place would help.
    """

    def __init__(self, message: str, *, is_damaged: bool = False, is_refused: bool = False) -> None:
        super().__init__(message)
        self.is_damaged, self.is_refused = is_damaged, is_refused

    def about(self, name: str) -> ExperimentFileError:
        """Return the same error with the file's name in front."""
        return ExperimentFileError(
            f"{name}: {self}", is_damaged=self.is_damaged, is_refused=self.is_refused
        )
