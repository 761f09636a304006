"""The one exception for bad input, and the warning about rows that were left out of a table."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where in the input a refusal arose."""

    file: str
    row: int | None
    time: str


class RefusedError(ValueError):
    """An input was refused: which field, which value, which rule it broke, and where.

    ``code`` is one of invalid_value, missing_field, unknown_field, malformed, out_of_range, inconsistent, not_found,
    not_identified, io_failure, interrupted.
    """

    def __init__(
        self,
        message: str,
        code: str,
        field: str = "",
        value: str = "",
        rule: str = "",
        file: str = "",
        row: int | None = None,
        time: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.value = value
        self.rule = rule
        self.place = Place(file, row, time)

    def __reduce__(self) -> tuple[type[RefusedError], tuple[object, ...]]:
        return type(self), (self.args[0], self.code, self.field, self.value, self.rule, *self.place)


class QuarantineWarning(UserWarning):
    """Rows of a dataset or a log broke a rule and were left out. The result's ``quality_rules`` counts them by
    rule, ``quarantine`` holds each with its place."""


def refusal(code: str, field: str, value: object, rule: str, file: str = "") -> RefusedError:
    """A RefusedError in the engine's own words: "file: field = value: rule (code)"."""
    where = f"{file}: " if file else ""
    return RefusedError(f"{where}{field} = {value}: {rule} ({code})", code, field, str(value), rule, file)
