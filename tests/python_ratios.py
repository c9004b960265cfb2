#!/usr/bin/python3
"""How much faster the kernels are than the same computed with NumPy, SciPy or plain Python, on one thread.

    tests/python_ratios.py [--ister build/bin/ister] [--rounds 3]

Runs `ister bench --filter kernels` and the Python versions in turn, in several rounds so that both see the same
disturbances of a shared machine, and prints the ratio of the best times beside what is asked for. Exit code 1 where a
ratio falls short.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np  # noqa: E402: after the number of threads is set
import scipy.signal  # noqa: E402

rng = np.random.default_rng(1)


def seconds_of(function, least=0.2):
    """Best time of a call, of at least 5 and until `least` seconds have passed."""
    best, end = np.inf, time.perf_counter() + least
    calls = 0
    while calls < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
        calls += 1
    return best


def correlation(points):
    x, y = rng.normal(size=(2, points))
    return lambda: scipy.signal.correlate(y, x, mode="full", method="fft")[points - 1:]


def pearson(rows, points):
    x, y = rng.normal(size=(2, rows, points))

    def run():
        a, b = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
        return a @ b.T / np.sqrt(np.outer((a * a).sum(1), (b * b).sum(1)))
    return run


def homodyne(angles, frames):
    """chi^2 over t1 < t2 with the contrast and offset of every angle by least squares, in whole arrays."""
    phi = np.radians(np.linspace(0, 90, angles))
    q, gap, dt, sigma = 0.01, 1e5, 0.1, 0.02
    data = 1.0 + 0.2 * rng.random((angles, frames, frames))
    upper = np.triu_indices(frames, 1)

    def run(d0=100.0, alpha=-0.2, offset=1.0, g0=1e-3, beta=0.1, g_offset=1e-5):
        t = dt * (np.arange(frames) + 1)
        s = d0 * t ** (alpha + 1) / (alpha + 1) + offset * t
        g = g0 * t ** (beta + 1) / (beta + 1) + g_offset * t
        ds, dg = np.abs(s[:, None] - s[None, :]), np.abs(g[:, None] - g[None, :])
        decay, chi2 = np.exp(-2 * q * q * ds), 0.0
        for a in range(angles):
            model = decay * np.sinc(q * gap / (2 * np.pi) * np.cos(phi[a]) * dg) ** 2
            columns = np.column_stack((model[upper], np.ones(upper[0].size)))
            scaling = np.linalg.lstsq(columns, data[a][upper], rcond=None)[0]
            chi2 += np.sum(((data[a][upper] - columns @ scaling) / sigma) ** 2)
        return chi2
    return run


def angles(count):
    phi = rng.uniform(-180, 180, count)
    ranges = [(-10, 10), (80, 100), (170, 180), (-180, -170)]

    def run():
        mask = np.zeros(count, bool)
        for low, high in ranges:
            mask |= (phi >= low) & (phi <= high)
        return np.flatnonzero(mask)
    return run


def volterra(taps, block=512, orders=5, blocks=16):
    """A block engine with carried history, one convolution for each order."""
    kernels = [rng.normal(size=taps) for _ in range(orders)]
    signal = rng.normal(size=block * blocks)

    def run():
        history, result = np.zeros(taps - 1), []
        for b in range(blocks):
            x = np.concatenate((history, signal[b * block:(b + 1) * block]))
            power, y = x, np.zeros(block)
            for kernel in kernels:
                y += scipy.signal.fftconvolve(power, kernel)[taps - 1:taps - 1 + block]
                power = power * x
            history = x[x.size - (taps - 1):]
            result.append(y)
        return result
    return run, block * blocks


class Voice:
    """A looped table read at fixed-point positions, a biquad, and ramped factors for left and right."""

    def __init__(self, table, begin, end, rate, left, right, filter_):
        self.table, self.length, self.end = table, end - begin << 32, end << 32
        self.position, self.step = 0, round(rate * 2 ** 32)
        self.left, self.right = [left, 1e-6, 480.0], [right, 1e-6, 480.0]  # target, slope, samples that remain
        self.b0, self.b1, self.b2, self.a1, self.a2 = filter_
        self.z1 = self.z2 = 0.0

    def factor(self, ramp):
        target, slope, remaining = ramp
        if remaining > 0:
            ramp[2] = remaining - 1
        return target - slope * remaining

    def sample(self):
        k, f = self.position >> 32, (self.position & 0xffffffff) * 2.0 ** -32
        x = self.table[k] + f * (self.table[k + 1] - self.table[k])
        self.position += self.step
        if self.position >= self.end:
            self.position -= self.length
        y = self.b0 * x + self.z1
        self.z1 = self.b1 * x - self.a1 * y + self.z2
        self.z2 = self.b2 * x - self.a2 * y
        return y * self.factor(self.left), y * self.factor(self.right)


def voices(count=4, samples=2000):
    table = [float(v) for v in rng.normal(size=1024)]
    bank = [Voice(table, 100, 1000, 0.7 + 0.1 * v, 0.6, 0.8, (0.2, 0.4, 0.2, -0.3, 0.1)) for v in range(count)]

    def run():
        left, right = [0.0] * samples, [0.0] * samples
        for voice in bank:
            for i in range(samples):
                l, r = voice.sample()
                left[i] += l
                right[i] += r
        return left, right
    return run, count * samples


def per_item(function, items):
    return lambda: seconds_of(function) / items


# name of the benchmark, the Python version as a function that gives its seconds (per item where so noted), ratio wanted
CASES = [
    ("correlation/1000", lambda: seconds_of(correlation(1000)), False, None),
    ("correlation/10000", lambda: seconds_of(correlation(10000)), False, 1.2),
    ("pearson/10x10x10000", lambda: seconds_of(pearson(10, 10000)), False, None),
    ("homodyne/5x300x300", lambda: seconds_of(homodyne(5, 300)), False, 40),
    ("homodyne/5x1000x1000", lambda: seconds_of(homodyne(5, 1000)), False, None),
    ("angles/10000", lambda: seconds_of(angles(10000)), False, None),
    ("angles/100000", lambda: seconds_of(angles(100000)), False, 1.8),
    ("angles/1000000", lambda: seconds_of(angles(1000000)), False, 2),
    ("volterra/64", per_item(*volterra(64)), True, 20),
    ("volterra/256", per_item(*volterra(256)), True, 20),
    ("volterra/1024", per_item(*volterra(1024)), True, 20),
    ("voices/64", per_item(*voices()), True, 300),
]


def ister_seconds(ister):
    """Best seconds, and seconds per item, of every benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "kernels.json"
        subprocess.run([ister, "bench", "--filter", "kernels", "--output", output], check=True,
                       stdout=subprocess.DEVNULL)
        runs = [b for b in json.loads(output.read_text())["benchmarks"] if b["run_type"] == "iteration"]
    best = {}
    for run in runs:
        seconds = 1e-9 * run["real_time"]
        each = 1.0 / run["items_per_second"] if "items_per_second" in run else np.nan
        known = best.get(run["name"], (np.inf, np.inf))
        best[run["name"]] = (min(known[0], seconds), min(known[1], each) if each == each else each)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ister", default=str(Path(__file__).resolve().parents[1] / "build/bin/ister"))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    ours, theirs = {}, {}
    for _ in range(arguments.rounds):
        for name, (seconds, each) in ister_seconds(arguments.ister).items():
            known = ours.get(name, (np.inf, np.inf))
            ours[name] = (min(known[0], seconds), min(known[1], each))
        for name, measure, _, _ in CASES:
            theirs[name] = min(theirs.get(name, np.inf), measure())
    print(f"NumPy {np.__version__}, SciPy {scipy.__version__}, one thread, best of {arguments.rounds} rounds")
    print(f"{'benchmark':<24}{'Python':>12}{'Ister':>12}{'ratio':>9}{'wanted':>9}")
    short = False
    for name, _, by_item, wanted in CASES:
        mine = ours[name][1 if by_item else 0]
        ratio = theirs[name] / mine
        short |= wanted is not None and ratio < wanted
        unit, scale = ("ns/item", 1e9) if by_item else ("us", 1e6)
        print(f"{name:<24}{theirs[name] * scale:>9.4g} {unit:<7}{mine * scale:>7.4g} {unit:<7}{ratio:>7.1f} x"
              f"{'' if wanted is None else f'{wanted:g} x':>8}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
