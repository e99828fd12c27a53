#!/usr/bin/env python3
"""Fits the polynomials of gen/float_math.h and prints their coefficients as float32.

Each fit minimises the largest relative error by reweighted least squares (Lawson), which comes close
to Remez without its care for extrema. Needs numpy and scipy; nothing in the build runs this.
"""

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

POINTS = 4000


def chebyshev_points(low, high):
    return (low + high) / 2 - (high - low) / 2 * np.cos(np.pi * (np.arange(POINTS) + 0.5) / POINTS)


def weights_after(weights, errors):
    weights = weights * errors
    return weights / weights.mean() + 1e-9


def polynomial(x, f, scale, degree, rounds=300):
    """c with sum c_i x^i near f; the error counts in units of `scale`."""
    powers = np.vander(x, degree + 1, increasing=True)
    weights = np.ones_like(x)
    for _ in range(rounds):
        w = np.sqrt(weights) / scale
        c = np.linalg.lstsq(powers * w[:, None], f * w, rcond=None)[0]
        errors = np.abs(powers @ c - f) / scale
        weights = weights_after(weights, errors)
    return c, errors.max()


def quotient(x, f, scale, above, below, rounds=600):
    """p and q, q_0 = 1, with sum p_i x^i / sum q_i x^i near f: the best of all rounds."""
    denominator = np.ones_like(x)
    weights = np.ones_like(x)
    best = (np.inf, None, None)
    for step in range(rounds):
        w = np.sqrt(weights) / scale / denominator
        columns = np.hstack([np.vander(x, above + 1, increasing=True),
                             -f[:, None] * np.vander(x, below + 1, increasing=True)[:, 1:]]) * w[:, None]
        size = np.abs(columns).max(axis=0)
        c = np.linalg.lstsq(columns / size, f * w, rcond=None)[0] / size
        p, q = c[:above + 1], np.r_[1, c[above + 1:]]
        denominator = np.polyval(q[::-1], x)
        errors = np.abs(np.polyval(p[::-1], x) / denominator - f) / scale
        if errors.max() < best[0]:
            best = (errors.max(), p, q)
        if step > 15:
            weights = weights_after(weights, errors)
    return best


def show(name, error, *coefficients):
    print(f"{name}: relative error {error:.2g}")
    for c in coefficients:
        print("   ", ", ".join(np.format_float_positional(np.float32(x), unique=True) + "f" for x in c))


def main():
    s = chebyshev_points(1e-4, (np.sqrt(2) - 1) / (np.sqrt(2) + 1) * 1.001)
    z, f = s * s, np.log1p(2 * s / (1 - s)) / s
    c, error = polynomial(z, (f - 2) / z, f / z, 2)
    show("kLogPolynomial", error, c)

    t = chebyshev_points(1e-4, 0.5)
    z, sin, cos = t * t, np.sin(np.pi / 2 * t), np.cos(np.pi / 2 * t)
    c, error = polynomial(z, sin / t, sin / t, 3)
    show("kSinPolynomial", error, c)
    c, error = polynomial(z, (cos - 1) / z, cos / z, 2)
    show("kCosPolynomial", error, c)

    for name, reach, above, argument in (("Inner", 2.0005, 4, lambda z: z), ("Central", 3.05, 3, np.sqrt)):
        quantile = reach * np.sin(np.linspace(1e-4, np.pi / 2, POINTS))
        q = norm.sf(quantile)
        x = np.where(quantile < 0.5, 2 * (norm.cdf(quantile) - 0.5), 1 - 2 * q)
        f = quantile / x
        error, p, q = quotient(argument(4 * q * (1 - q)), f, f, above, 4, 1500)
        show(f"k{name}Numerator, k{name}Denominator (its leading 1 left out)", error, p / q[-1], q[:-1] / q[-1])

    q = norm.sf(np.linspace(3.0, 6.05, POINTS))
    f = -ndtri(q)
    c, error = polynomial(np.sqrt(-2 * np.log(q)) - 5, f, f, 6)
    show("kTailPolynomial", error, c)


if __name__ == "__main__":
    main()
