"""Surfaces as most codes find them: linear between the states and points, one element a cell."""

import itertools

import numpy as np
from level_integrals import FIELDS, Run, densities

# A cell is six tetrahedra along its diagonal, of corners that differ in one more direction each.
TETRAHEDRA = [np.cumsum([np.zeros(3, int), *np.eye(3, dtype=int)[list(order)]], axis=0)
              for order in itertools.permutations(range(3))]


def polygon(hot):
    """The edges (hot corner, cold corner) that bound the cut through a tetrahedron, in turn."""
    inside, outside = ([v for v in range(4) if hot >> v & 1 == side] for side in (1, 0))
    if len(inside) == 2:
        (a, b), (p, q) = inside, outside
        return [(a, p), (a, q), (b, q), (b, p)]
    return [(i, o) for i in inside for o in outside]


def cut(cubes):
    """Of values at the corners of cells (n, 2, 2, 2): which cells have an element, its normal from positive to negative
    and its centre, in units of their edges."""
    normals, centres, sizes = np.zeros((len(cubes), 3)), np.zeros((len(cubes), 3)), np.zeros(len(cubes))
    for corners in TETRAHEDRA:
        values = cubes[(slice(None), *corners.T)]
        code = (values > 0) @ (1 << np.arange(4))
        for hot in range(1, 15):
            chosen = np.nonzero(code == hot)[0]
            edges = polygon(hot)
            v = values[chosen]
            at = [corners[i] + (v[:, i] / (v[:, i] - v[:, o]))[:, None] * (corners[o] - corners[i]) for i, o in edges]
            for second, third in zip(at[1:], at[2:]):
                normal = 0.5 * np.cross(second - at[0], third - at[0])
                normal *= np.sign(normal @ (corners[edges[0][1]] - corners[edges[0][0]]))[:, None]
                size = np.linalg.norm(normal, axis=1)
                normals[chosen] += normal
                sizes[chosen] += size
                centres[chosen] += size[:, None] * (at[0] + second + third) / 3
    found = np.nonzero(sizes > 0)[0]
    return found, normals[found], centres[found] / sizes[found, None]


def at_centres(corners, centres):
    """Values between corners (n, 2, 2, 2)."""
    for place in centres.T[::-1]:
        corners = corners[..., 0] + (corners[..., 1] - corners[..., 0]) * place.reshape(-1, *[1] * (corners.ndim - 2))
    return corners


def linear_integrals(paths, level, pressure, stride, skip, find=cut):
    """The fluxes of level_integrals and the number of elements, from every `stride`-th state and `skip`-th point."""
    run, sums, count = Run(paths), {}, 0
    spacing = skip * run.length / run.points
    edges = np.array([stride * run.step, *spacing])

    def layer(number):
        _, fields = run.read(number, ("energy_density", *FIELDS))
        return np.array([f.T[::skip, ::skip] for f in fields])

    after = layer(0)
    for number in range(stride, len(run.paths), stride):
        before, after = after, layer(number)
        both = np.stack([before, after], axis=1)
        cells = np.array([[[both[:, a, b:both.shape[2] - 1 + b, c:both.shape[3] - 1 + c] for c in (0, 1)] for b in (0, 1)]
                          for a in (0, 1)])  # corners, field, x, y
        hot = (cells[:, :, :, 0] > level).sum(axis=(0, 1, 2))
        x, y = np.nonzero((hot > 0) & (hot < 8))
        cubes = np.moveaxis(cells[..., x, y], (0, 1, 2), (2, 3, 4))  # field, cell, corners
        which, normal, centre = find(cubes[0].copy(order="C") - level)
        fields = [at_centres(cube[which], centre) for cube in cubes[1:]]
        at = np.array([run.times[number - stride], *run.lower]) + edges * (
            centre + np.stack([0 * which, x[which], y[which]], axis=1))
        currents = densities(at[:, 1], at[:, 2], level, pressure, fields)
        dsigma = at[:, 0] * normal.T * (edges.prod() / edges)[:, None]
        for name, current in currents.items():
            sums[name] = sums.get(name, 0.0) + (current * dsigma).sum()
        count += len(which)
    return {**sums, "elements": count}
