"""The four networks, each with the task that it learns and the places where its scale is measured."""
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

Batch = tuple[Tensor, Tensor]  # inputs and the classes that belong to them

CLASSES = 8
FEATURES = 16
IMAGE = 12
VOCABULARY = 16
SEQUENCE = 20
PERIOD = 5
IGNORED = -100  # the class that cross_entropy leaves out


class Plain(nn.Module):
    """`depth` hidden linear layers, the same activation after each, and a linear head."""

    def __init__(self, activation: Callable[[Tensor], Tensor], depth: int = 30, width: int = 64) -> None:
        super().__init__()
        self.activation = activation
        self.levels = nn.ModuleList(nn.Linear(width if i else FEATURES, width) for i in range(depth))
        self.head = nn.Linear(width, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        for level in self.levels:
            x = self.activation(level(x))
        return self.head(x)


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(relu(x)))), no normalisation."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.last = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.last(torch.relu(self.first(torch.relu(x))))


class ResNet(nn.Module):
    """A stem, `depth` residual blocks and a head over the mean of the image."""

    def __init__(self, depth: int = 12, channels: int = 16) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, channels, 3, padding=1, stride=2)
        self.levels = nn.ModuleList(ResidualBlock(channels) for _ in range(depth))
        self.head = nn.Linear(channels, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for level in self.levels:
            x = level(x)
        return self.head(torch.relu(x).mean(dim=(2, 3)))


class DecoderBlock(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x)), as in GPT-2."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.attention_output = nn.Linear(width, width)
        self.mlp_norm = nn.LayerNorm(width)
        self.mlp_in = nn.Linear(width, 4 * width)
        self.mlp_output = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        normal = self.attention_norm(x)
        query, key, value = (self.split(linear(normal)) for linear in (self.query, self.key, self.value))
        scores = query @ key.transpose(2, 3) / math.sqrt(query.shape[3])
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        mixed = torch.softmax(scores.masked_fill(later, -1e9), dim=3) @ value
        x = x + self.attention_output(mixed.transpose(1, 2).flatten(2))
        return x + self.mlp_output(functional.gelu(self.mlp_in(self.mlp_norm(x))))

    def split(self, x: Tensor) -> Tensor:
        """[batch, position, width] as [batch, head, position, width of a head]."""
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class Decoder(nn.Module):
    """Embeddings of tokens and positions, `depth` blocks, a norm and a head."""

    def __init__(self, depth: int = 12, width: int = 32, heads: int = 4) -> None:
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, width)
        self.positions = nn.Embedding(SEQUENCE, width)
        self.levels = nn.ModuleList(DecoderBlock(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, VOCABULARY, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.tokens(x) + self.positions.weight
        for level in self.levels:
            x = level(x)
        return self.head(self.norm(x))


def clusters(generator: torch.Generator, batch: int) -> Batch:
    """Each class is two Gaussian clusters that lie anywhere."""
    centres = torch.randn(2 * CLASSES, FEATURES, generator=torch.Generator().manual_seed(7))
    which = torch.randint(2 * CLASSES, (batch,), generator=generator)
    noise = torch.randn(batch, FEATURES, generator=generator)
    return centres[which] + 0.4 * noise, which % CLASSES


def stripes(generator: torch.Generator, batch: int) -> Batch:
    """Noisy stripes of a random phase; the class is their direction."""
    classes = torch.randint(CLASSES, (batch,), generator=generator)
    angle = (classes * math.pi / CLASSES).view(-1, 1, 1)
    phase = 2 * math.pi * torch.rand(batch, 1, 1, generator=generator)
    row, column = torch.meshgrid(torch.arange(IMAGE), torch.arange(IMAGE), indexing="ij")
    wave = torch.sin(1.2 * (row * torch.sin(angle) + column * torch.cos(angle)) + phase)
    noise = torch.randn(batch, IMAGE, IMAGE, generator=generator)
    return (1.4 * wave + 0.7 * noise).unsqueeze(1), classes


def repetitions(generator: torch.Generator, batch: int) -> Batch:
    """A random phrase over and over; the class of a position is the token after it, once that has been seen."""
    phrase = torch.randint(VOCABULARY, (batch, PERIOD), generator=generator)
    text = phrase.repeat(1, SEQUENCE // PERIOD + 1)
    classes = text[:, 1:SEQUENCE + 1].clone()
    classes[:, :PERIOD - 1] = IGNORED
    return text[:, :SEQUENCE], classes


def by_hand_relu(module: nn.Module) -> None:
    """Kaiming before a ReLU, as torch.nn.init's documentation has it; zero biases."""
    for name, layer in module.named_modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="linear" if name == "head" else "relu")
            nn.init.zeros_(layer.bias)


def by_hand_tanh(module: nn.Module) -> None:
    """Xavier with the gain that torch.nn.init gives for tanh; zero biases."""
    for name, layer in module.named_modules():
        if isinstance(layer, nn.Linear):
            gain = nn.init.calculate_gain("linear" if name == "head" else "tanh")
            nn.init.xavier_normal_(layer.weight, gain)
            nn.init.zeros_(layer.bias)


def by_hand_resnet(module: nn.Module) -> None:
    """As by_hand_relu, and the last convolution of each branch zero, as in Fixup (Zhang et al. 2019)."""
    by_hand_relu(module)
    for level in module.levels:
        nn.init.zeros_(level.last.weight)


def by_hand_decoder(module: nn.Module) -> None:
    """GPT-2's: 0.02 at width 768, scaled to this width; what is added to the stream over the root of the additions."""
    std = 0.02 * math.sqrt(768 / module.tokens.embedding_dim)
    for name, layer in module.named_modules():
        if isinstance(layer, (nn.Linear, nn.Embedding)):
            added = name.endswith("_output")
            nn.init.normal_(layer.weight, std=std / math.sqrt(2 * len(module.levels)) if added else std)
            if getattr(layer, "bias", None) is not None:
                nn.init.zeros_(layer.bias)


@dataclass(frozen=True)
class Experiment:
    """A network, its task, and the initialisation that a careful author writes for it in PyTorch."""

    title: str
    make: Callable[[], nn.Module]  # with PyTorch's own initialisation
    by_hand: Callable[[nn.Module], None]
    task: Callable[[torch.Generator, int], Batch]
    batch: int
    steps: int  # of training


EXPERIMENTS: dict[str, Experiment] = {
    "relu": Experiment("30 linear layers, ReLU", lambda: Plain(torch.relu), by_hand_relu, clusters, 128, 300),
    "tanh": Experiment("30 linear layers, tanh", lambda: Plain(torch.tanh), by_hand_tanh, clusters, 128, 300),
    "resnet": Experiment("ResNet, no normalisation", ResNet, by_hand_resnet, stripes, 64, 120),
    "decoder": Experiment("Decoder, 12 blocks", Decoder, by_hand_decoder, repetitions, 16, 150),
}
