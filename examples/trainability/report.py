"""What is kept of the measurements, and the table of the README; needs the standard library only."""
import json
import math
import pathlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

BEGIN = "<!-- written by trainability.py -->"
END = "<!-- end -->"

STEPS_PER_POINT = 5


@dataclass(frozen=True)
class Record:
    """One network with one initialisation, at the best learning rate; None stands for what is not finite."""

    network: str
    initialisation: str
    rate: float
    final_loss: float | None
    losses: list[float | None]  # mean of each STEPS_PER_POINT steps
    forward: list[float | None]  # root mean square of each level's output before training
    backward: list[float | None]  # the same of the gradient there


def short(value: float) -> float | None:
    """The value with four significant digits; None where it is not finite."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def means(values: Sequence[float], count: int) -> list[float]:
    """The mean of each `count` values in a row; the last may be of fewer."""
    groups = [values[first:first + count] for first in range(0, len(values), count)]
    return [sum(group) / len(group) for group in groups]


def write(records: Sequence[Record], path: pathlib.Path) -> None:
    """One record a line."""
    lines = ",\n".join(json.dumps(asdict(record)) for record in records)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def read(path: pathlib.Path) -> list[Record]:
    """What `write` wrote."""
    return [Record(**fields) for fields in json.loads(path.read_text(encoding="utf-8"))]


def cell(record: Record) -> str:
    """The final loss and the learning rate that gave it."""
    if record.final_loss is None:
        return "not finite"
    return f"{record.final_loss:.3g} ({record.rate:g})"


def table(records: Sequence[Record]) -> str:
    """Markdown: a row for each initialisation, a column for each network, in the order of the records."""
    networks = list(dict.fromkeys(record.network for record in records))
    cells = {(record.initialisation, record.network): cell(record) for record in records}
    rows = [["initialisation", *networks], ["---"] + ["---:"] * len(networks)]
    for initialisation in dict.fromkeys(record.initialisation for record in records):
        rows.append([initialisation, *(cells[initialisation, network] for network in networks)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def with_table(text: str, lines: str) -> str:
    """The text with `lines` between the two marks."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{lines}\n{END}{after}"
