"""Elements per second of PyTorch and numpy, one thread, float32, as JSON on stdout. What cannot be
imported is left out."""
import json
import time

SIDE = 1024
ROUNDS = 10
REPETITIONS = 10


def best_rates(fills):
    """By name. Others slow a machine down for longer than one takes: each is timed in several rounds."""
    best = dict.fromkeys(fills, float("inf"))
    for _ in range(ROUNDS):
        for name, fill in fills.items():
            for _ in range(REPETITIONS):
                start = time.perf_counter()
                fill()
                best[name] = min(best[name], time.perf_counter() - start)
    return {name: SIDE * SIDE / seconds for name, seconds in best.items()}


def torch_rates():
    import torch

    torch.set_num_threads(1)
    weight = torch.empty(SIDE, SIDE)
    init = torch.nn.init
    rates = best_rates({
        "normal": lambda: init.kaiming_normal_(weight),
        "uniform": lambda: init.kaiming_uniform_(weight),
        "truncated2": lambda: init.trunc_normal_(weight, 0, 1, -2, 2),
    })
    square = torch.empty(2048, 2048)
    start = time.perf_counter()
    init.orthogonal_(square)
    return rates, time.perf_counter() - start


def numpy_rates():
    import numpy

    generator = numpy.random.default_rng(1)
    weight = numpy.empty(SIDE * SIDE, numpy.float32)
    return best_rates({
        "standard_normal": lambda: generator.standard_normal(dtype=numpy.float32, out=weight),
        "random": lambda: generator.random(dtype=numpy.float32, out=weight),
    })


def main():
    result = {}
    try:
        result["torch"], result["torch_orthogonal_seconds"] = torch_rates()
    except ImportError:
        pass
    try:
        result["numpy"] = numpy_rates()
    except ImportError:
        pass
    print(json.dumps(result))


if __name__ == "__main__":
    main()
