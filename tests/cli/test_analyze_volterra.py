#!/usr/bin/python3
"""`ister analyze volterra`: the way from an excitation to a kernel, and what it says about wrong input."""

import unittest

import h5py
import numpy as np
from command import CommandTest


def respond(x, h, h2=None):
    """The definition, written with NumPy; h is (orders, taps)."""
    y = np.zeros_like(x)
    for p, kernel in enumerate(h):
        y += np.convolve(x**(p + 1), kernel)[:x.size]
    if h2 is not None:
        taps = len(h2)
        past = np.stack([np.concatenate((np.zeros(i), x))[:x.size] for i in range(taps)])
        y += np.einsum("in,ij,jn->n", past, h2, past)
    return y


class VolterraTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.rng = np.random.default_rng(1)

    def store(self, name, **arrays):
        with h5py.File(self.folder / name, "w") as file:
            for key, value in arrays.items():
                file[key] = value
        return name

    def read(self, name, dataset):
        with h5py.File(self.folder / name, "r") as file:
            return file[dataset][()]

    def symmetric(self, taps):
        matrix = self.rng.normal(size=(taps, taps))
        return matrix + matrix.T

    def volterra(self, *arguments, **options):
        return self.assert_runs("analyze", "volterra", *arguments, **options)

    def refused(self, code, words, *arguments):
        self.assert_refused(code, words, "analyze", "volterra", *arguments, ranks=(1,))

    def respond_to(self, excitation, h, h2=None, noise=0.0):
        x = self.read(excitation, "x")
        y = np.stack([respond(record, h, h2) for record in x])
        return self.store("response.h5", y=y + noise * self.rng.normal(size=y.shape))


class ApplyTest(VolterraTest):
    def test_every_engine_gives_the_sums(self):
        x, h, h2 = self.rng.normal(size=(3, 500)), self.rng.normal(size=(5, 40)), self.symmetric(40)
        self.store("x.h5", signal=x)
        for kernel, arrays in (("h.h5", {"h": h}), ("h2.h5", {"h2": h2}), ("both.h5", {"h": h, "h2": h2})):
            self.store(kernel, **arrays)
            expected = np.stack([respond(row, arrays.get("h", []), arrays.get("h2")) for row in x])
            for engine in ("auto", "direct", "fft"):
                for block in (7, 128):
                    self.volterra("apply", "x.h5", "--kernel", kernel, "--x", "signal", "--engine", engine, "--block",
                                  block, "-o", "y.h5")
                    y = self.read("y.h5", "y")
                    self.assertLess(np.abs(y - expected).max(), 1e-12 * np.abs(expected).max())

    def test_h_and_h2_of_different_taps(self):
        x = self.rng.normal(size=200)
        self.store("x.h5", x=x)
        for taps, taps2 in ((12, 5), (5, 12), (1, 3)):
            h, h2 = self.rng.normal(size=(3, taps)), self.symmetric(taps2)
            self.store("kernel.h5", h=h, h2=h2)
            self.volterra("apply", "x.h5", "--kernel", "kernel.h5", "-o", "y.h5")
            expected = respond(x, h, h2)
            self.assertLess(np.abs(self.read("y.h5", "y") - expected).max(), 1e-12 * np.abs(expected).max())

    def test_one_record_and_a_table(self):
        x, h = self.rng.normal(size=300), self.rng.normal(size=(2, 5))
        self.store("x.h5", x=x)
        self.store("h.h5", h=h)
        self.volterra("apply", "x.h5", "--kernel", "h.h5", "-o", "y.h5", "--csv", "y.csv", ranks=(1, 3))
        y = self.read("y.h5", "y")
        self.assertEqual(y.shape, (300,))
        np.testing.assert_array_equal(np.loadtxt(self.folder / "y.csv", skiprows=1), y)

    def test_wrong_input(self):
        x = self.rng.normal(size=(2, 50))
        self.store("x.h5", x=x, cube=np.zeros((2, 2, 2)), none=np.zeros(0))
        self.store("h.h5", h=np.ones((2, 5)))
        self.store("empty.h5", other=np.ones(3))
        self.store("six.h5", h=np.ones((6, 5)))
        self.store("flat.h5", h=np.ones(5))
        self.store("oblong.h5", h2=np.ones((4, 5)))
        self.store("skew.h5", h2=np.triu(np.ones((4, 4))))
        self.store("nan.h5", h=np.array([[1.0, np.nan]]))
        self.store("hollow.h5", h=np.zeros((0, 4)))
        self.store("large.h5", x=np.array([[1.0, 2.0], [1.0, 1e100]]))
        self.store("fifth.h5", h=np.eye(5))
        x[1, 7] = np.nan
        self.store("broken.h5", x=x)
        for words, kernel in ((["empty.h5", "/h", "/other"], "empty.h5"), (["six.h5", "order 6"], "six.h5"),
                              (["flat.h5", "1 indices"], "flat.h5"), (["oblong.h5", "4 x 5"], "oblong.h5"),
                              (["skew.h5", "symmetric"], "skew.h5"),
                              (["nan.h5", "order 1[1]"], "nan.h5"),
                              (["hollow.h5", "/h", "(0, 4)", "empty"], "hollow.h5")):
            self.refused(2, words, "apply", "x.h5", "--kernel", kernel, "-o", "y.h5")
        good = ("--kernel", "h.h5", "-o", "y.h5")
        self.refused(2, ["broken.h5", "x[1][7]", "nan"], "apply", "broken.h5", *good)
        self.refused(2, ["cube", "(2, 2, 2)"], "apply", "x.h5", "--x", "cube", *good)
        self.refused(2, ["none", "empty"], "apply", "x.h5", "--x", "none", *good)
        self.refused(2, ["nothing", "/x"], "apply", "x.h5", "--x", "nothing", *good)
        self.refused(2, ["large.h5", "y[1][1] =", "beyond what a double holds"], "apply", "large.h5", "--kernel",
                     "fifth.h5", "-o", "y.h5")
        for value in (0, "nan", 1.5, 65537):
            self.refused(2, ["--block", f'"{value}"', "whole number from 1 to 65536"], "apply", "x.h5", "--block",
                         value, *good)
        self.refused(2, ["--engine", "fast", "auto, direct, fft"], "apply", "x.h5", "--engine", "fast", *good)
        self.refused(3, ["nothing.h5"], "apply", "nothing.h5", *good)
        self.refused(3, ["nothing.h5"], "apply", "x.h5", "--kernel", "nothing.h5", "-o", "y.h5")
        self.refused(3, ["nowhere"], "apply", "x.h5", "--kernel", "h.h5", "-o", "nowhere/y.h5")
        whole = (self.folder / "x.h5").read_bytes()
        (self.folder / "cut.h5").write_bytes(whole[:len(whole) // 2])
        self.refused(3, ["cut.h5"], "apply", "cut.h5", *good)
        self.assertFalse((self.folder / "y.h5").exists())


class IdentifyTest(VolterraTest):
    def assert_close(self, got, expected, tolerance):
        self.assertLess(np.abs(got - expected).max(), tolerance * np.abs(expected).max())

    def test_multisine(self):
        h = self.rng.normal(size=(5, 24))
        self.volterra("excite", "--method", "multisine", "--taps", 24, "-o", "x.h5")
        self.respond_to("x.h5", h)
        output = self.volterra("identify", "response.h5", "--excitation", "x.h5", "--method", "multisine", "-o",
                               "kernel.h5", "--csv", "kernel.csv")
        self.assertIn("certificate", output)
        self.assertEqual(output.splitlines()[-1], "trust")
        for p in range(5):
            self.assert_close(self.read("kernel.h5", "h")[p], h[p], 1e-12)
        self.assertLess(self.read("kernel.h5", "certificate").max(), 1e-12)
        header = (self.folder / "kernel.csv").read_text().splitlines()[0]
        self.assertEqual(header.split(",")[:3], ["tap", "h1", "h1_error"])

    def test_multisine_with_noise(self):
        h = self.rng.normal(size=(3, 16))
        self.volterra("excite", "--method", "multisine", "--taps", 16, "--orders", 3, "--periods", 4, "-o", "x.h5")
        self.respond_to("x.h5", h, noise=0.01)
        self.volterra("identify", "response.h5", "--excitation", "x.h5", "--method", "multisine", "-o", "kernel.h5")
        pulls = (self.read("kernel.h5", "h") - h) / self.read("kernel.h5", "h_error")
        self.assertLess(np.abs(pulls).max(), 5)
        self.assertGreater(np.sqrt(np.mean(pulls**2)), 0.4)
        with h5py.File(self.folder / "kernel.h5") as file:
            self.assertAlmostEqual(file.attrs["noise"], 0.01, delta=0.001)

    def verdict(self, method, h, h2=None, noise=0.0, taps=10, orders=3):
        """The last line that identify prints, which the attribute repeats."""
        self.volterra("excite", "--method", method, "--taps", taps, "--orders", orders, "-o", "x.h5")
        self.respond_to("x.h5", h, h2, noise)
        size = ("--orders", orders, "--taps", taps) if method == "qr" else ()
        output = self.volterra("identify", "response.h5", "--excitation", "x.h5", "--method", method, *size, "-o",
                               "kernel.h5")
        with h5py.File(self.folder / "kernel.h5") as file:
            verdict = file.attrs["verdict"]
            self.assertEqual(verdict == "trust", file["certificate"][()].max() <= 1e-3 and
                             file.attrs["noise_of_response"] <= 0.25)
        self.assertIn(verdict, output.splitlines())
        return verdict

    def test_verdicts(self):
        h = self.rng.normal(size=(3, 10))
        linear, longer, fourth = h[:1], self.rng.normal(size=(2, 15)), np.vstack((h, self.rng.normal(size=(1, 10))))
        for method in ("multisine", "qr"):
            for noise in (0.0, 0.01):
                with self.subTest(method=method, noise=noise):
                    self.assertEqual(self.verdict(method, h, noise=noise), "trust")
                    self.assertEqual(self.verdict(method, linear, noise=noise), "trust")
                    self.assertRegex(self.verdict(method, longer, noise=noise), "do not trust: taps beyond the last .*--taps")
                    self.assertRegex(self.verdict(method, fourth, noise=noise), "do not trust: .*orders above the highest")
                    self.assertRegex(self.verdict(method, linear, self.symmetric(10), noise=noise),
                                     "do not trust: .*products of different times")
            self.assertRegex(self.verdict(method, linear, noise=20), "do not trust: noise makes the response")
        self.assertEqual(self.verdict("second-order", linear, self.symmetric(10)), "trust")
        self.assertRegex(self.verdict("second-order", self.rng.normal(size=(1, 14)), self.symmetric(14)),
                         "do not trust: taps beyond")

    def test_any_record(self):
        h = self.rng.normal(size=(3, 16))
        self.volterra("excite", "--method", "qr", "--taps", 16, "--orders", 3, "-o", "x.h5")
        self.respond_to("x.h5", h)
        self.volterra("identify", "response.h5", "--excitation", "x.h5", "--method", "qr", "--orders", 3, "--taps",
                      16, "-o", "kernel.h5")
        self.assert_close(self.read("kernel.h5", "h"), h, 1e-11)

    def test_second_order_and_back(self):
        h, h2 = self.rng.normal(size=(1, 10)), self.symmetric(10)
        self.volterra("excite", "--method", "second-order", "--taps", 10, "--orders", 3, "-o", "x.h5")
        self.respond_to("x.h5", h, h2)
        self.volterra("identify", "response.h5", "--excitation", "x.h5", "--method", "second-order", "-o",
                      "kernel.h5")
        self.assert_close(self.read("kernel.h5", "h"), h, 1e-12)
        self.assert_close(self.read("kernel.h5", "h2"), h2, 1e-12)
        self.volterra("apply", "x.h5", "--kernel", "kernel.h5", "-o", "again.h5")
        self.assert_close(self.read("again.h5", "y"), self.read("response.h5", "y"), 1e-12)

    def test_wrong_input(self):
        self.volterra("excite", "--method", "multisine", "--taps", 8, "-o", "x.h5")
        good = self.read("x.h5", "x")
        identify = ("identify", "y.h5", "--excitation", "x.h5", "-o", "kernel.h5", "--method")
        self.store("y.h5", y=good[:, :-1], x=good)
        self.refused(2, ["y.h5", "records of", "x.h5"], *identify, "multisine")
        self.refused(2, ["y.h5", "--excitation", "orders"], "identify", "y.h5", "-o", "kernel.h5", "--method",
                     "multisine")
        bad = good.copy()
        bad[2, 5] = np.inf
        self.store("y.h5", y=bad)
        self.refused(2, ["y.h5", "y[2][5]"], *identify, "multisine")
        self.store("y.h5", y=good)
        self.refused(2, ["x.h5", "twice the taps"], *identify, "multisine", "--taps", 30)
        self.refused(2, ["tones"], *identify, "second-order")
        self.refused(2, ["--orders and --taps"], *identify, "qr")
        self.refused(2, ["too short"], *identify, "qr", "--orders", 5, "--taps", 90)
        self.refused(2, ["too short"], *identify, "qr", "--orders", 5, "--taps", 60000)
        self.refused(2, ["does not determine"], *identify, "qr", "--orders", 5, "--taps", 60)
        self.refused(2, ["--method"], "identify", "y.h5", "-o", "kernel.h5")
        self.refused(2, ["--method", "guess", "second-order"], *identify, "guess")
        self.refused(2, ["--orders"], "excite", "--method", "multisine", "--orders", 6, "-o", "x.h5")
        self.refused(2, ["--amplitude", '"nan"', "positive"], "excite", "--method", "qr", "--amplitude", "nan", "-o",
                     "x.h5")
        self.refused(2, ["6291456 records of 1048577 periods of 262144 samples", "memory"], "excite", "--method",
                     "multisine", "--taps", 65536, "--waveforms", 2**20, "--periods", 2**20, "-o", "o.h5")
        self.refused(2, ["periods of", "memory"], "excite", "--method", "second-order", "--taps", 64, "--periods",
                     2**20, "-o", "o.h5")
        for name, value in (("taps", 2**62), ("orders", 2**32 + 2), ("period", -1), ("periods", 2**62)):
            with h5py.File(self.folder / "x.h5", "r+") as file:
                kept, file.attrs[name] = file.attrs[name], value
            self.refused(2, ["x.h5", f"attribute {name} is {value}", "possible"], *identify, "multisine")
            with h5py.File(self.folder / "x.h5", "r+") as file:
                file.attrs[name] = kept
        self.refused(2, ["257", "256 taps"], "excite", "--method", "second-order", "--taps", 257, "-o", "x.h5")
        self.refused(2, ["orders", "2 to 5"], "excite", "--method", "second-order", "--orders", 1, "-o", "x.h5")


if __name__ == "__main__":
    unittest.main(verbosity=2)
