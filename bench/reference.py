"""Elements per second of PyTorch and numpy, one thread, float32, as JSON on stdout. What cannot be
imported is left out."""
import json
import time

SIDE = 1024


def best_rate(fill, repetitions):
    best = float("inf")
    for _ in range(repetitions):
        start = time.perf_counter()
        fill()
        best = min(best, time.perf_counter() - start)
    return SIDE * SIDE / best


def torch_rates():
    import torch

    torch.set_num_threads(1)
    weight = torch.empty(SIDE, SIDE)
    init = torch.nn.init
    rates = {
        "normal": best_rate(lambda: init.kaiming_normal_(weight), 60),
        "uniform": best_rate(lambda: init.kaiming_uniform_(weight), 60),
        "truncated2": best_rate(lambda: init.trunc_normal_(weight, 0, 1, -2, 2), 30),
    }
    square = torch.empty(2048, 2048)
    start = time.perf_counter()
    init.orthogonal_(square)
    return rates, time.perf_counter() - start


def numpy_rates():
    import numpy

    generator = numpy.random.default_rng(1)
    weight = numpy.empty(SIDE * SIDE, numpy.float32)
    return {
        "standard_normal": best_rate(lambda: generator.standard_normal(dtype=numpy.float32, out=weight), 60),
        "random": best_rate(lambda: generator.random(dtype=numpy.float32, out=weight), 60),
    }


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
