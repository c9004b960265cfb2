#!/usr/bin/python3
"""`ister analyze probes` and `ister analyze sonify` on states whose fields are known in closed form."""

import resource
import signal
import subprocess
import unittest
import wave

import h5py
import numpy as np

from command import ENVIRONMENT, ISTER, CommandTest

OMEGA = 2.0


class RunTest(CommandTest):
    """A wave in a box of 16 x 12 points at 60 times 0.2 apart: f = 3 + cos(k x) cos(OMEGA t) + 0.5 sin(q y)."""

    TIMES = 0.2 * np.arange(60)

    def setUp(self):
        super().setUp()
        self.lower, self.upper, points = np.array([-2.0, 0.0]), np.array([2.0, 3.0]), np.array([16, 12])
        x, y = (np.linspace(a, b, n, endpoint=False) for a, b, n in zip(self.lower, self.upper, points))
        (self.folder / "run").mkdir()
        for step, time in enumerate(self.TIMES):
            with h5py.File(self.state(step), "w") as file:
                file.attrs.update({"format": "ister-state", "version": 1, "time": time, "step": step,
                                   "geometry": "minkowski", "units": "natural", "points": points, "lower": self.lower,
                                   "upper": self.upper})
                file["state/energy_density"] = self.field(x[None, :], y[:, None], time)
                file["state/flat"] = np.ones((12, 16))

    def state(self, step):
        return self.folder / "run" / f"wave_state_{step:08d}.h5"

    @staticmethod
    def field(x, y, time):
        return 3 + np.cos(np.pi / 2 * x) * np.cos(OMEGA * time) + 0.5 * np.sin(2 * np.pi / 3 * y)


class ProbesTest(RunTest):
    def read(self, *arguments):
        self.assert_runs("analyze", "probes", *arguments, "-o", "out.h5")
        return h5py.File(self.folder / "out.h5")

    def test_series_between_grid_points(self):
        with self.read("run", "--probe", "0.3,1.1", "-1.97,2.9") as file:
            np.testing.assert_allclose(file["time"], self.TIMES, atol=1e-14)
            np.testing.assert_allclose(file["position"], [[0.3, 1.1], [-1.97, 2.9]])
            for column, (x, y) in enumerate(((0.3, 1.1), (-1.97, 2.9))):
                np.testing.assert_allclose(file["value"][:, column], self.field(x, y, self.TIMES), atol=1e-13)
        with self.read("run", "--probe", "0.3,1.1", "--interpolation", "cubic") as file:
            error = np.abs(file["value"][:, 0] - self.field(0.3, 1.1, self.TIMES)).max()
            self.assertTrue(1e-6 < error < 3e-3, error)

    def test_tones_and_spectra(self):
        with self.read("run", "--probe", "0.3,1.1", "--tone", OMEGA, "--spectrum") as file:
            self.assertAlmostEqual(file["tone/amplitude_real"][0, 0], np.cos(np.pi / 2 * 0.3), places=12)
            self.assertAlmostEqual(file["tone/amplitude_imag"][0, 0], 0, places=12)
            omega, power = file["spectrum/omega"][:], file["spectrum/power"][0]
            self.assertLess(abs(omega[power.argmax()] - OMEGA), omega[1])

    def test_filters(self):
        with self.read("run", "--probe", "0.3,1.1", "--filter", f"notch:{OMEGA}:2") as file:
            late = file["value"][50:, 0]
            np.testing.assert_allclose(late, self.field(1.0, 1.1, 0), atol=0.02)  # the constant part alone

    def test_a_table(self):
        self.assert_runs("analyze", "probes", *[self.state(n) for n in (0, 5, 30)], "-o", "out.h5", "--csv", "out.csv")
        lines = (self.folder / "out.csv").read_text().splitlines()
        self.assertEqual(len(lines), 4)
        self.assertEqual(lines[0].count(","), 4)  # time and four probes

    def test_wrong_input(self):
        end = ("-o", "out.h5")
        for words, arguments in (
                (["--probe", "outside", "-2", "2"], ("run", "--probe", "7,1")),
                (["--probe", "2 coordinates"], ("run", "--probe", "1")),
                (["--probe", "a,b"], ("run", "--probe", "a,b")),
                (["nothing", "energy_density"], ("run", "--field", "nothing")),
                (["--filter", "low-pass"], ("run", "--filter", "sharp:1")),
                (["--filter", "pi/spacing"], ("run", "--filter", "low-pass:100")),
                (["--spectrum", "equal times"], (self.state(0), self.state(1), self.state(5), self.state(9), "--spectrum")),
                (["after"], (self.state(5), self.state(1))),
                (["tone", "positive"], ("run", "--tone", "-1")),
                (["--tone", '"nan"', "positive"], ("run", "--tone", "nan")),
                (["3 samples"], (self.state(0), "--tone", "1")),
                (["--tone 1e+29", "up to 15.7"], ("run", "--tone", "1e29")),
                (["--filter", "nan"], ("run", "--filter", "low-pass:nan")),
                (["--interpolation", '"linear" is not one of spectral, cubic'], ("run", "--interpolation", "linear"))):
            self.assert_refused(2, words, "analyze", "probes", *arguments, *end, ranks=(1,))
        (self.folder / "empty").mkdir()
        self.assert_refused(3, ["empty", "state files"], "analyze", "probes", "empty", *end)
        self.assert_refused(3, ["missing"], "analyze", "probes", "missing", *end, ranks=(1,))


class SonifyTest(RunTest):
    def sound(self, *arguments):
        output = self.assert_runs("analyze", "sonify", "run", "-o", "out.wav", *arguments)
        with wave.open(str(self.folder / "out.wav")) as file:
            self.assertEqual((file.getnchannels(), file.getsampwidth()), (2, 3))
            raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 3)
            words = np.concatenate([np.zeros((len(raw), 1), np.uint8), raw], axis=1).view("<i4") / 2.0**31
            return file.getframerate(), words.reshape(-1, 2), output

    def test_the_wave_is_heard(self):
        rate, sound, _ = self.sound("--probe", "0,1", "--seconds", "0.5")
        self.assertEqual(rate, 48000)
        self.assertEqual(sound.shape, (24000, 2))
        self.assertAlmostEqual(np.abs(sound).max(), 0.9, places=3)
        np.testing.assert_allclose(sound[:, 0], sound[:, 1], atol=1e-6)  # one probe sounds in the middle
        time = np.arange(24000) / 24000 * self.TIMES[-1]
        series = np.cos(OMEGA * self.TIMES)
        middle = slice(1000, 23000)  # without the fades
        expected = (np.cos(OMEGA * time) - series.mean())[middle]
        error = sound[middle, 0] / np.abs(sound[middle, 0]).max() - expected / np.abs(expected).max()
        self.assertLess(np.abs(error).max(), 1e-3)

    def test_probes_stand_where_they_are(self):
        rate, sound, _ = self.sound("--probe", "-2,1", "1,1", "--seconds", "0.3", "--rate", "8000")
        self.assertEqual((rate, len(sound)), (8000, 2400))
        self.assertGreater(np.abs(sound[:, 0]).max(), 100 * np.abs(sound[:, 1]).max())  # cos(pi/2) = 0 on the right

    def test_a_tone_of_the_run(self):
        _, sound, _ = self.sound("--pitch", "100", "--seconds", "1")
        power = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound))))
        peaks = np.flatnonzero(power > 0.05 * power.max())
        self.assertTrue(np.all(np.abs(peaks - 100 * np.round(peaks / 100)) <= 2), peaks)

    def test_the_name_says_the_format(self):
        for name, magic in (("out.flac", b"fLaC"), ("OUT.FLAC", b"fLaC"), ("out.WAV", b"RIFF")):
            self.assert_runs("analyze", "sonify", "run", "--seconds", "0.1", "-o", name)
            self.assertEqual((self.folder / name).read_bytes()[:4], magic)
        wav, flac = (self.folder / n for n in ("out.WAV", "out.flac"))
        self.assertNotEqual(wav.read_bytes(), flac.read_bytes())
        for name in ("out.mp3", "out", "out.wav.part", "flac"):
            self.assert_refused(2, [name, ".wav or .flac"], "analyze", "sonify", "run", "-o", name, ranks=(1,))
            self.assertFalse((self.folder / name).exists())

    def test_it_warns_of_what_ears_cannot_hear(self):
        _, _, output = self.sound("--seconds", "30")
        self.assertIn("--pitch", output)

    def test_wrong_input(self):
        end = ("-o", "out.wav")
        self.assert_refused(2, ["nothing to hear", "flat"], "analyze", "sonify", "run", "--field", "flat", *end)
        self.assert_refused(2, ["states", "4"], "analyze", "sonify", self.state(0), self.state(1), *end, ranks=(1,))
        for option, values, words in (("--seconds", ("0", "nan", "1e300"), "0.05 to 3600"),
                                      ("--rate", ("10", "nan", "8000.5"), "whole number from 8000 to 384000"),
                                      ("--pitch", ("nan", "0", "inf"), "1 to 20000")):
            for value in values:
                self.assert_refused(2, [option, f'"{value}"', words], "analyze", "sonify", "run", option, value, *end,
                                    ranks=(1,))
        self.assert_refused(2, ["--seconds 3600 at --rate 384000", "8.29 GB", "at most 4 GB"], "analyze", "sonify",
                            "run", "--seconds", "3600", "--rate", "384000", *end, ranks=(1,))
        self.assert_refused(3, ["nowhere"], "analyze", "sonify", "run", "-o", "nowhere/out.wav", ranks=(1,))
        self.state(3).write_bytes(self.state(3).read_bytes()[:500])
        self.assert_refused(3, [self.state(3).name], "analyze", "sonify", "run", *end, ranks=(1,))
        self.assertFalse((self.folder / "out.wav").exists())

    def test_a_full_disk_leaves_nothing(self):
        def limit():  # beyond it writes fail as on a full disk
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (16 << 20, 16 << 20))
        process = subprocess.Popen([ISTER, "analyze", "sonify", "run", "-o", "out.wav", "--seconds", "70"],
                                   cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, start_new_session=True, preexec_fn=limit)
        code, out, err = self.finish(process)
        self.assertEqual(code, 3, out + err)
        self.assertIn("out.wav", err)
        self.assertEqual([p.name for p in self.folder.iterdir()], ["run"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
