#!/usr/bin/python3
"""Hadrons after their decays, of one surface: events that iSS samples and lets decay, beside `ister analyze particles
--decays feed-down` with the hadrons and decays of iSS. Prints what it finds, as rows of a table.

Environment as in test_peers.py: PEER_ISS.
"""

import unittest

import h5py
import numpy as np
from test_peers import PeerTest  # first: it knows where the modules of tests/cli are
from surface_file import read_surface, write_surface

EVENTS = 1000
NAMES = {"pi": 211, "K": 321, "p": 2212}  # with their antiparticles
SAMPLED, COUNTED = 4, 1  # |y|: what decays beyond the one has no daughters within the other
HADRONS = "pdg-urqmd_v3.3+.dat"


class Hadron:
    """Of the list of iSS, with its decays as pairs of branching ratio and daughters. Those that iSS does not do, into
    four and below threshold (a negative number of daughters), are left out in favour of the others."""

    def __init__(self, word):
        self.pid, self.name, self.mass, self.width = int(word()), word(), float(word()), word()
        self.numbers = [int(word()) for _ in range(7)]
        self.degeneracy, self.B, self.S, _, _, _, self.Q = self.numbers
        decays = [[word() for _ in range(8)] for _ in range(int(word()))]
        decays = [(float(ratio), [int(pid) for pid in daughters if pid != "0"])
                  for _, count, ratio, *daughters in decays if count in ("2", "3")]
        self.decays = [(ratio / sum(ratio for ratio, _ in decays), daughters) for ratio, daughters in decays]

    def for_iss(self):
        decays = self.decays or [(1, [self.pid])]
        yield [self.pid, self.name, self.mass, self.width, *self.numbers, len(decays)]
        for ratio, daughters in decays:
            yield [self.pid, len(daughters), ratio, *daughters, *[0] * (5 - len(daughters))]

    def for_ister(self, sign, boltzmann_from):
        statistics = 0 if self.mass >= boltzmann_from else 1 if self.B else -1
        return [sign * self.pid, self.mass, self.width, self.degeneracy, statistics, sign * self.B, sign * self.S,
                sign * self.Q]


def hadrons_of(path):
    words = path.read_text().split()[::-1]
    hadrons = []
    while words:
        hadrons.append(Hadron(words.pop))
    return hadrons


class ISSDecays(PeerTest):
    """The fluid is a gas of its hadrons, so T is its own as well. Both decay at pole masses, without angular
    correlations, three daughters over all phase space. Above 0.7 GeV it counts hadrons as Boltzmann does. In place of
    momenta that enter the fluid it samples others, and it bounds delta f: compared is the part of the surface where
    none enters, without delta f."""

    VARIABLE = "PEER_ISS"
    DECK = None

    def setUp(self):
        super().setUp()
        tables = self.folder / "iSS_tables"
        tables.mkdir()
        for path in (self.peer / "iSS_tables").iterdir():
            (tables / path.name).symlink_to(path)
        (tables / HADRONS).unlink()
        self.hadrons = hadrons_of(self.peer / "iSS_tables" / HADRONS)
        self.write(f"iSS_tables/{HADRONS}", "".join(
            " ".join(map(str, line)) + "\n" for one in self.hadrons for line in one.for_iss()))
        self.write_tables()

    def write_tables(self):
        """For Ister: with quantum statistics for the fluid, and as iSS has them for particles."""
        both = [(hadron, sign) for hadron in self.hadrons[1:] for sign in ((1, -1) if hadron.B else (1,))]
        neutral = {hadron.pid for hadron in self.hadrons if not (hadron.B or hadron.S or hadron.Q)}
        gas = {name: [hadron.for_ister(sign, boltzmann_from) for hadron, sign in both]
               for name, boltzmann_from in (("fluid", np.inf), ("all", 0.7))}
        gas["wanted"] = [row for row in gas["all"] if abs(row[0]) in NAMES.values()]
        for name, rows in gas.items():
            self.write_rows(name, "name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q", rows)
        self.write_rows("decays", "parent,branching_ratio,daughter_1,daughter_2,daughter_3", [
            [sign * hadron.pid, ratio, *["gamma" if pid == 22 else pid if pid in neutral else sign * pid
                                         for pid in daughters], *[""] * (3 - len(daughters))]
            for hadron, sign in both for ratio, daughters in hadron.decays])

    def write_rows(self, name, header, rows):
        self.write(f"{name}.csv", header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))

    def test_yields_and_mean_pt(self):
        self.freeze_out("pbpb_particles.toml", "--set", f"eos.hadrons={self.folder / 'fluid.csv'}")
        table = np.loadtxt(self.peer / "iSS_tables/EOS_tables/HRGEOS_PST-urqmd_v3.3+.dat")
        print(f"T = {self.temperature:.6f} GeV, for iSS {np.interp(self.density, table[:, 0], table[:, 3]):.6f}")
        self.keep_what_none_enters()
        self.convert("iss", "surface.dat")
        for decays, arguments in (("none", []), ("feed-down", ["--medium", "all.csv", "--decay-table", "decays.csv"])):
            self.assert_runs("analyze", "particles", self.source, "--species", "wanted.csv", "-o", "here.h5", "--shear",
                             "none", "--decays", decays, *arguments)
            self.compare_events(decays, self.sampled(decays != "none"))

    def keep_what_none_enters(self):
        """Elements whose normal is timelike: p.dsigma > 0 for all momenta."""
        columns, *attributes = read_surface(self.source)
        kept = columns["dS_tau"] > np.hypot(columns["dS_x"], columns["dS_y"])
        self.source = self.folder / "spacelike.h5"
        write_surface(self.source, {name: values[kept] for name, values in columns.items()}, *attributes)

    def sampled(self, decays):
        """Per event and kind: how many are in a unit of rapidity, and the sum of their pT."""
        self.call(self.peer / "iSS.e", self.peer / "iSS_parameters.dat", ".", "surface.dat", "hydro_mode=1",
                  "MC_sampling=4", "include_deltaf_shear=0", f"perform_decays={int(decays)}", "randomSeed=1",
                  f"y_LB=-{SAMPLED}", f"y_RB={SAMPLED}", f"number_of_repeated_sampling={EVENTS}", "use_binary_format=1",
                  "store_samples_in_memory=1")
        data = np.fromfile(self.folder / "particle_samples.bin", dtype=np.int32)
        events, place = [], 0
        for _ in range(EVENTS):
            count = data[place]
            hadrons = data[place + 1:place + 1 + 10 * count].reshape(count, 10)
            place += 1 + 10 * count
            energy, px, py, pz = hadrons[:, 6:].copy().view(np.float32).astype(float).T
            pt = np.where(np.abs(pz) < np.tanh(COUNTED) * energy, np.hypot(px, py), 0) / (2 * COUNTED)
            kinds = [np.abs(hadrons[:, 0]) == pid for pid in NAMES.values()]
            events.append([[(pt[kind] > 0).sum() / (2 * COUNTED), pt[kind].sum()] for kind in kinds])
        return np.array(events)

    def compare_events(self, decays, events):
        """Prints a row. Chance is that of whole events: daughters of one parent come together."""
        row, worst = [], 0
        with h5py.File(self.folder / "here.h5") as file:
            for (name, pid), (number, momentum) in zip(NAMES.items(), events.transpose(1, 2, 0)):
                here = [(file[f"{sign * pid}/dN_dy"][()], file[f"{sign * pid}/mean_pt"][()]) for sign in (1, -1)]
                expected = sum(count for count, _ in here)
                mean, there = sum(count * pt for count, pt in here) / expected, momentum.sum() / number.sum()
                for what, ours, theirs, spread in (
                        ("dN/dy", expected, number.mean(), number.std()),
                        ("<pT>", mean, there, (momentum - there * number).std() / number.mean())):
                    deviation = (theirs - ours) / (spread / np.sqrt(EVENTS))
                    worst = max(worst, abs(deviation))
                    row.append(f"{name} {what} {ours:.5g} ({theirs / ours - 1:+.1e}, {deviation:+.1f} sigma)")
        print(f"| {decays} | " + " | ".join(row) + " |", flush=True)
        self.assertLess(worst, 4)


if __name__ == "__main__":
    unittest.main()
