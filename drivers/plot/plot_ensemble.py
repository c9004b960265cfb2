"""Pictures of many events, as `ister analyze ensemble` averages them: what experiments and reviews show."""

import numpy as np

from plot_style import plt

MARKERS = {2: "o", 3: "s", 4: "^", 5: "v"}  # of harmonics


class Classes:
    """The classes of centrality of a file, each at its middle."""

    def __init__(self, results):
        self.results = results
        self.lower, self.upper = results["classes/lower"], results["classes/upper"]
        self.middle = 0.5 * (self.lower + self.upper)

    def has(self, name):
        return np.any(np.isfinite(self.results.arrays.get("classes/" + name, np.nan)))

    def draw(self, axes, name, shift=0.0, **style):
        values, errors = self.results["classes/" + name], self.results[f"classes/{name}_error"]
        axes.errorbar(self.middle + shift, values, np.nan_to_num(errors), capsize=2, linewidth=1, markersize=5, **style)

    def finish(self, axes, label):
        axes.set(xlabel="centrality [%]", ylabel=label, xlim=(self.lower[0], self.upper[-1]))
        axes.grid(alpha=0.25)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(ncol=2, fontsize="small")


def cumulants(results):
    """v_n{2} and, with open markers, v_n{4} over centrality."""
    classes = Classes(results)

    def draw(_, axes):
        for i, (n, marker) in enumerate(MARKERS.items()):
            for m, face in ((2, f"C{i}"), (4, "white")):
                if classes.has(f"v{n}{{{m}}}"):
                    classes.draw(axes, f"v{n}{{{m}}}", 0.4 * (i - 1.5), fmt=marker, color=f"C{i}", markerfacecolor=face,
                                 label=rf"$v_{n}\{{{m}\}}$")
        axes.set_ylim(bottom=0)
        classes.finish(axes, r"$v_n\{m\}$")

    return [draw] if classes.has("v2{2}") else []


def species(results, n=2):
    """Flow of each species by the scalar product; mirrored ones lie on each other."""
    classes = Classes(results)
    end = f"/v{n}{{SP}}"
    names = [name[len("classes/"):-len(end)] for name in results.arrays if name.endswith(end)]

    def draw(_, axes):
        for i, name in enumerate(names):
            classes.draw(axes, name + end, fmt="-o", color=f"C{i % 10}", label=name if len(names) <= 10 else None)
        classes.finish(axes, rf"$v_{n}\{{\rm SP\}}$")

    return [draw] if names else []


def yields(results):
    """dN/dy, and mean pT in a panel of its own."""
    classes = Classes(results)

    def panel(name, label, log):
        def draw(_, axes):
            classes.draw(axes, name, fmt="o", color="C0")
            axes.set_yscale("log" if log else "linear")
            classes.finish(axes, label)

        return draw

    shown = (("dN_dy", "$dN/dy$", True), ("mean_pt", r"$\langle p_T \rangle$ [GeV]", False))
    return [panel(*one) for one in shown if classes.has(one[0])]


def distribution(results):
    """How often events have a value of the column that orders them, with the classes as bands."""
    by = str(results.attributes.get("by", "dN_dy"))
    values, classes = results[f"events/{by}"], Classes(results)
    centrality = results["events/centrality"]
    taken = np.isfinite(values) & np.isfinite(centrality)
    if taken.sum() < 2:
        return []

    def draw(_, axes):
        bins = np.linspace(values[taken].min(), values[taken].max(), 1 + int(np.clip(taken.sum() / 10, 10, 60)))
        for k, (lower, upper) in enumerate(zip(classes.lower, classes.upper)):
            inside = taken & (centrality >= lower) & (centrality < upper)
            axes.hist(values[inside], bins, color=plt.get_cmap("viridis")(0.92 * k / max(1, classes.lower.size - 1)))
        axes.hist(values[taken], bins, histtype="step", color="black", linewidth=1)
        axes.set(xlabel=by.replace("_", " "), ylabel="events", yscale="log")

    return [draw]


def fluctuations(results, n=2):
    """P(v_n/<v_n>) of the class with most events, with that of the eccentricities."""
    classes, centrality = Classes(results), results["events/centrality"]
    k = int(np.argmax(results["classes/events"]))
    inside = (centrality >= classes.lower[k]) & (centrality < classes.upper[k])

    def draw(_, axes):
        for name, label, colour in ((f"v_{n}", f"$v_{n}$", "C0"), (f"eps_{n}", rf"$\varepsilon_{n}$", "C1")):
            values = results.arrays.get("events/" + name, np.full(inside.shape, np.nan))[inside]
            values = values[np.isfinite(values)]
            if values.size > 1:
                bins = np.linspace(0, 3, 1 + int(np.clip(values.size / 8, 10, 45)))
                axes.hist(values / values.mean(), bins, density=True, histtype="step", color=colour, label=label)
        axes.set(xlabel=rf"$v_{n}/\langle v_{n} \rangle$, $\varepsilon_{n}/\langle \varepsilon_{n} \rangle$",
                 ylabel=rf"$P(v_{n}/\langle v_{n} \rangle)$",
                 title=f"{classes.lower[k]:g} to {classes.upper[k]:g} %")
        axes.legend()

    return [draw] if f"events/v_{n}" in results and inside.sum() > 1 else []


def response(results):
    """v_2 of each event over its eps_2, and the coefficients of correlation over centrality."""
    classes = Classes(results)
    if "events/eps_2" not in results or "events/v_2" not in results:
        return []

    def events(figure, axes):
        points = axes.scatter(results["events/eps_2"], results["events/v_2"], 4, results["events/centrality"],
                              cmap="viridis")
        figure.colorbar(points, ax=axes, label="centrality [%]")
        axes.set(xlabel=r"$\varepsilon_2$", ylabel="$v_2$", xlim=(0, None), ylim=(0, None))
        axes.grid(alpha=0.25)

    def correlations(_, axes):
        for i, (n, marker) in enumerate(MARKERS.items()):
            for kind, face in (("pearson", f"C{i}"), ("linear", "white")):
                if classes.has(f"eps{n}_v{n}_{kind}"):
                    classes.draw(axes, f"eps{n}_v{n}_{kind}", fmt=marker, color=f"C{i}", markerfacecolor=face,
                                 label=f"$n = {n}$" if kind == "pearson" else f"$n = {n}$, linear")
        classes.finish(axes, r"correlation of $\varepsilon_n$ and $v_n$")

    return [events, correlations]


ENSEMBLE = (cumulants, species, yields, distribution, fluctuations, response)
