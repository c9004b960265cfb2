#!/usr/bin/python3
"""Initial states in the formats of other codes: what arrives, in numbers, and what is refused.

Environment as in command.py.
"""

import unittest

import h5py
import numpy as np
from command import CommandTest

HBARC = 0.1973269804
TAU = 0.7
NX, NY, STEP = 30, 26, 0.3
DECK = """
[run]
name = "s"
output = "out"
[grid]
geometry = "milne"
points = [{points}]
lower = [{lower}]
upper = [{upper}]
[time]
start = 0.7
end = 0.701
step = 0.001
[eos]
type = "constant_cs2"
cs2 = 0.25
[transport]
eta_over_s = 0.2
zeta_over_s = 0.05
[numerics]
preset = "none"
[initial]
type = "{kind}"
file = "{file}"
floor = 0.0
{more}
"""


def energy(x, y, eta=0.0):
    """[GeV/fm^3], no two directions alike"""
    return 4.0 * np.exp(-((x - 0.4)**2 / 9 + (y + 0.3)**2 / 5 - 0.04 * x * y)) * (1 + 0.1 * eta - 0.05 * eta**2) + 0.02


def flow(x, y):
    """u^x, u^y, tau u^eta"""
    return 0.4 * np.sin(0.5 * x), -0.2 * np.sin(0.6 * y + 0.2), 0.1 * np.cos(0.3 * x)


def stress(x, y):
    """pi^xx, pi^xy, tau pi^x eta, pi^yy, tau pi^y eta [1/fm^4]"""
    e = energy(x, y)
    return 0.5 * e, 0.1 * e * np.cos(0.3 * x), 0.05 * e, -0.3 * e, 0.02 * e * np.sin(0.4 * y)


def traceless_zz(u, pi):
    """(tau^2) pi^{zz}, from pi^{00} = v.pi.v = trace"""
    vx, vy, vz = np.array(u) / np.sqrt(1 + u[0]**2 + u[1]**2 + u[2]**2)
    xx, xy, xz, yy, yz = pi
    known = vx**2 * xx + vy**2 * yy + 2 * (vx * vy * xy + vx * vz * xz + vy * vz * yz)
    return (known - xx - yy) / (1 - vz**2)


class FormatTest(CommandTest):
    """A map of NX x NY points whose corner is given, on the points of the file and between them."""

    shear = bulk = True
    eta_flow = True

    def setUp(self):
        super().setUp()
        self.at(-0.5 * (NX - 1) * STEP, -0.5 * (NY - 1) * STEP)

    def at(self, left, low):
        self.left, self.low = left, low
        self.x, self.y = left + STEP * np.arange(NX), low + STEP * np.arange(NY)
        self.X, self.Y = np.meshgrid(self.x, self.y, indexing="ij")

    def expected_bulk(self, x, y):
        return (1 / 3 - 0.25) * energy(x, y) / HBARC

    def expected(self, x, y):
        u = list(flow(x, y))
        pi = [component if self.shear else 0 * x for component in stress(x, y)]
        if not self.eta_flow:
            u[2], pi[2], pi[4] = 0 * x, 0 * x, 0 * x
        names = ("pixx", "pixy", "pixz", "piyy", "piyz")
        return {"energy_density": energy(x, y) / HBARC, "ux": u[0], "uy": u[1], "uz": u[2], **dict(zip(names, pi)),
                "pizz": traceless_zz(u, pi), "bulk_pressure": self.expected_bulk(x, y) if self.bulk else 0 * x}

    def deck_for(self, kind, file, more="", points=(NX, NY), lower=None, upper=None, name="deck.toml"):
        lower = lower or (self.left, self.low)
        upper = upper or (self.left + NX * STEP, self.low + NY * STEP)
        numbers = {key: ", ".join(repr(v) for v in value) for key, value in
                   (("points", points), ("lower", lower), ("upper", upper))}
        return self.write(name, DECK.format(kind=kind, file=file, more=more, **numbers))

    def first_state(self, deck, *more, ranks=1):
        out = self.assert_runs("run", deck, "--overwrite", *more, ranks=(ranks,))
        with h5py.File(self.folder / "out" / "s_state_00000000.h5", "r") as file:
            return {name: data[()] for name, data in file["state"].items()}, out

    def assert_arrives(self, kind, file, more=""):
        """At the points of the file to rounding, between them to 1e-4."""
        for shift, bound in ((0.0, 1e-12), (0.59 * STEP, 1e-4)):
            points = (NX + 1, NY + 1)
            lower = (self.left - shift, self.low - shift)
            upper = (lower[0] + points[0] * STEP, lower[1] + points[1] * STEP)
            state, out = self.first_state(self.deck_for(kind, file, more, points, lower, upper),
                                          ranks=2 if shift else 1)
            x, y = np.meshgrid(*(low + STEP * np.arange(n) for low, n in zip(lower, points)))
            inside = (x > self.x[0] - 1e-9) & (x < self.x[-1] + 1e-9) & (y > self.y[0] - 1e-9) & (y < self.y[-1] + 1e-9)
            for name, values in self.expected(x, y).items():
                scale = 1 if name[0] == "u" else np.max(energy(x, y) / HBARC)
                error = np.max(np.abs(state[name] - values)[inside]) / scale
                self.assertLess(error, bound, f"{kind}: {name}, shift {shift}")
        return out

    # The same state as each code would write it. Contravariant components with eta: each takes away a factor tau.
    def columns(self):
        u, pi = flow(self.X, self.Y), stress(self.X, self.Y)
        zz = traceless_zz(u, pi)
        return {"e": energy(self.X, self.Y), "ut": np.sqrt(1 + u[0]**2 + u[1]**2 + u[2]**2), "ux": u[0], "uy": u[1],
                "ueta": u[2] / TAU, "pixx": pi[0], "pixy": pi[1], "pixeta": pi[2] / TAU, "piyy": pi[3],
                "piyeta": pi[4] / TAU, "pietaeta": zz / TAU**2}

    def write_music(self, name="ipglasma.dat", keep=None):
        c = self.columns()
        zero = 0 * self.X
        rows = np.stack([zero, self.X, self.Y, c["e"], c["ut"], c["ux"], c["uy"], c["ueta"], zero, zero, zero, zero,
                         c["pixx"], c["pixy"], c["pixeta"], c["piyy"], c["piyeta"], c["pietaeta"]], -1).reshape(-1, 18)
        header = f"# dummy 1 etamax= 1 xmax= {NX} ymax= {NY} deta= 0 dx= {STEP} dy= {STEP} tau= {TAU}\n"
        text = "\n".join(" ".join(f"{v:.16e}" for v in row) for row in rows[:keep])
        return self.write(name, header + text + "\n")


class MusicTableTest(FormatTest):
    def setUp(self):
        super().setUp()
        self.at(-0.5 * NX * STEP, -0.5 * NY * STEP)

    def test_ip_glasma(self):
        self.assert_arrives("ip_glasma", self.write_music())

    def test_scale_multiplies_energy_and_stresses(self):
        state, _ = self.first_state(self.deck_for("ip_glasma", self.write_music(), "scale = 0.5"))
        x, y = np.meshgrid(self.x, self.y)
        for name, values in self.expected(x, y).items():
            factor = 1.0 if name[0] == "u" else 0.5
            self.assertLess(np.max(np.abs(state[name] - factor * values)), 1e-11, name)

    def test_stress_zero(self):
        state, _ = self.first_state(self.deck_for("ip_glasma", self.write_music(), 'stress = "zero"'))
        self.assertEqual(max(np.max(np.abs(state[name])) for name in state if name.startswith(("pi", "bulk"))), 0)
        self.assertGreater(np.max(state["ux"]), 0.3)

    def test_what_is_wrong_with_a_file(self):
        deck = self.deck_for("ip_glasma", self.write_music("cut.dat", (NX - 3) * NY))
        self.assert_refused(3, ["cut.dat", "xmax=", "not complete"], "check", deck, ranks=(1, 2))
        deck = self.deck_for("ip_glasma", self.write_music("cut.dat", NX * NY - 3))
        self.assert_refused(3, ["cut.dat", "missing"], "check", deck, ranks=(1,))
        deck = self.deck_for("ip_glasma", self.write_music())
        self.assert_refused(2, ["ipglasma.dat", "tau = 0.7", "time.start = 0.9"], "check", deck, "--set",
                            "time.start=0.9", "time.end=1", ranks=(1,))
        self.assert_refused(3, ["rows of 18", "ip_glasma"], "check", self.deck_for("ccake", self.write_music()),
                            ranks=(1,))
        self.assert_refused(2, ["initial.type = \"ip_glasma\" reads it"], "check",
                            self.deck_for("trento", self.write_music(), "scale = 1.0\ngrid_spacing = 0.3"), ranks=(1,))
        self.assert_refused(2, ["cuts"], "check", self.deck_for("ip_glasma", self.write_music(), upper=(1.0, 2.0)),
                            ranks=(1,))


class TensorTableTest(FormatTest):
    def setUp(self):
        super().setUp()
        self.at(-0.5 * NX * STEP, -0.5 * NY * STEP)

    def tensor(self):
        """T^{mu nu} of the state [GeV/fm^3], orthonormal frame, with p + Pi = e/3."""
        u, pi = flow(self.X, self.Y), stress(self.X, self.Y)
        zz = traceless_zz(u, pi)
        xx, xy, xz, yy, yz = pi
        e = energy(self.X, self.Y) / HBARC
        g = np.sqrt(1 + u[0]**2 + u[1]**2 + u[2]**2)
        full = np.zeros((4, 4, NX, NY))
        full[1:, 1:] = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
        four = np.array([g, *u])
        full[0, 1:] = full[1:, 0] = np.einsum("i...,ij...->j...", four[1:], full[1:, 1:]) / g
        full[0, 0] = xx + yy + zz
        metric = np.diag([-1.0, 1, 1, 1])[:, :, None, None]
        return HBARC * (full + e * np.einsum("m...,n...->mn...", four, four) * 4 / 3 + e / 3 * metric)

    def write_tensor(self, header=True, keep=None):
        t = self.tensor()
        i, j = np.meshgrid(np.arange(NX), np.arange(NY), indexing="ij")
        rows = np.stack([i, j, t[0, 0], t[1, 1], t[2, 2], t[3, 3], -t[0, 1], -t[0, 2], -t[0, 3], -t[1, 2], -t[2, 3],
                         -t[1, 3]], -1)
        blocks = ["\n".join(" ".join(f"{v:.16e}" for v in row) for row in rows[:, y]) for y in range(NY)]
        head = f"# dummy 1 etamax= 1 xmax= {NX} ymax= {NY} deta= 0 dx= {STEP} dy= {STEP}\n" if header else ""
        return self.write("tmunu.dat", head + "\n\n".join(blocks[:keep]) + "\n")

    def test_kompost(self):
        self.assert_arrives("kompost", self.write_tensor())
        self.assert_arrives("kompost", self.write_tensor(header=False), f"grid_spacing = {STEP}")

    def test_what_is_wrong_with_a_file(self):
        self.assert_refused(3, ["tmunu.dat", "ymax=", "not complete"], "check",
                            self.deck_for("kompost", self.write_tensor(keep=NY - 2)), ranks=(1, 2))
        self.assert_refused(2, ["grid_spacing is required"], "check",
                            self.deck_for("kompost", self.write_tensor(header=False)), ranks=(1,))

    def test_points_without_a_rest_frame_go_to_the_floor(self):
        name = self.write_tensor()
        lines = (self.folder / name).read_text().split("\n")
        words = lines[40].split()
        lines[40] = " ".join(words[:2] + ["1.0", "0.4", "0.3", "0.3", "-2.0"] + ["0.0"] * 5)
        self.write(name, "\n".join(lines))
        deck = self.write("deck.toml", (self.folder / self.deck_for("kompost", name)).read_text()
                          .replace("floor = 0.0", "floor = 1e-4"))
        self.assertIn("1 of 780 points", self.first_state(deck)[1])


class FreeStreamingTest(CommandTest):
    """Massless matter that does not collide, from 0 to tau."""

    DECK = DECK.replace("floor = 0.0", "floor = 1e-9").replace(
        'type = "constant_cs2"\ncs2 = 0.25', 'type = "conformal"').replace("zeta_over_s = 0.05\n", "")

    def test_a_gaussian_against_the_integral_over_angles(self):
        n, step = 65, 0.25
        x = (np.arange(n) - (n - 1) / 2) * step

        def profile(x, y):
            return 3.0 * np.exp(-x**2 / 2.2 - (y - 0.5)**2 / 3.0)

        X, Y = np.meshgrid(x, x)
        np.savetxt(self.folder / "event.dat", profile(X, Y), fmt="%.17e")
        self.write("deck.toml", self.DECK.format(
            kind="trento", file="event.dat", points=f"{n}, {n}", lower=f"{x[0]}, {x[0]}",
            upper=f"{x[0] + n * step}, {x[0] + n * step}",
            more="scale = 1.0\ngrid_spacing = 0.25\nfree_streaming = true"))
        self.assert_runs("run", "deck.toml")
        with h5py.File(self.folder / "out" / "s_state_00000000.h5", "r") as file:
            state = {name: data[()] for name, data in file["state"].items()}
        tensor = np.zeros((3, 3, n, n))
        angles = 2 * np.pi * np.arange(400) / 400
        for phi in angles:
            v = np.array([1.0, np.cos(phi), np.sin(phi)])
            tensor += np.multiply.outer(np.outer(v, v), profile(X - TAU * v[1], Y - TAU * v[2])) / 400 / TAU / HBARC
        u = np.array([np.sqrt(1 + state["ux"]**2 + state["uy"]**2), state["ux"], state["uy"]])
        middle = profile(X, Y) > 1e-3
        for mu in range(3):  # T^mu_nu u^nu = -e u^mu
            flux = -tensor[mu, 0] * u[0] + tensor[mu, 1] * u[1] + tensor[mu, 2] * u[2]
            error = np.abs(flux + state["energy_density"] * u[mu])[middle]
            self.assertLess(np.max(error) / np.max(tensor[0, 0]), 1e-10)
        stress = tensor[1, 1] - 4 / 3 * state["energy_density"] * u[1]**2 - state["energy_density"] / 3
        self.assertLess(np.max(np.abs(stress - state["pixx"])[middle]) / np.max(tensor[0, 0]), 1e-10)
        self.assertGreater(np.max(state["ux"]), 0.1)

    def test_what_it_needs(self):
        np.savetxt(self.folder / "event.dat", np.ones((9, 9)))
        deck = self.DECK.format(kind="trento", file="event.dat", points="9, 9", lower="-2, -2", upper="2, 2",
                                more="scale = 1.0\ngrid_spacing = 0.2\nfree_streaming = true")
        self.write("deck.toml", deck)
        self.assert_refused(2, ["free_streaming_from = 0.9", "below time.start"], "check", "deck.toml", "--set",
                            "initial.free_streaming_from=0.9", ranks=(1, 2))
        self.assert_refused(2, ["initial.quantity"], "check", "deck.toml", "--set",
                            "initial.quantity=entropy_density", ranks=(1,))
        self.assert_refused(2, ["geometry"], "check", "deck.toml", "--set", "grid.geometry=minkowski", ranks=(1,))


class CcakeTest(FormatTest):
    def setUp(self):
        super().setUp()
        self.at(-4.0, -3.4)

    def expected_bulk(self, x, y):
        return -0.1 * energy(x, y)

    def write_table(self):
        c = self.columns()
        zero = 0 * self.X
        c.update({name: c[name] * HBARC for name in c if name.startswith("pi")})
        rows = np.stack([self.X, self.Y, zero, c["e"], zero, zero, zero, c["ux"], c["uy"], c["ueta"],
                         -0.1 * c["e"] * HBARC, c["pixx"], c["pixy"], c["pixeta"], c["piyy"], c["piyeta"],
                         c["pietaeta"]], -1).reshape(-1, 17)
        rows = rows[np.random.default_rng(3).permutation(len(rows))]
        text = "\n".join(" ".join(f"{v:.16e}" for v in row) for row in rows)
        return self.write("ccake.dat", f"#0 {STEP} {STEP} 0.1 0 {self.left} {self.low} 0.0\n# more\n{text}\n")

    def test_ccake(self):
        self.assert_arrives("ccake", self.write_table())

    def test_rapidity_is_used_in_three_dimensions(self):
        self.shear = self.bulk = self.eta_flow = False
        eta = -0.8 + 0.2 * np.arange(9)
        x = [(x, y, h) for x in self.x for y in self.y for h in eta]
        rows = "\n".join(f"{x!r} {y!r} {h!r} {energy(x, y, h):.16e} 0 0 0 0 0 {0.1 * h / TAU!r}" + " 0" * 7
                         for x, y, h in np.array(x).tolist())
        name = self.write("c3.dat", f"#0 {STEP} {STEP} 0.2 0 {self.left} {self.low} -0.8\n{rows}\n")
        lower = (self.left, self.low, -0.8)
        deck = self.deck_for("ccake", name, "", (NX, NY, 9), lower, (self.left + NX * STEP, self.low + NY * STEP, 1.0))
        state, _ = self.first_state(deck, ranks=2)
        h, y, x = np.meshgrid(eta, self.y, self.x, indexing="ij")
        self.assertLess(np.max(np.abs(state["energy_density"] * HBARC - energy(x, y, h))), 1e-12)
        self.assertLess(np.max(np.abs(state["uz"] - 0.1 * h)), 1e-13)

    def test_refusals(self):
        name = self.write_table()
        text = (self.folder / name).read_text()
        self.write(name, text.replace("#0 ", "#0 0 ", 1))
        self.assert_refused(3, ["ccake.dat", "eight numbers"], "check", self.deck_for("ccake", name), ranks=(1,))
        lines = text.split("\n")
        self.write(name, "\n".join([*lines, lines[5]]))
        self.assert_refused(3, ["ccake.dat", "twice"], "check", self.deck_for("ccake", name), ranks=(1,))
        self.write(name, text[:-150])
        self.assert_refused(3, ["ccake.dat", "line"], "check", self.deck_for("ccake", name), ranks=(1,))

    def test_iccing_without_flow(self):
        self.shear = self.bulk = False
        rows = "\n".join(f"{x!r} {y!r} {energy(x, y):.16e} 0.1 0 0" for x in self.x.tolist() for y in self.y.tolist())
        name = self.write("iccing.dat", f"0 {STEP} {STEP} 0 {self.left} {self.low}\n{rows}\n")
        state, out = self.first_state(self.deck_for("ccake", name))
        x, y = np.meshgrid(self.x, self.y)
        self.assertLess(np.max(np.abs(state["energy_density"] * HBARC - energy(x, y))), 1e-12)
        self.assertIn("charges", out)


class FreestreamMilneTest(FormatTest):
    def expected_bulk(self, x, y):
        return 0.07 * energy(x, y)

    def test_freestream_milne(self):
        c = self.columns()
        (self.folder / "output").mkdir()
        c["e"] = c["e"] / HBARC
        c["bulk"] = 0.07 * energy(self.X, self.Y)
        names = {"e": "e", "ux": "ux", "uy": "uy", "ueta": "un", "bulk": "bulk_PI", "pixx": "pixx", "pixy": "pixy",
                 "pixeta": "pixn", "piyy": "piyy", "piyeta": "piyn", "pietaeta": "pinn"}
        for column, file in names.items():
            rows = np.stack([self.X, self.Y, 0 * self.X, c[column]], -1).reshape(-1, 4)
            np.savetxt(self.folder / "output" / f"{file}.dat", rows, fmt="%.16e")
        self.assert_arrives("freestream_milne", "output")
        (self.folder / "output" / "uy.dat").write_text("1 2 3 4 5\n")
        self.assert_refused(3, ["uy.dat", "rows of 5"], "check", self.deck_for("freestream_milne", "output"),
                            ranks=(1,))
        self.assert_refused(3, ["deck.toml", "is no folder"], "check",
                            self.deck_for("freestream_milne", "deck.toml"), ranks=(1,))


class DukeFreestreamTest(FormatTest):
    eta_flow = False

    def expected_bulk(self, x, y):
        return 0.03 * energy(x, y) / HBARC

    def write_arrays(self, **change):
        c = self.columns()
        pi = np.zeros((NX, NY, 3, 3))
        pi[..., 1, 1], pi[..., 1, 2], pi[..., 2, 1], pi[..., 2, 2] = c["pixx"], c["pixy"], c["pixy"], c["piyy"]
        arrays = {"e": c["e"], "u": np.stack([c["ut"], c["ux"], c["uy"]], -1), "pi": pi * HBARC, "Pi": 0.03 * c["e"],
                  **change}
        with h5py.File(self.folder / "fs.h5", "w") as file:
            for name, values in arrays.items():
                if values is not None:
                    file[name] = values
        return "fs.h5"

    def test_arrays(self):
        self.assert_arrives("duke_freestream", self.write_arrays(), f"grid_spacing = {STEP}")

    def test_a_folder_of_numpy_arrays(self):
        with h5py.File(self.folder / self.write_arrays(), "r") as file:
            arrays = {name: file[name][()] for name in file}
        (self.folder / "arrays").mkdir()
        arrays["Pi"] = arrays["Pi"].astype(">f8")
        for name, values in arrays.items():
            np.save(self.folder / "arrays" / f"{name}.npy", values)
        more = f"grid_spacing = {STEP}"
        self.assert_arrives("duke_freestream", "arrays", more)
        pi = self.folder / "arrays" / "pi.npy"
        whole = pi.read_bytes()
        for damage, words in ((whole[:-8], "not complete"), (whole[:40], "header is not complete"),
                              (b"x" * 500, "numpy.save"), (whole.replace(b"<f8", b"<i8"), "reals"),
                              (whole.replace(b"False", b"True "), "Fortran order"),
                              (whole.replace(b"3, 3)", b"9)   "), "shape")):
            pi.write_bytes(damage)
            self.assert_refused(3, ["pi", words], "check", self.deck_for("duke_freestream", "arrays", more), ranks=(1,))

    def test_refusals(self):
        self.assert_refused(2, ["grid_spacing is required", "fs.h5"], "check",
                            self.deck_for("duke_freestream", self.write_arrays()), ranks=(1, 2))
        deck = self.deck_for("duke_freestream", self.write_arrays(u=np.zeros((NX, NY, 4))), "grid_spacing = 0.3")
        self.assert_refused(3, ["u has the shape"], "check", deck, ranks=(1,))
        deck = self.deck_for("duke_freestream", self.write_arrays(e=None), "grid_spacing = 0.3")
        self.assert_refused(3, ["no array e"], "check", deck, ranks=(1,))

    def test_transposed(self):
        """What was made from an event whose rows are y has x and y exchanged."""
        name = self.write_arrays()
        deck = self.deck_for("duke_freestream", name, f"grid_spacing = {STEP}\ntranspose = true", (NY, NX),
                             (self.low, self.left), (self.low + NY * STEP, self.left + NX * STEP))
        state, _ = self.first_state(deck)
        y, x = np.meshgrid(self.y, self.x)  # of the file; the run's x is the file's y
        expected = self.expected(x, y)
        for name, other in (("energy_density", "energy_density"), ("ux", "uy"), ("uy", "ux"), ("pixx", "piyy"),
                            ("pixy", "pixy"), ("piyy", "pixx"), ("pizz", "pizz"), ("bulk_pressure", "bulk_pressure")):
            self.assertLess(np.max(np.abs(state[name] - expected[other])), 1e-11, name)


class MapTest(FormatTest):
    """Maps of one quantity."""

    shear = bulk = False

    def expected(self, x, y):
        return {"energy_density": energy(x, y) / HBARC, **{name: 0 * x for name in ("ux", "uy", "uz", "pixx", "pizz")}}

    def block(self, values, name):
        np.savetxt(self.folder / name, values, fmt="%.16e")
        return name

    def test_trento_rows_are_y(self):
        name = self.block(energy(self.X, self.Y).T, "event.dat")
        self.assert_arrives("trento", name, f"scale = 1.0\ngrid_spacing = {STEP}")
        self.assert_refused(2, ["initial.grid_spacing is required", "[fm]", "event.dat"], "check",
                            self.deck_for("trento", name, "scale = 1.0"), ranks=(1,))
        self.assert_refused(2, ["initial.scale is required"], "check",
                            self.deck_for("trento", name, f"grid_spacing = {STEP}"), ranks=(1,))

    def test_supermc_rows_are_x(self):
        name = self.block(energy(self.X, self.Y), "ed_event_1_block.dat")
        self.assert_arrives("supermc", name, f"scale = 1.0\ngrid_spacing = {STEP}")

    def test_supermc_in_four_columns(self):
        rows = np.stack([0 * self.X, self.X, self.Y, energy(self.X, self.Y)], -1).reshape(-1, 4)
        np.savetxt(self.folder / "ed_4col.dat", rows, fmt="%.16e", comments="",
                   header=f"# <npart>= 12.5 xmax= {NX} ymax= {NY}")
        self.assert_arrives("supermc", "ed_4col.dat", "scale = 1.0")
        self.assert_refused(2, ["grid_spacing = 0.25", "0.3 fm apart"], "check",
                            self.deck_for("supermc", "ed_4col.dat", "scale = 1.0\ngrid_spacing = 0.25"), ranks=(1,))

    def test_entropy_density_through_the_equation_of_state(self):
        """e = a T^5 with a = g pi^2/30 and p = e/4, so that s = 5/4 a^(1/5) e^(4/5)."""
        a = 42.25 * np.pi**2 / 30
        s = 1.25 * a**0.2 * (energy(self.X, self.Y) / HBARC)**0.8
        name = self.block(0.5 * s, "sd_event_1_block.dat")
        more = f'scale = 2.0\ngrid_spacing = {STEP}\nquantity = "entropy_density"'
        state, _ = self.first_state(self.deck_for("supermc", name, more))
        x, y = np.meshgrid(self.x, self.y)
        self.assertLess(np.max(np.abs(state["energy_density"] * HBARC - energy(x, y))), 1e-12)

    def vhlle(self, events, n, most, eta=""):
        text = ""
        for i, values in enumerate(events):
            text += f"# event {i}\n# b = 1\n# npart = 8\n# mult = 2\n" + "".join(f"# e{k} = 0\n" for k in range(2, 6))
            text += f"# grid-step = {STEP}\n# grid-nsteps = {n}\n# grid-max = {most}\n{eta}"
            text += "\n".join(" ".join(f"{v:.16e}" for v in row) for row in values) + "\n"
        return self.write("vhlle.dat", text)

    def test_header_of_vhlle_and_several_events(self):
        x = np.linspace(-3.9, 3.9, 27)
        X, Y = np.meshgrid(x, x)
        name = self.vhlle([0 * X + 1, energy(X, Y)], 27, 3.9)
        box = {"points": (26, 26), "lower": (-3.9, -3.9), "upper": (3.9, 3.9)}
        state, out = self.first_state(self.deck_for("trento", name, "scale = 1.0\nevent = 1", **box))
        self.assertLess(np.max(np.abs(state["energy_density"] * HBARC - energy(X, Y)[:-1, :-1])), 1e-12)
        self.assertIn("holds 2 events", out)
        self.assert_refused(2, ["event 2", "holds 2"], "check",
                            self.deck_for("trento", name, "scale = 1.0\nevent = 2", **box), ranks=(1,))

    def test_trento_3d_of_vhlle(self):
        x, eta = np.linspace(-3.9, 3.9, 27), np.linspace(-1.0, 1.0, 9)
        Y, X, E = np.meshgrid(x, x, eta, indexing="ij")
        head = "# grid-step-eta = 0.25\n# grid-nsteps-eta = 9\n# grid-max-eta = 1.0\n"
        name = self.vhlle([energy(X, Y, E).reshape(27, -1)], 27, 3.9, head)
        three = {"points": (26, 26, 8), "lower": (-3.9, -3.9, -1.0), "upper": (3.9, 3.9, 1.0)}
        state, _ = self.first_state(self.deck_for("trento", name, "scale = 1.0", **three), ranks=2)
        expected = np.moveaxis(energy(X, Y, E), 2, 0)[:-1, :-1, :-1]
        self.assertLess(np.max(np.abs(state["energy_density"] * HBARC - expected)), 1e-12)
        two = {key: value[:2] for key, value in three.items()}
        state, out = self.first_state(self.deck_for("trento", name, "scale = 1.0", **two))
        self.assertLess(np.max(np.abs(state["energy_density"] * HBARC - energy(X, Y, 0 * E)[:-1, :-1, 0])), 1e-12)
        self.assertIn("slice at eta = 0", out)
        text = (self.folder / name).read_text()
        self.write(name, text[:-400])
        self.assert_refused(3, ["vhlle.dat", "not complete"], "check",
                            self.deck_for("trento", name, "scale = 1.0", **three), ranks=(1,))


class StateTest(FormatTest):
    """States of other grids."""

    def write_state(self, n, size, values):
        x = -size + 2 * size / n * np.arange(n)
        X, Y = np.meshgrid(x, x)
        with h5py.File(self.folder / "state.h5", "w") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": TAU, "step": 0, "geometry": "milne",
                               "units": "natural", "points": np.array([n, n]), "lower": np.array([-size, -size]),
                               "upper": np.array([size, size])})
            for name, field in values(X, Y).items():
                file[f"state/{name}"] = field
        return "state.h5"

    @staticmethod
    def spot(x, y):
        e = 20 * np.exp(-(x**2 + y**2) / 4)
        return {"energy_density": e + 1e-12, "ux": 0.1 * x * np.exp(-(x**2 + y**2) / 8), "pixy": 0.05 * e}

    def test_a_smaller_box(self):
        """Energy to 1e-6, the same on any number of ranks."""
        name = self.write_state(80, 8.0, self.spot)
        deck = self.deck_for("file", name, "", (108, 90), (-10.0, -10.0), (10.0, 10.0))
        deck = self.write(deck, (self.folder / deck).read_text().replace("floor = 0.0", "floor = 1e-12"))
        results = [self.first_state(deck, ranks=ranks) for ranks in (1, 2, 4)]
        self.assertIn("interpolated", results[0][1])
        e = results[0][0]["energy_density"]
        self.assertLess(abs(e.sum() * 20 / 108 * 20 / 90 / (20 * np.pi * 4) - 1), 1e-6)
        x, y = np.meshgrid(-10 + 20 / 108 * np.arange(108), -10 + 20 / 90 * np.arange(90))
        for field, values in self.spot(x, y).items():
            inside = (abs(x) < 7.7) & (abs(y) < 7.7)
            scale = 1 if field == "ux" else 20
            self.assertLess(np.max(np.abs(results[0][0][field] - values)[inside]) / scale, 1e-4, field)
            for other, _ in results[1:]:
                self.assertLess(np.max(np.abs(other[field] - results[0][0][field])), 1e-12)

    def test_other_points_of_a_periodic_box(self):
        def waves(x, y):
            return {"energy_density": 3 + np.sin(np.pi * x / 6) * np.cos(np.pi * y / 3)}

        name = self.write_state(40, 6.0, waves)
        state, _ = self.first_state(self.deck_for("file", name, "", (66, 54), (-6.0, -6.0), (6.0, 6.0)))
        x, y = np.meshgrid(-6 + 12 / 66 * np.arange(66), -6 + 12 / 54 * np.arange(54))
        self.assertLess(np.max(np.abs(state["energy_density"] - waves(x, y)["energy_density"])), 1e-4)
        self.assert_refused(2, ["state.h5", "periodic box", "empty at its rim"], "check",
                            self.deck_for("file", name, "", (64, 64), (-8.0, -8.0), (8.0, 8.0)), ranks=(1, 2))


if __name__ == "__main__":
    unittest.main()
