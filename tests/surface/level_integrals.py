"""Fluxes through a surface of constant energy density, from the state files of a run, without finding the surface.

The flux I(c) through phi = ln(e/e_f) = c is a smooth function of c, so a mean over neighbouring levels with a kernel K of
width w whose moments 2, 4 and 6 vanish is I(0) to O(w^8):

    I = int J.dS = -int dtau dx dy  K(phi/w)/w  J^m d_m phi,

a sum over all points of space and time: no roots, no cells, no triangles. Points are made denser by adding zeros to the
Fourier transform, derivatives are exact along x and y and of order 8 along tau. Sums over such points of what is smooth
converge exponentially where w/|grad phi| is above 1.2 spacings.
"""

import math

import h5py
import numpy as np
from numpy.polynomial.hermite_e import hermeval

WIDEST = 7.0  # widths beyond which the kernel is below 1e-8
FIELDS = ("ux", "uy", "pixx", "pixy", "piyy", "pizz", "bulk_pressure")


def kernel(t):
    return np.exp(-t**2 / 2) / math.sqrt(2 * math.pi) * hermeval(t, [1, 0, -1 / 2, 0, 1 / 8, 0, -1 / 48])


def step(t):
    """The integral of the kernel from minus infinity."""
    gauss = np.exp(-t**2 / 2) / math.sqrt(2 * math.pi)
    normal = 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(t / math.sqrt(2)))
    return normal + gauss * hermeval(t, [0, 1 / 2, 0, -1 / 8, 0, 1 / 48])


def weights(nodes, moments):
    """Of values at nodes, so that powers 0, 1, 2 ... have these moments."""
    return np.linalg.solve(np.vander(nodes, increasing=True).T.astype(float), moments)


def slope_weights(nodes):
    """For the derivative at node 0 of the polynomial through values at nodes."""
    return weights(nodes, np.eye(len(nodes))[1])


# To sums over 0, 1, 2 ... of what vanishes far out: Euler and Maclaurin with differences of order 8.
END_CORRECTION = weights(np.arange(8), [-1 / 2, 1 / 12, 0, -1 / 120, 0, 1 / 252, 0, -1 / 240])


class Denser:
    """Fields of a periodic grid at `times` as many points along each direction."""

    def __init__(self, shape, times):
        self.shape, self.dense = shape, tuple(times * n for n in shape)

    def spectrum(self, values):
        rows, columns = self.shape
        small, large = np.fft.rfft2(values), np.zeros((self.dense[0], self.dense[1] // 2 + 1), complex)
        half, last = (rows + 1) // 2, (columns + 1) // 2  # without waves of two spacings
        large[:half, :last] = small[:half, :last]
        large[1 - half:, :last] = small[1 - half:, :last]
        return large * (np.prod(self.dense) / np.prod(self.shape))

    def values(self, spectrum):
        return np.fft.irfft2(spectrum, self.dense)


class Run:
    """The state files of a run in x and y in Milne coordinates, a state each step."""

    def __init__(self, paths):
        self.paths = sorted(paths)
        with h5py.File(self.paths[0]) as file:
            self.points, lower, upper = (file.attrs[name] for name in ("points", "lower", "upper"))
        self.lower, self.length = lower, upper - lower
        self.times = np.array([self.read(i, ())[0] for i in range(len(self.paths))])
        self.step = self.times[1] - self.times[0]
        if not np.allclose(np.diff(self.times), self.step, rtol=1e-9):
            raise ValueError("states must be equally far apart in time")

    def read(self, number, names):
        with h5py.File(self.paths[number]) as file:
            state = file["state"]
            return file.attrs["time"], [state[n][()] if n in state else np.zeros(self.points[::-1]) for n in names]

    def log_energy_rate(self, number, log_energies):
        """d_tau ln e through nine states, from a function that gives ln e."""
        first = min(max(number - 4, 0), len(self.paths) - 9)
        nodes = np.arange(first, first + 9)
        return sum(w * log_energies(n) for w, n in zip(slope_weights(nodes - number), nodes)) / self.step


def stress_tensor(e, p, u0, ux, uy, pixx, pixy, piyy, pizz, bulk):
    """T^{mn}, m, n of tau, x, y."""
    u = np.array([u0, ux, uy])
    tx, ty = (pixx * ux + pixy * uy) / u0, (pixy * ux + piyy * uy) / u0
    pi = np.array([[pixx + piyy + pizz, tx, ty], [tx, pixx, pixy], [ty, pixy, piyy]])
    return (e + p + bulk) * u[:, None] * u + (p + bulk) * np.diag([-1, 1, 1])[:, :, None] + pi


def densities(x, y, e, p, fields):
    """What is integrated, by name: contravariant currents (tau, x, y) without the factor tau."""
    ux, uy = fields[:2]
    u0 = np.sqrt(1 + ux**2 + uy**2)
    T = stress_tensor(e, p, u0, *fields)
    return {"volume": np.array([u0, ux, uy]), "energy": T[0], "x_force": x * T[1], "y_force": y * T[2]}


def level_integrals(paths, level, width=0.15, denser=4):
    """Fluxes through e = `level` [1/fm^4], and `energy_start`, the energy above it in the first state, in powers of fm.
    States must have `pressure` among their fields, and the last must be far below the level."""
    run, sums = Run(paths), {}
    dense, cache = Denser(run.points[::-1], denser), {}

    def log_energy(number):
        if number not in cache:
            for old in [n for n in cache if n < number - 10]:
                del cache[old]
            cache[number] = np.log(run.read(number, ["energy_density"])[1][0] / level)
        return cache[number]

    along = [2 * np.pi * n / length for n, length in zip(
        (np.fft.rfftfreq(dense.dense[1], 1 / dense.dense[1]), np.fft.fftfreq(dense.dense[0], 1 / dense.dense[0])),
        run.length)]
    axes = [lower + length * np.arange(n) / n for lower, length, n in zip(run.lower, run.length, dense.dense[::-1])]
    area = np.prod(run.length) / np.prod(dense.dense)
    if log_energy(len(run.paths) - 1).max() > -WIDEST * width:
        raise ValueError("the last state is too near to the level: a later end, surface.stop = false")
    cache.clear()
    for number, time in enumerate(run.times):
        _, coarse = run.read(number, ("pressure", *FIELDS))
        spectrum = dense.spectrum(log_energy(number))
        phi = dense.values(spectrum)
        near = np.nonzero(phi > -WIDEST * width if number == 0 else np.abs(phi) < WIDEST * width)
        if near[0].size == 0:
            continue
        at = phi[near]
        slopes = (dense.values(dense.spectrum(run.log_energy_rate(number, log_energy)))[near],
                  dense.values(1j * along[0] * spectrum)[near], dense.values(1j * along[1][:, None] * spectrum)[near])
        p = np.exp(dense.values(dense.spectrum(np.log(coarse[0])))[near])
        fields = [dense.values(dense.spectrum(c))[near] if c.any() else np.zeros(at.shape) for c in coarse[1:]]
        currents = densities(axes[0][near[1]], axes[1][near[0]], level * np.exp(at), p, fields)
        if number == 0:
            sums = {name: 0.0 for name in currents}
            energy_start = time * area * (step(np.clip(at / width, -9, 9)) * currents["energy"][0]).sum()
        weight = 1.0 + (END_CORRECTION[number] if number < len(END_CORRECTION) else 0.0)
        delta = -time * weight * run.step * area * kernel(at / width) / width
        for name, current in currents.items():
            sums[name] += (delta * sum(j * slope for j, slope in zip(current, slopes))).sum()
    return {**sums, "energy_start": energy_start}
