#!/usr/bin/python3
"""`ister analyze particles` on the surface of a small run and on elements written here: files, numbers, refusals.

Environment as in command.py.
"""

import csv
import unittest

import h5py
import numpy as np
import command

DECK = command.deck_head("drop", [40, 36], [7.0, 6.5], start=0.6, end=3.0, step=0.04) + """
[transport]
eta_over_s = 0.1
[initial]
type = "hot_spot"
temperature = 0.3
amplitude = 40.0
width = [2.0, 1.2]
[surface]
temperature = [0.14, 0.12]
"""
SURFACE = "out/drop_surface.h5"
DEFAULT = {"pi+", "pi-", "K+", "K-", "p", "anti-p", "Lambda", "anti-Lambda"}
DECAYS = "parent,branching_ratio,daughter_1,daughter_2,daughter_3\n"
HEADER = "name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q\n"


class ParticlesTest(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.write("deck.toml", DECK)

    def analyze(self, *arguments, surface=SURFACE):
        """Species by name, attributes of the file, what was printed."""
        out = self.assert_runs("analyze", "particles", surface, "-o", "particles.h5", *arguments)
        return (*self.species_in("particles.h5"), out)

    def species_in(self, path):
        with h5py.File(self.folder / path) as file:
            species = {name: {key: values[()] for key, values in group.items()} for name, group in file.items()}
            return species, dict(file.attrs)

    def test_surface_of_a_run(self):
        self.assert_runs("run", "deck.toml")
        species, root, out = self.analyze("--csv", "particles.csv")
        self.assertEqual(set(species), DEFAULT)
        self.assertEqual((root["decays"], root["shear"], root["bulk"]), ("none", "14-moment", "chapman-enskog"))
        self.assertIn("without decays", out)
        for name, one in species.items():
            for key, values in one.items():
                self.assertTrue(np.all(np.isfinite(values)), f"{name}/{key}")
            self.assertEqual(one["vn_pt"].shape, (6, 40))
            self.assertTrue(np.all(one["dN_2pi_pT_dpT_dy"] > 0), name)
            # The plane is an axis of the spot, which is alike on both sides of each.
            self.assertLess(one["vn"][1] * abs(np.sin(2 * one["psi_n"][1])), 1e-5, name)
            self.assertLess(np.abs(one["vn"][[0, 2, 4]]).max(), 1e-5, name)
            spectrum = one["dN_2pi_pT_dpT_dy"] * one["pt"]
            # of the integrals: points of Gauss and Legendre in sqrt(pT)
            x, weight = np.polynomial.legendre.leggauss(40)
            np.testing.assert_allclose(one["pt"], 6 * ((x + 1) / 2)**2, rtol=1e-12)
            measure = 6 * (x + 1) / 2 * weight * spectrum
            self.assertLess(abs(2 * np.pi * measure.sum() / one["dN_dy"] - 1), 1e-12)
            self.assertLess(abs((measure * one["pt"]).sum() / measure.sum() / one["mean_pt"] - 1), 1e-12)
        for a, b in (("pi+", "pi-"), ("K+", "K-"), ("p", "anti-p"), ("Lambda", "anti-Lambda")):
            self.assertEqual(species[a]["dN_dy"], species[b]["dN_dy"])
        with open(self.folder / "particles.csv", encoding="utf-8") as file:
            self.assertEqual(file.readline(), "# particles without decays: decays none, shear 14-moment, bulk chapman-enskog\n")
            rows = list(csv.DictReader(file))
        np.testing.assert_array_equal([float(row["K+/v2_pt"]) for row in rows], species["K+"]["vn_pt"][1])
        # Shear changes the spectrum and not the yield; a colder surface holds fewer protons to a pion.
        plain = self.analyze("--shear", "none")[0]
        self.assertGreater(abs(plain["p"]["mean_pt"] / species["p"]["mean_pt"] - 1), 1e-3)
        self.assertLess(abs(plain["p"]["dN_dy"] / species["p"]["dN_dy"] - 1), 1e-6)
        cold = self.analyze("--level", 1)[0]
        self.assertLess(cold["p"]["dN_dy"] / cold["pi+"]["dN_dy"], species["p"]["dN_dy"] / species["pi+"]["dN_dy"])
        # What is cut off is said.
        self.assertIn("of all are found up to 0.5 GeV", self.run_ister("analyze", "particles", SURFACE, "-o", "cut.h5",
                                                                       "--pt-max", 0.5)[2])
        self.species_of_a_file(species)
        self.decays(species)
        self.refusals()

    def species_of_a_file(self, default):
        self.write("own.csv", HEADER + "X,0.13957039,0,1,-1,0,0,0\nY,0.93827208816,0,4,1,1,0,0\n")
        own = self.analyze("--species", "own.csv")[0]
        self.assertEqual(set(own), {"X", "Y"})
        self.assertEqual(own["X"]["dN_dy"], default["pi+"]["dN_dy"])
        self.assertEqual(own["Y"]["dN_dy"], 2 * default["p"]["dN_dy"])

    def decays(self, primary):
        """Numbers that are known, from tables of one's own; what the shipped ones add to pi, K, p, Lambda."""
        own = "X,0.14,0,1,-1,0,0,0\n"
        self.write("own.csv", HEADER + own)
        self.write("all.csv", HEADER + own + "R,0.9,0,3,-1,0,0,0\nS,1.4,0,1,-1,0,0,0\n")
        self.write("decays.csv", DECAYS + "R,1,X,X,\nS,0.5,R,X,X\nS,0.5,X,gamma,\n")
        tables = ("--species", "own.csv", "--pt-max", 9, "--bulk", "none")  # so that the medium is that of decays alone
        bare = self.analyze("--species", "all.csv", "--pt-max", 9, "--bulk", "none")[0]
        found, root, out = self.analyze(*tables, "--decays", "feed-down", "--medium", "all.csv", "--decay-table",
                                        "decays.csv", "--csv", "decayed.csv")
        self.assertEqual(root["decays"], "feed-down")
        self.assertIn("with feed-down", out)
        self.assertTrue((self.folder / "decayed.csv").read_text().startswith("# particles with feed-down: decays feed"))
        expected = bare["X"]["dN_dy"] + 2 * bare["R"]["dN_dy"] + 2.5 * bare["S"]["dN_dy"]
        self.assertLess(abs(found["X"]["dN_dy"] / expected - 1), 1e-7)
        shipped = self.analyze("--decays", "feed-down", "--pt-points", 24, "--angles", 24)[0]
        gains = {name: shipped[name]["dN_dy"] / primary[name]["dN_dy"] for name in DEFAULT}
        self.assertAlmostEqual(gains["pi+"], gains["pi-"], delta=1e-9)
        self.assertAlmostEqual(gains["p"], gains["anti-p"], delta=1e-9)
        for name, (low, high) in {"pi+": (1.5, 3), "K+": (1.2, 2.2), "p": (2, 4), "Lambda": (2, 5)}.items():
            self.assertTrue(low < gains[name] < high, f"{name} {gains[name]}")
        # Pions of decays are slow; their flow is that of all.
        self.assertLess(shipped["pi+"]["mean_pt"], primary["pi+"]["mean_pt"])

    def refusals(self):
        def refused(code, words, *arguments, file=SURFACE):
            self.assert_refused(code, words, "analyze", "particles", file, "-o", "x.h5", *arguments, ranks=(1,))
            self.assertFalse((self.folder / "x.h5").exists())

        refused(3, ["drop_history.csv"], file="out/drop_history.csv")
        refused(3, ["missing.h5"], file="missing.h5")
        refused(3, ["not a file of format ister-surface"], file="particles.h5")
        refused(2, ["--level 2", "2 surfaces"], "--level", 2)
        refused(2, ["--shear"], "--shear", "grad")
        refused(2, ["--bulk"], "--bulk", "14-moment")
        refused(2, ["--rapidity", "run without eta"], "--rapidity", 0.5)
        refused(2, ["--rapidity-grid", "NUMBER"], "--rapidity-grid", 1, -1, 5)
        refused(2, ["--rapidity-grid", "excludes", "--rapidity"], "--rapidity-grid", -1, 1, 5, "--rapidity", 0)
        refused(3, ["missing.csv"], "--medium", "missing.csv")
        refused(2, ["--pt-max"], "--pt-max", -1)
        refused(2, ["--angles"], "--angles", 4)
        refused(3, ["missing.csv"], "--species", "missing.csv")
        self.write("bad.csv", HEADER.replace("width_GeV", "lifetime") + "X,0.1,0,1,-1,0,0,0\n")
        refused(2, ["bad.csv:1", "unknown column 'lifetime'"], "--species", "bad.csv")
        self.write("slash.csv", HEADER + "J/psi,3.0969,0,3,-1,0,0,0\n")
        refused(2, ["J/psi", "call it otherwise"], "--species", "slash.csv")
        feed_down = ("--decays", "feed-down", "--decay-table", "bad.csv")
        refused(2, ["--decays feed-down"], "--decay-table", "bad.csv")
        refused(2, ["--decays"], "--decays", "all")
        refused(2, ["X of 0.14 GeV", "not among"], "--species", "own.csv", "--decays", "feed-down")
        for words, text in ((["bad.csv:1", "unknown column 'to'"], DECAYS.replace("daughter_2", "to")),
                            (["bad.csv:2", "'pi' is not in the list"], DECAYS + "rho(770)0,1,pi,pi-,\n"),
                            (["bad.csv:2", "Q of the decay of rho(770)0"], DECAYS + "rho(770)0,1,pi+,pi0,\n")):
            self.write("bad.csv", text)
            refused(2, words, *feed_down)

    def test_refuses_other_geometries(self):
        flat = DECK.replace('"milne"', '"minkowski"').replace("start = 0.6", "start = 0.0").replace("3.0", "0.4")
        self.write("flat.toml", flat)
        self.assert_runs("run", "flat.toml")
        self.assert_refused(2, ["Milne", SURFACE], "analyze", "particles", SURFACE, "-o", "x.h5", ranks=(1,))

    def test_viscous_corrections(self):
        """Of a fluid that is a gas of hadrons: what each changes, and what is said."""
        self.assert_runs("run", "deck.toml", "--set", "eos.type=hotqcd_hrg", "transport.zeta_over_s=0.03",
                         "surface.temperature=0.15", "initial.amplitude=1000")
        default, root, out = self.analyze()
        self.assertNotIn("of the fluid's enthalpy", out)
        self.assertRegex(out, r"carry 9[0-9.]+ % of its shear stress")
        without, _, out = self.analyze("--bulk", "none")
        self.assertIn("bulk pressure does not change the distributions", out)
        enskog, root, out = self.analyze("--shear", "chapman-enskog", "--csv", "x.csv")
        self.assertEqual((root["shear"], root["bulk"]), ("chapman-enskog", "chapman-enskog"))
        self.assertNotIn("shear stress", out)
        for name, one in default.items():
            # Pi < 0 takes momentum away; shear, of whatever kind, no particles.
            self.assertLess(one["mean_pt"], without[name]["mean_pt"])
            self.assertLess(abs(enskog[name]["dN_dy"] / one["dN_dy"] - 1), 1e-6, name)
            self.assertGreater(abs(enskog[name]["mean_pt"] / one["mean_pt"] - 1), 1e-5, name)
            self.assertGreater(abs(one["dN_dy"] / without[name]["dN_dy"] - 1), 1e-4, name)
            self.assertTrue(0 <= one["beyond_f"] < 0.2)
        # Coefficients are those of the medium, whatever is asked for.
        self.write("pions.csv", HEADER + "pi+,0.13957039,0,1,-1,0,0,0\n")
        self.assertEqual(self.analyze("--species", "pions.csv")[0]["pi+"]["mean_pt"], default["pi+"]["mean_pt"])
        other, _, out = self.analyze("--medium", "pions.csv")
        self.assertGreater(abs(other["p"]["mean_pt"] / default["p"]["mean_pt"] - 1), 1e-3)
        self.assertRegex(out, "have [0-9.]+ % of the fluid's enthalpy")

    def test_several_surfaces(self):
        """Means, and flow vectors from which they follow."""
        singles, files = [], []
        for i, width in enumerate(("[2.0,1.2]", "[1.3,1.9]")):
            self.assert_runs("run", "deck.toml", "--output", f"event{i}", "--set", f"initial.width={width}",
                             "initial.amplitude=400")
            files.append(f"event{i}/drop_surface.h5")
            singles.append(self.analyze(surface=files[-1])[0])
        out = self.assert_runs("analyze", "particles", *files, "-o", "both.h5")
        self.assertIn("mean of 2", out)
        both, root = self.species_in("both.h5")
        self.assertEqual(root["surfaces"].split("\n"), files)
        q = {name: one["flow_re"] + 1j * one["flow_im"] for name, one in both.items()}
        total = sum(q.values())
        reference = total / total[:, :1]
        for name, one in both.items():
            self.assertEqual(one["flow_pt_re"].shape, (2, 7, 40))
            self.assertNotIn("psi_n", one)
            for e in range(2):
                single = singles[e][name]
                np.testing.assert_array_equal(one["flow_re"][e], single["flow_re"][0])
                np.testing.assert_allclose(q[name][e, 0].real, single["dN_dy"], rtol=1e-13)
                np.testing.assert_allclose(abs(q[name][e, 1:]) / q[name][e, 0].real, single["vn"], rtol=1e-12)
                np.testing.assert_allclose(one["flow_pt_re"][e, 0], single["dN_2pi_pT_dpT_dy"], rtol=1e-13)
                self.assertAlmostEqual(one["mean_pt_event"][e], single["mean_pt"], 12)
                # relative to the plane of all species of the event
                flow = single["flow_pt_re"][0, 2] + 1j * single["flow_pt_im"][0, 2]
                plane = reference[e, 2] / abs(reference[e, 2])
                np.testing.assert_allclose(single["vn_pt"][1], (flow * plane.conj()).real / single["flow_pt_re"][0, 0],
                                           rtol=1e-9)
            np.testing.assert_allclose(one["dN_dy"], q[name][:, 0].real.mean(), rtol=1e-13)
            np.testing.assert_allclose(one["vn"][1]**2, (abs(q[name][:, 2] / q[name][:, 0])**2).mean(), rtol=1e-12)
            flow = (one["flow_pt_re"] + 1j * one["flow_pt_im"]) / one["flow_pt_re"][:, :1]
            product = (flow[:, 2] * reference[:, 2, None].conj()).real.mean(axis=0)
            np.testing.assert_allclose(one["vn_pt"][1], product / np.sqrt((abs(reference[:, 2])**2).mean()), rtol=1e-9)
        # The two spots lie across each other: all planes are those of their event.
        self.assertGreater(both["pi+"]["vn"][1], 1e-3)
        self.assertLess((reference[0, 2] * reference[1, 2].conj()).real, 0)
        self.assertGreater(both["pi+"]["vn_pt"][1, 20], 0)

    def test_three_directions(self):
        """A surface that is the same at all eta, with it: spectra in the middle are those without."""
        deck = DECK.replace("[40, 36]", "[20, 18]").replace("step = 0.04", "step = 0.08")
        self.write("flat.toml", deck.replace("[0.14, 0.12]", "0.14"))
        self.assert_runs("run", "flat.toml")
        flat = self.analyze()[0]
        long = deck.replace("[20, 18]", "[20, 18, 24]").replace("-6.5]", "-6.5, -6.0]").replace(" 6.5]", " 6.5, 6.0]")
        self.write("long.toml", long.replace("1.2]", "1.2, 1e6]").replace("[0.14, 0.12]", "0.14"))
        self.assert_runs("run", "long.toml", "--output", "long")
        long, root, out = self.analyze("--rapidity-grid", -0.5, 0.5, 3, "--csv", "y.csv",
                                       surface="long/drop_surface.h5")
        self.assertEqual(root["rapidity"].tolist(), [-0.5, 0, 0.5])
        self.assertIn("rapidity 0.5", out)
        for name in ("pi+", "p"):
            self.assertEqual(long[name]["vn_pt"].shape, (3, 6, 40))
            np.testing.assert_allclose(long[name]["dN_dy"], flat[name]["dN_dy"], rtol=0.01)
            np.testing.assert_allclose(long[name]["mean_pt"], flat[name]["mean_pt"], rtol=0.01)
            np.testing.assert_allclose(long[name]["vn"][:, 1], flat[name]["vn"][1], rtol=0.05)
        one = self.analyze("--rapidity", 0.5, surface="long/drop_surface.h5")[0]
        np.testing.assert_array_equal(one["p"]["vn_pt"], long["p"]["vn_pt"][2])
        self.assert_refused(2, ["--decays feed-down", "in x and y"], "analyze", "particles", "long/drop_surface.h5", "-o",
                            "x.h5", "--decays", "feed-down", ranks=(1,))
        self.assert_refused(2, ["boost-invariant", "beside", SURFACE], "analyze", "particles", SURFACE,
                            "long/drop_surface.h5", "-o", "x.h5", ranks=(1,))

    def test_minkowski_space(self):
        """A ball without flow in the beginning: alike at y and -y."""
        ball = DECK.replace('"milne"', '"minkowski"').replace("start = 0.6", "start = 0.0")
        ball = ball.replace("[40, 36]", "[18, 18, 18]")
        ball = ball.replace("[-7.0, -6.5]", "[-6.0, -6.0, -6.0]").replace("[7.0, 6.5]", "[6.0, 6.0, 6.0]")
        self.write("ball.toml", ball.replace("[2.0, 1.2]", "[1.5, 1.5, 1.5]").replace("[0.14, 0.12]", "0.14"))
        self.assert_runs("run", "ball.toml")
        found = self.analyze("--rapidity", -1, 0, 1)[0]["pi+"]
        self.assertLess(abs(found["dN_dy"][0] / found["dN_dy"][2] - 1), 1e-3)
        self.assertLess(found["dN_dy"][0], found["dN_dy"][1])


if __name__ == "__main__":
    unittest.main()
