"""The ideal shock tube of a conformal fluid: the Riemann problem's solution, and where a run has its shock."""

import numpy as np


def riemann(left):
    """e behind the shock and its speed into e = 1 at rest, p = e/3: the rarefaction's y = sqrt(3)/4 ln(left/e) meets
    the velocity behind the shock."""
    low, high = 1.0, left
    while high - low > 1e-12:
        e = 0.5 * (low + high)
        behind = np.sqrt((e - 1) ** 2 / 3 / ((e + 1 / 3) * (1 + e / 3)))
        low, high = (e, high) if behind < np.tanh(np.sqrt(3) / 4 * np.log(left / e)) else (low, e)
    return e, np.sqrt((e + 1 / 3) / (3 + e))


def shock_position(e, middle, spacing):
    """Of the last crossing right of the middle of the box, where the tube has its step."""
    behind = np.flatnonzero((e[:-1] > middle) & (e[1:] <= middle) & (np.arange(e.size - 1) < 3 * e.size // 4))[-1]
    return spacing * (behind + (e[behind] - middle) / (e[behind] - e[behind + 1]))


def shock_speed(tube, plateau, spacing):
    first, last = (shock_position(tube.states[t]["energy_density"], 0.5 * (plateau + 1), spacing) for t in (0.5, 1.5))
    return last - first
