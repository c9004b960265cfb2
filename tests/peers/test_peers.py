#!/usr/bin/python3
"""The surface of a Pb+Pb collision in the hands of codes that sample particles: volume, energy and yields as they have
them, beside those of `ister run` and `ister analyze particles`. Prints what it finds, as rows of a table.

Environment as in tests/cli/command.py, and where these codes are; each test without its own is skipped (exit code 77):
PEER_ISS: the folder with iSS.e, iSS_tables and iSS_parameters.dat; PEER_FRZOUT: the folder in which Python finds
frzout; PEER_FIST: the executable FISTSampler; PEER_IS3D: the folder with iS3D and what it reads. See README.md.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))
import command  # noqa: E402
from test_surface import volume_and_energy  # noqa: E402

HBAR_C = 0.1973269804
NAMES = {"pi+": 211, "K+": 321, "p": 2212}
HERE = {"pi+": (0.13957039, -1, 1), "K+": (0.493677, -1, 1), "p": (0.9382721, 1, 2)}  # GeV; Bose: -1; spin states
EVENTS = 40


def density(particle, temperature):
    """In equilibrium, 1/fm^3."""
    mass, sign, states = particle
    p = np.linspace(0, 40 * temperature, 20001)
    boltzmann = np.exp(-np.sqrt(mass**2 + p**2) / temperature)
    return states * (p**2 * boltzmann / (1 + sign * boltzmann)).sum() * p[1] / (2 * np.pi**2) / HBAR_C**3


def energy_at_rest_in_eta(t, z, energy, pz):
    """Of hadrons, each boosted along z to where t = tau: from a slice of eta as from that at eta = 0."""
    tau = np.sqrt(t**2 - z**2)
    return (t * energy - z * pz) / tau


class PeerTest(command.CommandTest):
    """The run, once for each code, and what Ister says of its surface."""

    VARIABLE = ""
    DECK = "pbpb_particles.toml"

    @classmethod
    def setUpClass(cls):
        if cls.VARIABLE and not os.environ.get(cls.VARIABLE):
            print(f"skipped: {cls.VARIABLE} says of no such code where it is")
            sys.exit(77)

    def setUp(self):
        super().setUp()
        self.peer = Path(os.environ[self.VARIABLE]).resolve()
        if self.DECK:
            self.freeze_out(self.DECK)

    def freeze_out(self, deck, *settings):
        self.assert_runs("run", ROOT / "inputs" / deck, "--output", "out", *settings)
        self.source = next((self.folder / "out").glob("*_surface.h5"))
        with h5py.File(self.source) as file:
            level = dict(file["surface"].attrs)
            volume, energy = volume_and_energy({name: values[()] for name, values in file["surface"].items()})
        self.temperature, self.density = (HBAR_C * level["level_" + name] for name in ("temperature", "energy_density"))
        self.assert_runs("analyze", "particles", self.source, "-o", "particles.h5")
        self.expected = {"volume": volume, "energy": energy}
        with h5py.File(self.folder / "particles.h5") as file:
            self.expected |= {name: float(file[name]["dN_dy"][()]) for name in NAMES}

    def convert(self, form, name, *arguments):
        self.assert_runs("analyze", "surface", self.source, "--to", form, "-o", name, *arguments)

    def call(self, *words, **options):
        done = subprocess.run([*map(str, words)], cwd=self.folder, capture_output=True, text=True, check=False, **options)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
        return done.stdout

    def compare(self, found, tolerances):
        """Prints a row and holds it to what each may miss."""
        ratios = {name: value / self.expected[name] - 1 for name, value in found.items()}
        print(f"| {type(self).__name__} | " + " | ".join(
            f"{name} {found[name]:.6g} ({ratio:+.1e})" for name, ratio in ratios.items()) + " |", flush=True)
        for name, ratio in ratios.items():
            self.assertLess(abs(ratio), tolerances[name], name)


class ISS(PeerTest):
    """It has single precision and the hadrons of UrQMD: masses to a MeV, from the energy density a temperature of their
    own, Boltzmann's distribution for baryons. Its mean yields are turned into those of the masses and T here."""

    VARIABLE = "PEER_ISS"
    THERE = {"pi+": (0.138, -1, 1), "K+": (0.494, -1, 1), "p": (0.938, 0, 2)}

    def test_yields_and_energy(self):
        self.convert("iss", "surface.dat")
        (self.folder / "iSS_tables").symlink_to(self.peer / "iSS_tables")
        out = self.call(self.peer / "iSS.e", self.peer / "iSS_parameters.dat", ".", "surface.dat", "hydro_mode=1",
                        "MC_sampling=4", "include_deltaf_shear=1", "perform_decays=0", "randomSeed=1", "y_LB=-0.5",
                        "y_RB=0.5", f"number_of_repeated_sampling={EVENTS}", "use_binary_format=1",
                        "store_samples_in_memory=1")
        yields = {int(index): float(value) for index, value in
                  re.findall(r"Monte-carlo index: (-?\d+)[\s\S]*?dN_dy=([-+.e\d]+)", out)}
        table = np.loadtxt(self.peer / "iSS_tables/EOS_tables/HRGEOS_PST-urqmd_v3.3+.dat")
        temperature = np.interp(self.density, table[:, 0], table[:, 3])
        print(f"iSS: T = {temperature:.5f} GeV, dN/dy " + ", ".join(f"{n} {yields[pid]:.6g}" for n, pid in NAMES.items()))
        at_home = {name: yields[pid] * density(HERE[name], self.temperature) / density(self.THERE[name], temperature)
                   for name, pid in NAMES.items()}
        self.compare({"volume": yields[NAMES["K+"]] / density(self.THERE["K+"], temperature),
                      "energy": self.sampled_energy(), **at_home},
                     {"volume": 3e-3, "energy": 0.02, "pi+": 3e-3, "K+": 3e-3, "p": 3e-3})

    def sampled_energy(self):
        data = np.fromfile(self.folder / "particle_samples.bin", dtype=np.int32)
        place, energies = 0, []
        for _ in range(EVENTS):
            count = data[place]
            event = data[place + 1:place + 1 + 10 * count].reshape(count, 10)
            t, _, _, z, energy, _, _, pz = event[:, 2:].copy().view(np.float32).astype(float).T
            energies.append(energy_at_rest_in_eta(t, z, energy, pz).sum())
            place += 1 + 10 * count
        return np.mean(energies)


class Frzout(PeerTest):
    """It is told the temperature. Of each element it samples what leaves the fluid and nothing of what enters it, which
    counts as less in dN/dy: that makes up to 2 % more pions."""

    VARIABLE = "PEER_FRZOUT"

    SCRIPT = """
import json, sys
import numpy as np
import frzout
data = np.fromfile("surface.dat").reshape(-1, 16)
x, sigma, v, _ = np.hsplit(data, [3, 6, 8])
pi = dict(xx=data[:, 11], xy=data[:, 12], yy=data[:, 13])
surface = frzout.Surface(x, sigma, v, pi=pi, Pi=data[:, 15], ymax=0.5)
temperature, energy_density, events = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
def sample(gas):
    return np.concatenate([frzout.sample(surface, gas) for _ in range(events)])
few = sample(frzout.HRG(temperature, species=[211, 321, 2212], res_width=False))
low, high = 0.14, 0.16
for _ in range(20):
    middle = 0.5 * (low + high)
    low, high = (middle, high) if frzout.HRG(middle).energy_density() < energy_density else (low, middle)
all = sample(frzout.HRG(low))
t, z, energy, pz = all["x"][:, 0], all["x"][:, 3], all["p"][:, 0], all["p"][:, 3]
json.dump({"volume": surface.volume, "temperature": low,
           "energy": float(((t * energy - z * pz) / np.sqrt(t**2 - z**2)).sum() / events),
           **{name: int((few["ID"] == pid).sum()) / events for name, pid in
              (("pi+", 211), ("K+", 321), ("p", 2212))}}, sys.stdout)
"""

    def test_volume_yields_and_energy(self):
        self.convert("frzout", "surface.dat")
        events = 10 * EVENTS
        found = json.loads(self.call("/usr/bin/python3", "-c", self.SCRIPT, self.temperature, self.density, events,
                                     env={**command.ENVIRONMENT, "PYTHONPATH": str(self.peer)}))
        print(f"frzout: its gas has this energy density at {found.pop('temperature'):.5f} GeV")
        chance = {name: 0.02 + 3 / np.sqrt(events * self.expected[name]) for name in NAMES}
        self.compare(found, {"volume": 1e-12, "energy": 0.02, **chance})


class Fist(PeerTest):
    """It wants slices of eta, has Boltzmann's distribution for all, and lets resonances decay: volume and energy remain,
    the latter where it has T from the energy density (of the lattice here: at that of `pbpb_particles.toml` it fails)
    and lets no hadron of UrQMD decay, because it writes neither photons nor leptons."""

    VARIABLE = "PEER_FIST"
    DECK = "pbpb.toml"

    def test_volume_and_energy(self):
        low, high, slices, events = -0.5, 0.5, 4, EVENTS
        self.convert("fist", "surface.dat", "--eta-slices", low, high, slices)
        (self.folder / "input").write_text((self.folder / "fist_input").read_text() +
                                           f"nevents {events}\nBcanonical 0\ndecays 10\noutput_file events.dat\n")
        out = self.call(self.peer, "input")
        print("FIST: T =", re.search(r"<T>\s*=\s*(\S+)", out)[1])
        energy = sum(float(line.split()[1]) for line in (self.folder / "events.dat").read_text().splitlines()
                     if re.match(r"\s*-?\d+\s", line)) / events
        width = (high - low) / slices
        along_eta = width * np.cosh(low + width * (np.arange(slices) + 0.5)).sum()
        self.compare({"volume": float(re.search(r"\bV\s*=\s*(\S+)", out)[1]) / (high - low),
                      "energy": energy / along_eta}, {"volume": 1e-5, "energy": 0.02})


class IS3D(PeerTest):
    """Spectra as smooth integrals, of its masses and with the shear of 14 moments, on points that are chosen here;
    energy from its sampler, which like frzout's takes nothing of what enters the fluid."""

    VARIABLE = "PEER_IS3D"
    DECK = None
    THERE = {"pi+": (0.138, -1, 1), "K+": (0.494, -1, 1), "p": (0.938, 1, 2)}
    KEYS = {"mode": 6, "set_FO_temperature": 0, "df_mode": 1, "include_bulk_deltaf": 0, "outflow": 0,
            "regulate_deltaf": 0, "test_sampler": 0, "oversample": 1, "min_num_hadrons": 1e12, "y_cut": 0.5,
            "sampler_seed": 1}

    def setUp(self):
        super().setUp()
        for name in ("PDG", "deltaf_coefficients", "tables"):
            shutil.copytree(self.peer / name, self.folder / name)
        for name in ("input", "results/vn_continuous"):
            (self.folder / name).mkdir(parents=True)

    def test_spectra_and_energy(self):
        self.freeze_out("pbpb_particles.toml")
        self.convert("is3d", "input/surface.dat")
        found = self.smooth_spectra()
        self.compare({"volume": found["K+"] / density(self.THERE["K+"], self.temperature),
                      "energy": self.sampled_energy(10 * EVENTS), **found},
                     {"volume": 3e-5, "energy": 0.02, **dict.fromkeys(found, 3e-5)})

    def test_spectra_of_a_flow_along_eta(self):
        self.freeze_out("hot_spot_3d.toml", "--set", "grid.points=[24, 24, 24]", "initial.width=[1.5, 1.2, 1.0]",
                        "transport.zeta_over_s=0.0", "surface.temperature=0.155")
        self.convert("is3d", "input/surface.dat")
        found = self.smooth_spectra(0.8, mode=1, dimension=3)
        self.compare(found, dict.fromkeys(found, 3e-5))

    def start_it(self, hadrons, **keys):
        self.write("PDG/chosen_particles.dat", hadrons)
        self.write("iS3D_parameters.dat", (self.peer / "iS3D_parameters.dat").read_text(encoding="utf-8") + "".join(
            f"\n{key} = {value}" for key, value in {**self.KEYS, **keys}.items()))
        self.call(self.peer / "iS3D", env=command.ENVIRONMENT)

    def sampled_energy(self, events):
        self.start_it((self.peer / "PDG/chosen_particles_smash.dat").read_text(), operation=2, max_num_samples=events)
        _, t, _, _, z, energy, _, _, pz = np.loadtxt(self.folder / "results/particle_list_osc.dat").T
        return energy_at_rest_in_eta(t, z, energy, pz).sum() / events

    def smooth_spectra(self, rapidity=0.0, **keys):
        """dN/dy, mean pT and v2 as it has them; what is expected is Ister's for its masses."""
        self.write("species.csv", "name,mass_GeV,width_GeV,degeneracy,statistics,B,S,Q\n" + "".join(
            f"{name},{mass},0,{states},{sign},{max(sign, 0)},0,0\n"
            for name, (mass, sign, states) in self.THERE.items()))
        self.assert_runs("analyze", "particles", self.source, "--species", "species.csv", "-o", "there.h5",
                         *(["--rapidity", rapidity] if rapidity else []))
        x, weights = np.polynomial.legendre.leggauss(20)
        root = np.sqrt(6) * (1 + x) / 2  # up to 6 GeV, as `ister analyze particles`
        pt, weights = root**2, np.sqrt(6) * root**3 * weights
        phi, eta = np.linspace(0, 2 * np.pi, 24, endpoint=False), np.linspace(-4, 4, 33)
        for name, points, weight in (("pT_gauss_legendre_table", pt, weights),
                                     ("y_trapezoid_table_21pt", [rapidity], [1]),
                                     ("phi_gauss_legendre_table", phi, np.full_like(phi, phi[1])),
                                     ("eta/eta_trapezoid_table_241pt", eta, np.full_like(eta, eta[1] - eta[0]))):
            np.savetxt(self.folder / f"tables/{name}.dat", np.transpose([points, weight]))
        self.start_it("".join(f"{pid}\n" for pid in NAMES.values()), operation=1, **keys)
        found = {}
        with h5py.File(self.folder / "there.h5") as file:
            for name, pid in NAMES.items():
                self.expected |= {name: file[name]["dN_dy"][()], name + " <pT>": file[name]["mean_pt"][()],
                                  name + " v2": file[name]["vn"][1]}
                spectrum = np.loadtxt(self.folder / f"results/dN_pTdpTdphidy_{pid}.dat", skiprows=1)[:, 3]
                spectrum = spectrum.reshape(len(phi), len(pt)) * weights * phi[1]
                found |= {name: spectrum.sum(), name + " <pT>": (spectrum @ pt).sum() / spectrum.sum(),
                          name + " v2": abs(np.exp(2j * phi) @ spectrum.sum(axis=1)) / spectrum.sum()}
        return found


if __name__ == "__main__":
    unittest.main()
