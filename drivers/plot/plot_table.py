"""The branches of waves that `ister modes --csv` wrote, as a picture."""

import numpy as np

from plot_style import plt
from ister import read_csv


def figure_of_modes(path):
    """Frequency, damping rate and group velocity of every branch over k; waves that grow are drawn dotted."""
    table = read_csv(path, "k", "branches of waves")
    branches = [name.removesuffix("_re") for name in table if name.endswith("_re")]
    k = table["k"]
    figure, panels = plt.subplots(1, 3, figsize=(13, 4.2))
    for i, name in enumerate(branches):
        style = {"color": f"C{i}", "linestyle": "-" if name.startswith("L") else "--"}
        panels[0].plot(k, table[f"{name}_re"] / k, label=name, **style)
        damping = -table[f"{name}_im"]
        panels[1].plot(k, np.where(damping > 0, damping, np.nan), **style)
        panels[1].plot(k, np.where(damping < 0, -damping, np.nan), color=f"C{i}", linestyle=":")
        panels[2].plot(k, table[f"{name}_group"], **style)
    panels[0].legend(fontsize=8)
    labels = ("phase velocity Re $\\omega/k$ [c]", "damping $-$Im $\\omega$ [1/fm], dotted: growth",
              "group velocity Re $d\\omega/dk$ [c]")
    for panel, label in zip(panels, labels):
        panel.set_xscale("log")
        panel.set_xlabel("$k$ [1/fm]")
        panel.set_ylabel(label)
        panel.grid(alpha=0.25)
        panel.margins(x=0)
    panels[1].set_yscale("log")
    # Where branches meet group velocities are infinite.
    panels[2].set_ylim(max(-3, panels[2].get_ylim()[0]), min(3, panels[2].get_ylim()[1]))
    return figure
