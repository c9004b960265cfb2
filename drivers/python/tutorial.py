#!/usr/bin/python3
"""From a deck to a figure: how viscosity holds back the flow of a collision.

    tutorial.py DECK FIGURE        tutorial.py inputs/pbpb.toml flow.pdf

Runs the deck for three values of eta/s, small and short enough for a minute, into out/tutorial/ of the current folder,
and draws the event as it cools, its shape in space and the anisotropy of its flow.
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))  # not needed where the package is installed
import ister

VISCOSITIES = (0.0, 0.08, 0.16)
FREEZE_OUT = 0.15  # GeV
HOT = 0.1  # GeV/fm^3: where moments are taken

# 1. Run. Settings stand in place of keys of the deck; whatever is wrong is an ister.Error with ister's own message.


def run_event(deck, eta_over_s):
    """The run of the deck with this viscosity, at a low resolution."""
    settings = {"transport.eta_over_s": eta_over_s, "grid.points": [72, 72], "time.end": 6.6, "time.step": 0.1,
                "output.every_time": 1.0, "history.energy_cut": HOT / ister.HBAR_C}
    return ister.run(deck, settings, output=f"out/tutorial/{eta_over_s}", overwrite=True)


# 2. Read. States are arrays in GeV and fm, moments are functions of a state, the history is a table of columns.


def eccentricities(run, n):
    """Times of the states, and |eps_n| of each."""
    states = list(run.states(["energy_density"]))
    return [s.time for s in states], [abs(ister.eccentricity(s, n, energy_cut=HOT)) for s in states]


# 3. Draw.

STYLE = {"font.family": "serif", "mathtext.fontset": "cm", "font.size": 9, "axes.linewidth": 0.6,
         "lines.linewidth": 1.2, "xtick.direction": "in", "ytick.direction": "in", "xtick.top": True,
         "ytick.right": True, "legend.frameon": False, "figure.constrained_layout.use": True}
HALF = 11.0  # fm, of the box that is shown


def draw_map(axes, state):
    """The temperature in colour, the freeze-out line, and the velocity where the matter is hot."""
    x, y = state.coordinates["x"], state.coordinates["y"]
    hot, velocity = 1e3 * state["temperature"], state.velocity()
    image = axes.pcolormesh(x, y, hot, cmap="inferno", vmin=0, vmax=450, shading="gouraud", rasterized=True)
    axes.contour(x, y, hot, [1e3 * FREEZE_OUT], colors="white", linewidths=0.8, linestyles="--")
    shown = (state["temperature"] > FREEZE_OUT) & (np.hypot(*velocity[:2]) > 0.02)
    pick = slice(1, None, 3)
    vx, vy, _ = np.where(shown, velocity, np.nan)[:, pick, pick]
    axes.quiver(x[pick], y[pick], vx, vy, color="white", scale=9, width=0.007, pivot="mid")
    axes.text(0.05, 0.95, rf"$\tau = {state.time:.2g}$ fm", color="white", va="top", transform=axes.transAxes)
    axes.set(aspect="equal", xlim=(-HALF, HALF), ylim=(-HALF, HALF), xlabel="$x$ [fm]")
    return image


def draw_moments(panels, runs):
    """eps_2, eps_3 of the energy density and eps_p of the momentum, a curve for each viscosity."""
    for (eta_over_s, run), colour in zip(runs.items(), ("C0", "C1", "C3")):
        for panel, n in zip(panels, (2, 3)):
            panel.plot(*eccentricities(run, n), "o-", color=colour, markersize=2.5, label=rf"$\eta/s = {eta_over_s:g}$")
        panels[2].plot(run.history["time"], run.history["eps_p"], color=colour)
    for panel, label in zip(panels, (r"$\varepsilon_2$", r"$\varepsilon_3$", r"$\varepsilon_p$")):
        panel.set(xlabel=r"$\tau$ [fm]", ylabel=label, ylim=(0, None), xticks=range(1, 7))
        panel.margins(x=0.02)
    panels[0].legend(loc="lower left")


def figure_of(runs):
    """Maps of the most viscous run above, moments of all below."""
    with plt.rc_context(STYLE):
        figure, rows = plt.subplots(2, 3, figsize=(7.0, 4.2), gridspec_kw={"height_ratios": (6, 5)})
        states = list(runs[VISCOSITIES[-1]].states(["temperature", "ux", "uy", "uz"]))
        for axes, state in zip(rows[0], (states[0], states[2], states[-1])):
            image = draw_map(axes, state)
        rows[0, 0].set_ylabel("$y$ [fm]")
        figure.colorbar(image, ax=rows[0], label="$T$ [MeV]", pad=0.01)
        draw_moments(rows[1], runs)
    return figure


def main(deck, picture):
    runs = {eta_over_s: run_event(deck, eta_over_s) for eta_over_s in VISCOSITIES}
    for eta_over_s, run in runs.items():
        print(f"eta/s = {eta_over_s}: eps_p = {run.history['eps_p'][-1]:.3f},", run.state(-1, fields=()).verdicts)
    figure_of(runs).savefig(picture, dpi=300)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except ister.Error as error:
        print(f"tutorial.py: {error}", file=sys.stderr)
        sys.exit(error.code)
