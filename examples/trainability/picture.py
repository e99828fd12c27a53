"""The picture: a row for each network; loss, forward scale and backward scale."""
import math
import pathlib
from collections.abc import Sequence

import matplotlib
import numpy

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402
from PIL import Image  # noqa: E402

from report import STEPS_PER_POINT, Record  # noqa: E402

# In the order in which they are drawn; ours comes last and lies on top.
STYLES: dict[str, dict[str, object]] = {
    "zeros": {"color": "#7f7f7f", "linestyle": "-.", "linewidth": 1.6},
    "N(0, 1)": {"color": "#9467bd", "linestyle": "-.", "linewidth": 1.6},
    "U(min, max)": {"color": "#d62728", "linestyle": "-.", "linewidth": 1.6},
    "PyTorch, default": {"color": "#ff9f1c", "linestyle": "-", "linewidth": 1.8},
    "PyTorch, by hand": {"color": "#2a9d4b", "linestyle": "--", "linewidth": 1.8},
    "onnx-reinit": {"color": "#1f4fbf", "linestyle": "-", "linewidth": 2.4},
}
LOSS_LIMITS = (1e-5, 1e3)
SCALE_LIMITS = (1e-15, 1e15)
COLOURS = 64  # of the file; the curves need few


def clipped(values: Sequence[float | None], limits: tuple[float, float]) -> list[float]:
    """The values for a logarithmic axis: what lies outside, or is not finite, lies on its edge."""
    low, high = limits
    return [min(max(math.inf if value is None else value, low), high) for value in values]


def scale_limits(records: Sequence[Record], field: str) -> tuple[float, float]:
    """Whole decades around all values that a logarithm has, within SCALE_LIMITS."""
    exponents = [math.log10(value) for record in records for value in getattr(record, field) if value]
    low, high = SCALE_LIMITS
    return max(low, 10.0 ** (math.floor(min(exponents)) - 1)), min(high, 10.0 ** (math.ceil(max(exponents)) + 1))


def panel(axes: Axes, records: Sequence[Record], field: str) -> None:
    """All initialisations of one network."""
    losses = field == "losses"
    limits = LOSS_LIMITS if losses else scale_limits(records, field)
    for record in sorted(records, key=lambda each: list(STYLES).index(each.initialisation)):
        values = clipped(getattr(record, field), limits)
        places = [(STEPS_PER_POINT if losses else 1) * (1 + index) for index in range(len(values))]
        axes.plot(places, values, label=record.initialisation, clip_on=False, **STYLES[record.initialisation])
    axes.set_yscale("log")
    axes.set_ylim(limits)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.grid(True, color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def save(records: Sequence[Record], path: pathlib.Path) -> None:
    """Writes the picture as PNG."""
    networks = list(dict.fromkeys(record.network for record in records))
    columns = {"losses": ("Training loss", "step"),
               "forward": ("Scale of outputs before training", "level"),
               "backward": ("Scale of gradients before training", "level")}
    figure, grid = pyplot.subplots(len(networks), 3, figsize=(11, 11.5), layout="constrained", dpi=90)
    for axes, (title, _) in zip(grid[0], columns.values()):
        axes.set_title(title, fontsize=11, pad=12)
    for row, network in zip(grid, networks):
        own = [record for record in records if record.network == network]
        for axes, (field, (_, unit)) in zip(row, columns.items()):
            panel(axes, own, field)
            axes.set_xlabel(unit)
        row[0].set_ylabel(network, fontsize=11, fontweight="bold")
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside upper center", ncols=len(labels), frameon=False)
    figure.canvas.draw()
    image = Image.fromarray(numpy.asarray(figure.canvas.buffer_rgba())).convert("RGB")
    image.quantize(COLOURS).save(path, optimize=True)
