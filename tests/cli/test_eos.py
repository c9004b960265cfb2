#!/usr/bin/python3
"""`ister eos`: an equation of state as a table, read back by Ister, and as MUSIC and vHLLE read it; lists of hadrons.

Environment as in command.py.
"""

import unittest
from pathlib import Path

import h5py
import numpy as np
from command import DECK, CommandTest

SHIPPED = Path(__file__).resolve().parents[2] / "inputs" / "hadrons.csv"
HADRONS = ("--set", "eos.type=hotqcd_hrg")
LIST = "name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q\n"


class EosTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.deck()

    def table(self, *arguments, ranks=(1,)):
        """Columns e, p, s, T, dp/de, and the lines before them."""
        self.assert_runs("eos", "deck.toml", "--output", "t.csv", *arguments, ranks=ranks)
        lines = (self.folder / "t.csv").read_text(encoding="utf-8").splitlines()
        self.assertEqual(lines[2], "e[GeV/fm^3],p[GeV/fm^3],s[1/fm^3],T[GeV],dp/de[1]")
        return np.array([line.split(",") for line in lines[3:]], dtype=float).T, lines[:2]


class TableTest(EosTest):
    def test_rows(self):
        (e, p, s, t, cs2), comments = self.table(*HADRONS, ranks=(1, 3))
        self.assertEqual(comments[0], "# equation of state hotqcd_hrg")
        self.assertLess(max(abs(t[[0, -1]] - [0.01, 1])), 1e-12)
        ratio = np.diff(np.log(e))
        self.assertLess(np.ptp(ratio), 1e-11)
        self.assertTrue(0.05 < ratio[0] < 0.051)
        self.assertLess(max(abs(s * t / (e + p) - 1)), 1e-14)
        self.assertLess(max(abs(np.gradient(p, e, edge_order=2) / cs2 - 1)), 2e-3)
        (e, p, _, t, cs2), _ = self.table("--points", 11, "--temperature", 0.1, 0.3)
        self.assertEqual(len(e), 11)
        self.assertLess(max(abs(e / (42.25 * np.pi**2 / 30 * t**4 / 0.1973269804**3) - 1)), 1e-13)
        self.assertLess(max(abs(p / e * 3 - 1)), 1e-15)
        self.assertLess(max(abs(cs2 * 3 - 1)), 1e-15)

    def run_with(self, folder, *settings):
        """The fields of the last state of a run that cools from above 220 to 140 MeV."""
        self.assert_runs("run", "deck.toml", "--output", folder, "--set", "grid.geometry=milne", "time.start=0.6",
                         "time.end=4", "transport.zeta_over_s=0.02", "initial.temperature=0.9", "initial.amplitude=6",
                         *settings)
        with h5py.File(max((self.folder / folder).glob("*_state_*.h5"))) as file:
            return {name: data[:] for name, data in file["state"].items() if name not in ("x", "y", "z", "time")}

    def test_a_run_with_the_table_is_the_same(self):
        for kind, tolerance in (("hotqcd_hrg", 2e-6), ("hotqcd", 1e-12)):
            self.table("--set", f"eos.type={kind}")
            exact = self.run_with(kind, f"eos.type={kind}")
            again = self.run_with(f"{kind}_table", "eos.type=table", "eos.file=t.csv")
            scale = {"e": exact["energy_density"].max(), "t": exact["temperature"].max(), "u": 1}
            for name, values in exact.items():
                error = abs(again[name] - values).max() / scale.get(name[0], scale["e"])
                self.assertLess(error, tolerance, f"{kind} {name}")


class OtherCodesTest(EosTest):
    def test_music(self):
        """Read as MUSIC does it: doubles e, p, s, T; linear between 100000 rows at equal steps of e."""
        self.assert_runs("eos", "deck.toml", "--to", "music", "--temperature", 0.05, 0.6, *HADRONS)
        rows = np.fromfile(self.folder / "hrg_hotqcd_eos_binary.dat", dtype=np.float64)
        self.assertEqual(len(rows), 400000)
        e, p, s, t = rows.reshape(-1, 4).T
        self.assertLess(max(abs(t[[0, -1]] - [0.05, 0.6])), 1e-12)
        self.assertLess(max(abs(e - (e[0] + np.arange(100000) * (e[1] - e[0]))) / e[-1]), 1e-11)
        self.assertLess(max(abs(s * t / (e + p) - 1)), 1e-14)
        (exact, p_exact, _, t_exact, _), _ = self.table("--temperature", 0.15, 0.6, *HADRONS)
        self.assertLess(max(abs(np.interp(exact, e, p) / p_exact - 1)), 1e-5)
        self.assertLess(max(abs(np.interp(exact, e, t) / t_exact - 1)), 1e-5)

    def test_vhlle(self):
        """Read as vHLLE does it: a row for each pass until the end of the file has been met."""
        self.assert_runs("eos", "deck.toml", "--to", "vhlle", "--output", "v.dat", *HADRONS)
        text = (self.folder / "v.dat").read_text(encoding="utf-8")
        self.assertFalse(text[-1].isspace())
        words = text.split()
        self.assertEqual(len(words), 3 * 1001)
        e, p, t = np.array(words, dtype=float).reshape(-1, 3).T
        self.assertEqual((e[0], p[0], t[0]), (0, 0, 0))
        (exact, p_exact, _, t_exact, _), _ = self.table("--temperature", 0.02, 0.9, *HADRONS)
        self.assertLess(max(abs(np.interp(exact, e, p) / p_exact - 1)), 1e-4)
        self.assertLess(max(abs(np.interp(exact, e, t) / t_exact - 1)), 1e-4)

    def test_refuses(self):
        for case, (code, words, options) in enumerate((
                (2, ["--to", "csv", "music", "vhlle"], ("--to", "hydro")),
                (2, ["--points 5", "csv", "8"], ("--points", 5)),
                (2, ["--points"], ("--points", 1)),
                (2, ["--points 1000", "music", "100000"], ("--to", "music", "--points", 1000)),
                (2, ["--points 10000", "vhlle", "9998"], ("--to", "vhlle", "--points", 10000)),
                (2, ["--temperature", "MIN < MAX"], ("--temperature", 0.3, 0.2)),
                (2, ["--temperature", "positive"], ("--temperature", 0, 0.2)),
                (2, ["--temperature 50", "ends at"], ("--temperature", 0.1, 50, *HADRONS)),
                (3, ["no/folder"], ("--output", "no/folder/x.csv")))):
            self.assert_refused(code, words, "eos", "deck.toml", *options, ranks=self.ranks_of(case))
        self.assert_refused(2, ["INPUT.toml is missing"], "eos", ranks=(1,))
        self.assertEqual([path.name for path in self.folder.iterdir()], ["deck.toml"])

    def test_example(self):
        line, = [s for s in self.assert_runs("eos", "--help").splitlines() if s.startswith("Example: ister ")]
        self.assert_runs(*line.removeprefix("Example: ister ").split())
        self.assertTrue((self.folder / "hrg_hotqcd_eos_binary.dat").is_file())


class HadronListTest(EosTest):
    def check(self, text):
        self.write("list.csv", text)
        return ("check", "deck.toml", *HADRONS, "eos.hadrons=list.csv")

    def test_lists_that_are_refused(self):
        pion = "pi0,0.135,0,1,-1,0,0,0\n"
        for case, (words, text) in enumerate((
                (["list.csv:1", "unknown column 'spin'"], LIST.replace("degeneracy", "spin") + pion),
                (["list.csv:1", "column width_GeV is missing"], LIST.replace("width_GeV,", "") + pion),
                (["list.csv:3", "mass_GeV = 'light'"], LIST + pion + pion.replace("0.135", "light")),
                (["list.csv", "do not add up", "K+"], LIST + pion + "K+,0.494,0,1,-1,0,1,1\n"),
                (["list.csv", "no hadrons"], LIST),
                (["eos.hadrons", "resonances"], LIST + pion))):
            self.assert_refused(2, words, *self.check(text), ranks=self.ranks_of(case))
        self.assert_refused(3, ["none.csv"], "check", "deck.toml", *HADRONS, "eos.hadrons=none.csv")
        self.assert_refused(2, ["eos.hadron_gas_below", "0.1 to 0.18"], "check", "deck.toml", *HADRONS,
                            "eos.hadron_gas_below=0.2", ranks=(1,))

    def test_a_restart_with_another_list_is_refused(self):
        run = ("run", *self.check(SHIPPED.read_text(encoding="utf-8"))[1:])
        self.assert_runs(*run)
        self.check(SHIPPED.read_text(encoding="utf-8").replace("pi0,0.1349768", "pi0,0.1349769"))
        self.assert_refused(2, ["eos.hadrons", "content"], *run, "--restart", "--set", "time.end=1.3", ranks=(1,))

    def test_the_shipped_list_is_the_one_built_in(self):
        exact = self.table(*HADRONS)
        again = self.table(*HADRONS, f"eos.hadrons={SHIPPED}")
        np.testing.assert_array_equal(exact[0], again[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
