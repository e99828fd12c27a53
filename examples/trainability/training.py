"""Training, and the scale of what flows through a network before it."""
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from networks import Batch, Experiment

RATES = (3e-4, 1e-3, 3e-3)
DATA_SEED = 11
EVALUATION_SEED = 12
EVALUATION_BATCH = 512


def loss_of(network: nn.Module, batch: Batch) -> Tensor:
    """Mean cross-entropy over all positions."""
    inputs, classes = batch
    return functional.cross_entropy(network(inputs).flatten(0, -2), classes.flatten())


def train(network: nn.Module, experiment: Experiment, rate: float) -> list[float]:
    """Trains in place; the loss of each step on a fresh batch, infinite from the first that is not finite."""
    generator = torch.Generator().manual_seed(DATA_SEED)
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, experiment.steps)
    losses: list[float] = []
    for _ in range(experiment.steps):
        loss = loss_of(network, experiment.task(generator, experiment.batch))
        if not math.isfinite(loss.item()):
            return losses + [math.inf] * (experiment.steps - len(losses))
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return losses


def evaluate(network: nn.Module, experiment: Experiment) -> float:
    """The loss on a batch that training does not draw."""
    generator = torch.Generator().manual_seed(EVALUATION_SEED)
    with torch.no_grad():
        loss = loss_of(network, experiment.task(generator, EVALUATION_BATCH)).item()
    return loss if math.isfinite(loss) else math.inf


def scales(network: nn.Module, experiment: Experiment) -> dict[str, list[float]]:
    """Root mean square of each level's output, and of the loss's gradient there, on one batch."""
    outputs: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        output.retain_grad()
        outputs.append(output)

    hooks = [level.register_forward_hook(keep) for level in network.levels]
    generator = torch.Generator().manual_seed(EVALUATION_SEED)
    loss_of(network, experiment.task(generator, experiment.batch)).backward()
    for hook in hooks:
        hook.remove()
    return {
        "forward": [root_mean_square(output.detach()) for output in outputs],
        "backward": [root_mean_square(output.grad) for output in outputs],
    }


def root_mean_square(x: Tensor) -> float:
    """In double precision: the squares of large values do not fit a float."""
    return x.double().square().mean().sqrt().item()


@dataclass(frozen=True)
class Run:
    """One training."""

    network: nn.Module  # after the training
    rate: float
    losses: list[float]  # of each step
    final: float  # on a batch that no step saw


def run(make: Callable[[], nn.Module], experiment: Experiment, rate: float) -> Run:
    """Trains the network that make() gives."""
    network = make()
    losses = train(network, experiment, rate)
    final = evaluate(network, experiment) if math.isfinite(losses[-1]) else math.inf
    return Run(network, rate, losses, final)


def best_run(make: Callable[[], nn.Module], experiment: Experiment) -> Run:
    """The run of the learning rate with the least final loss."""
    return min((run(make, experiment, rate) for rate in RATES), key=lambda done: done.final)
