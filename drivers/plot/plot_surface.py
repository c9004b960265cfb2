"""Pictures of a freeze-out surface: where and when matter leaves, how fast it moves there, and through what normals."""

import numpy as np

from plot_style import plt

BINS = 20


def names_of(table):
    """Time, third direction and factor of volumes: tau dS_mu is the volume in Milne coordinates."""
    return ("tau", "eta", table["tau"]) if "tau" in table else ("t", "z", np.ones_like(table["t"]))


def volumes(table):
    """u^mu dS_mu of each element, per unit of rapidity in Milne coordinates, and whether its normal is timelike."""
    time, third, factor = names_of(table)
    u = [table["ux"], table["uy"], table["uz"]]
    gamma = np.sqrt(1 + sum(component**2 for component in u))
    normal = [table["dS_x"], table["dS_y"], table[f"dS_{third}"] / factor]
    volume = factor * (gamma * table[f"dS_{time}"] + sum(a * b for a, b in zip(u, normal)))
    return volume, table[f"dS_{time}"]**2 > sum(component**2 for component in normal)


def radial_flow(table):
    """The velocity away from the axis."""
    r = np.hypot(table["x"], table["y"])
    outward = (table["x"] * table["ux"] + table["y"] * table["uy"]) / np.maximum(r, 1e-12)
    return r, outward / np.sqrt(1 + table["ux"]**2 + table["uy"]**2 + table["uz"]**2)


def points(figure, panel, x, y, colour, label, cmap):
    order = np.argsort(colour)  # what is largest on top
    image = panel.scatter(x[order], y[order], c=colour[order], s=3, linewidths=0, cmap=cmap, rasterized=True)
    figure.colorbar(image, ax=panel, label=label)


def figure_of_surface(table):
    """A surface as Table of the package: four panels."""
    time, third, _ = names_of(table)
    time_label = r"$\tau$ [fm]" if time == "tau" else "$t$ [fm]"
    when, (volume, timelike), (r, v) = table[time], volumes(table), radial_flow(table)
    figure, axes = plt.subplots(2, 2, figsize=(11, 8.4))
    near = np.abs(table[third]) <= np.abs(table[third]).min() + 1e-12  # the plane in the middle
    if np.ptp(table["y"]) > 0:
        points(figure, axes[0, 0], table["x"][near], table["y"][near], when[near], time_label, "viridis")
        axes[0, 0].set(xlabel="$x$ [fm]", ylabel="$y$ [fm]", title="when matter freezes out", aspect="equal")
    else:
        points(figure, axes[0, 0], table["x"], when, v, "$v_r$ [c]", "plasma")
        axes[0, 0].set(xlabel="$x$ [fm]", ylabel=time_label, title="where matter freezes out")
    points(figure, axes[0, 1], r[near], when[near], v[near], "$v_r$ [c]", "plasma")
    axes[0, 1].set(xlabel="$r$ [fm]", ylabel=time_label, title="radial flow on the surface")
    edges = np.linspace(when.min(), max(when.max(), when.min() + 1e-9), BINS + 1)
    rates = [np.histogram(when[kind], edges, weights=volume[kind])[0] / np.diff(edges) for kind in (timelike, ~timelike)]
    for rate, label in zip(rates, ("timelike normals", "spacelike normals")):
        axes[1, 0].stairs(rate, edges, label=label)
    axes[1, 0].stairs(rates[0] + rates[1], edges, color="black", label="all")
    axes[1, 0].set(xlabel=time_label, ylabel=r"$dV/d\tau$ [fm$^2$]", title="freeze-out rate")
    axes[1, 0].legend(fontsize=8, loc="upper left")
    shares = np.cumsum([rate * np.diff(edges) for rate in rates], axis=1) / volume.sum()
    for share, label in zip(shares, ("timelike normals", "spacelike normals")):
        axes[1, 1].plot(edges[1:], share, label=f"{label}: {share[-1]:.3f}")
    axes[1, 1].set(xlabel=time_label, ylabel="share of the volume so far", title="timelike and spacelike shares")
    axes[1, 1].legend(fontsize=8)
    level = table.attributes.get("level_temperature")
    closure = table.attributes.get("closure")
    figure.suptitle(f"{len(when)} elements"
                    + (f", T = {1e3 * 0.1973269804 * float(level):.4g} MeV" if level is not None else "")
                    + (f", closure {float(closure):.1e}" if closure is not None else ""))
    return figure
