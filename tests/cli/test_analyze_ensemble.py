#!/usr/bin/python3
"""`ister analyze ensemble` against NumPy, on events with known flow, and what it says to wrong input.

Environment as in command.py.
"""

import csv
import sys
import unittest
from pathlib import Path

import h5py
import numpy as np
from command import CommandTest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "drivers" / "plot"))
from plot_analysis import figure_of  # noqa: E402
from plot_drawing import Results  # noqa: E402
from plot_style import plt  # noqa: E402

HARMONICS = np.arange(1, 7)
SPECIES = {"pi+": (0.8, 0.5, 1.0), "p": (0.2, 1.0, 0.7)}  # share of all particles, mean pT in GeV, flow by that of all


def flow_of(rng, events, mean, width):
    """Mean flow and Gaussian fluctuations, turned at random: (events, harmonics), complex."""
    shape = (events, HARMONICS.size)
    noise = (rng.normal(size=shape) + 1j * rng.normal(size=shape)) * width / np.sqrt(2)
    return (mean + noise) * np.exp(2j * np.pi * rng.uniform(size=shape))


class EnsembleTest(CommandTest):
    def events(self, count=60, mean=0.08, width=0.02):
        rng = np.random.default_rng(11)
        flow = flow_of(rng, count, mean, width)
        eps = flow / 0.25 + 0.05 * flow_of(rng, count, 0.0, 1.0)
        return {"number": np.arange(count), "M": rng.uniform(100, 2000, count), "V": flow, "eps": eps,
                "exit_code": np.zeros(count, int), "verdict": ["good"] * count}

    @staticmethod
    def write_event(group, events, i):
        group.attrs.update({"exit_code": events["exit_code"][i], "verdict_balance": events["verdict"][i],
                            "verdict_seam": "none", "entropy": 7.0 * events["M"][i], "b": 15.0 - events["M"][i] / 200})
        for n in range(2, 6):
            eps = events["eps"][i, n - 1]
            group.attrs[f"eps_{n}"], group.attrs[f"psi_{n}"] = abs(eps), np.angle(eps) / n
        if events["exit_code"][i] == 0:
            EnsembleTest.write_spectra(group.create_group("spectra"), events, i)

    @staticmethod
    def write_spectra(group, events, i):
        """Species whose flow is not that of all together, but adds up to it."""
        total = sum(share * factor for share, _, factor in SPECIES.values())
        for name, (share, mean_pt, factor) in SPECIES.items():
            flow = events["V"][i] * factor / total
            group[f"{name}/dN_dy"], group[f"{name}/mean_pt"] = share * events["M"][i], mean_pt
            group.create_dataset(f"{name}/vn", data=abs(flow), maxshape=(None,))
            group[f"{name}/psi_n"] = np.angle(flow) / HARMONICS

    def write_chunks(self, events, size=25):
        names = []
        for begin in range(0, len(events["M"]), size):
            names.append(f"x_ensemble_{begin // size}.h5")
            with h5py.File(self.folder / names[-1], "w") as file:
                file.attrs["format"] = "ister-ensemble"
                for i in range(begin, min(begin + size, len(events["M"]))):
                    self.write_event(file.create_group(f"event_{events['number'][i]}"), events, i)
        return names

    def analyze(self, *arguments):
        """The results and all that was said."""
        said = self.assert_runs("analyze", "ensemble", *arguments, "-o", "out.h5")
        found = {}
        with h5py.File(self.folder / "out.h5") as file:
            file.visititems(lambda name, item: found.update({name: item[()]}) if hasattr(item, "shape") else None)
            found.update(file.attrs)
        return found, said

    def check_class(self, found, row, events, chosen):
        """Every average by its definition, its error by leaving out one event after the other."""
        m, flow, eps = events["M"][chosen], events["V"][chosen], events["eps"][chosen]
        share, _, factor = SPECIES["p"]
        p = flow * factor / sum(s * f for s, _, f in SPECIES.values())

        def averages(keep):
            n = {}
            for k in (2, 3):
                v, e, w = flow[keep, k - 1], eps[keep, k - 1], m[keep]
                square, fourth = np.average(abs(v)**2, weights=w**2), np.average(abs(v)**4, weights=w**4)
                n[f"v{k}{{2}}"], n[f"c{k}{{4}}"] = np.sqrt(square), fourth - 2 * square**2
                n[f"v{k}{{4}}"], n[f"v{k}{{EP}}"] = (2 * square**2 - fourth)**0.25, np.average(abs(v), weights=w)
                along = (p[keep, k - 1] * v.conj()).real
                n[f"p/v{k}{{EP}}"] = np.average(along / abs(v), weights=w)
                n[f"p/v{k}{{SP}}"] = np.average(along, weights=share * w**2) / np.sqrt(square)
                n[f"eps{k}_v{k}_pearson"] = np.corrcoef(abs(e), abs(v))[0, 1]
                n[f"kappa{k}"] = (v * e.conj()).real.sum() / (abs(e)**2).sum()
                n[f"eps{k}_v{k}_linear"] = n[f"kappa{k}"] * np.sqrt((abs(e)**2).sum() / (abs(v)**2).sum())
                n[f"eps{k}{{2}}"] = np.sqrt((abs(e)**2).mean())
            n["dN_dy"], n["mean_pt"], n["entropy"] = w.mean(), 0.8 * 0.5 + 0.2 * 1.0, 7 * w.mean()
            return n

        everyone = np.ones(len(m), bool)
        expected = averages(everyone)
        without = [averages(np.arange(len(m)) != i) for i in range(len(m))]
        for name, value in expected.items():
            rest = np.array([one[name] for one in without])
            error = np.sqrt((len(m) - 1) / len(m) * ((rest - rest.mean())**2).sum())
            self.assertAlmostEqual(found[f"classes/{name}"][row] / value, 1, 9, name)
            self.assertLess(abs(found[f"classes/{name}_error"][row] - error), 1e-7 * (error + abs(value)), name)

    def test_is_the_definition(self):
        events = self.events()
        found, said = self.analyze(*self.write_chunks(events), "--classes", "0", "20", "100", "--csv", "c.csv",
                                   "--events-csv", "e.csv")
        self.assertIn("60 events of 3 files: 0 failed, 0 with a bad verdict", said)
        np.testing.assert_array_equal(found["classes/events"], [12, 48])
        order = np.argsort(-events["M"])
        np.testing.assert_array_equal(found["events/centrality"][order], 50 * (2 * np.arange(60) + 1) / 60)
        np.testing.assert_allclose(found["events/v_2"], abs(events["V"][:, 1]), rtol=1e-12)
        for row, chosen in enumerate((order[:12], order[12:])):
            self.check_class(found, row, events, chosen)
        for name, group in (("c.csv", "classes/"), ("e.csv", "events/")):
            with open(self.folder / name, encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            for column in rows[0]:
                np.testing.assert_array_equal([float(row[column]) for row in rows], found[group + column], column)
        # The same by entropy and impact parameter, which follow M; and of one species alone.
        for column in ("entropy", "b"):
            np.testing.assert_array_equal(self.analyze(*self.write_chunks(events), "--by", column)[0]["events/centrality"],
                                          found["events/centrality"])
        alone = self.analyze(*self.write_chunks(events), "--species", "p", "--weights", "unit", "--classes", 0, 100)[0]
        self.assertAlmostEqual(alone["classes/mean_pt"][0], 1.0)
        self.assertAlmostEqual(alone["classes/v2{2}"][0],
                               np.sqrt((abs(events["V"][:, 1])**2).mean()) * 0.7 / 0.94, 12)

    def test_known_flow_is_found_within_errors(self):
        constant = self.analyze(*self.write_chunks(self.events(mean=0.06, width=0.0)), "--classes", 0, 50, 100)[0]
        for name in ("v2{2}", "v2{4}", "v3{EP}"):
            np.testing.assert_allclose(constant[f"classes/{name}"], 0.06, rtol=1e-12)
        files = self.write_chunks(self.events(count=1500, mean=0.08, width=0.03), size=1500)
        found = self.analyze(*files, "--classes", 0, 100)[0]
        for n in HARMONICS:
            for name, exact in ((f"v{n}{{2}}", np.hypot(0.08, 0.03)), (f"v{n}{{4}}", 0.08)):
                value, error = found[f"classes/{name}"][0], found[f"classes/{name}_error"][0]
                self.assertLess(abs(value - exact), 3.5 * error, name)
                self.assertLess(error, 0.03 * exact, name)

    def test_failed_and_bad_events_are_counted_and_left_out_as_asked(self):
        events = self.events(40)
        events["exit_code"][[3, 17]], events["verdict"][5], events["verdict"][8] = 4, "bad", "doubtful"
        files = self.write_chunks(events)
        for exclude, left, said_words in (("failed", 38, "bad verdict are in the averages"), ("bad", 37, "left out"),
                                          ("doubtful", 36, "left out"), ("none", 40, "have no dN_dy")):
            found, said = self.analyze(*files, "--exclude", exclude, "--classes", 0, 100)
            self.assertIn("40 events of 2 files: 2 failed, 1 with a bad verdict, 1 with a doubtful one; "
                          f"{40 - left} left out", said)
            self.assertIn("event_3, ", said)
            self.assertIn(said_words, said)
            self.assertEqual(found["classes/events"][0], min(left, 38))
            self.assertEqual(found["events/outcome"][[3, 5, 8, 9]].tolist(), [3, 2, 1, 0])
            self.assertEqual(np.isfinite(found["events/centrality"]).sum(), min(left, 38))
        self.write("x_ensemble_0.journal", "")
        by_energy, said = self.analyze(*files, "--exclude", "none", "--by", "entropy", "--classes", 0, 100)
        self.assertIn("x_ensemble_0.journal holds events", said)
        self.assertEqual(by_energy["classes/events"][0], 40)
        self.assertAlmostEqual(by_energy["classes/entropy"][0] / (7 * events["M"].mean()), 1, 12)

    def test_files_of_particles_are_events(self):
        events, names = self.events(12), []
        for i in range(12):
            names.append(f"{i}_particles.h5")
            with h5py.File(self.folder / names[-1], "w") as file:
                file.attrs["analysis"] = "particles"
                self.write_spectra(file, events, i)
        found, _ = self.analyze(*names, "--classes", 0, 100)
        np.testing.assert_allclose(found["events/dN_dy"], events["M"], rtol=1e-14)
        self.assertAlmostEqual(found["classes/v3{EP}"][0], np.average(abs(events["V"][:, 2]), weights=events["M"]), 12)

    def test_refusals(self):
        files = self.write_chunks(self.events(6))

        def refused(code, words, *arguments, ranks=(1,)):
            self.assert_refused(code, words, "analyze", "ensemble", *arguments, "-o", "x.h5", ranks=ranks)
            self.assertFalse((self.folder / "x.h5").exists())

        refused(3, ["missing.h5"], "missing.h5", ranks=(1, 3))
        refused(2, ["the same event as", "event_0"], files[0], files[0])
        refused(2, ["multiplicity", "dN_dy", "entropy"], files[0], "--by", "multiplicity")
        refused(2, ["ascending"], files[0], "--classes", 10, 0)
        refused(2, ["--species K+", "pi+"], files[0], "--species", "K+")
        refused(2, ["written over the input"], files[0], "--events-csv", files[0])
        path = self.folder / files[0]
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        refused(3, [files[0]], files[0])
        for change, code, words in (
                (lambda f: f.move("event_1", "event_one"), 3, ["event_one", "no number"]),
                (lambda f: f.pop("event_4/spectra/p"), 2, ["event_4", "species"]),
                (lambda f: f.pop("event_2/spectra/p/psi_n"), 2, ["event_2", "there is no psi_n"]),
                (lambda f: f["event_2/spectra/p/vn"].resize((5,)), 2, ["event_2", "vn has 5"]),
                (lambda f: f["event_3/spectra/p/dN_dy"].write_direct(np.array(np.nan)), 2, ["event_3", "dN_dy"])):
            path.write_bytes(whole)
            with h5py.File(path, "r+") as file:
                change(file)
            refused(code, words, files[0])
        with h5py.File(path, "w") as file:
            file["x"] = 1.0
        refused(3, ["neither a chunk"], files[0])

    def test_pictures(self):
        self.analyze(*self.write_chunks(self.events(200)))
        figure = figure_of(Results(self.folder / "out.h5"))
        self.addCleanup(plt.close, figure)
        labels = [axes.get_ylabel() for axes in figure.axes]
        for word in ("$v_n", "$dN/dy$", "P(", "correlation"):
            self.assertTrue(any(word in label for label in labels), (word, labels))


if __name__ == "__main__":
    unittest.main()
