#!/usr/bin/python3
"""ister bench, bench compare and bench tune: their files, messages and exit codes.

Environment: ISTER and MPIRUN as in command.py.
"""

import json
import unittest
from unittest import mock

import h5py
import numpy as np
import command
from command import CommandTest


class BenchTest(CommandTest):
    def timings(self, name, seconds, **context):
        """A file with 20 repetitions around `seconds` of each benchmark, 0.1 % apart."""
        context = {"machine_fingerprint": "one", "processor": "P one", "threads": 1, **context}
        entries = [{"name": benchmark, "run_name": benchmark, "run_type": "iteration", "time_unit": "s",
                    "real_time": value * (1 + 0.001 * (i * 7 % 20))}
                   for benchmark, value in seconds.items() for i in range(20)]
        return self.write(name, json.dumps({"context": context, "benchmarks": entries}))


class CompareTest(BenchTest):
    def test_the_same_and_faster(self):
        base = self.timings("base.json", {"x": 1.0, "y": 2.0})
        text = self.assert_runs("bench", "compare", base, base, ranks=(1, 3))
        self.assertIn("Of 2 benchmarks 0 became significantly slower and 0 faster", text)
        self.assertEqual(text.count("> "), 1, text)
        self.assertIn("> One run of each build", text)
        faster = self.timings("faster.json", {"x": 1.0, "y": 1.8})
        self.assertIn("and 1 faster", self.assert_runs("bench", "compare", base, faster))

    def test_slower(self):
        base = self.timings("base.json", {"x": 1.0, "y": 2.0})
        slower = self.timings("slower.json", {"x": 1.1, "y": 2.0})
        text = self.assert_runs("bench", "compare", base, slower, "--report", "report.md", ranks=(1, 3), code=1)
        report = (self.folder / "report.md").read_text()
        self.assertIn(report, text)
        self.assertRegex(report, r"\| x \| .* \| 1\.100 \| .* \| \*\*slower\*\* in this run \|")
        self.assertRegex(report, r"\| y \| .* \| cannot decide: 1 and 1 runs, 6 of each are needed \|")
        small = self.timings("small.json", {"x": 1.02, "y": 2.0})
        self.assert_runs("bench", "compare", base, small)

    def test_folders_of_runs(self):
        for side in ("base", "new"):
            (self.folder / side).mkdir()
            for run in range(3):
                self.timings(f"{side}/{run}.json", {"x": 1.0 + 0.2 * run})
        text = self.assert_runs("bench", "compare", "base", "new")
        self.assertRegex(text, r"\| 1\.000 \| 0\.99\d to 1\.00\d \|")  # as pairs: runs differ by 20 %, builds do not
        (self.folder / "empty").mkdir()
        self.assert_refused(3, ["empty", "no *.json"], "bench", "compare", "base", "empty")

    def test_what_does_not_fit_is_said(self):
        base = self.timings("base.json", {"x": 1.0, "y": 2.0})
        other = self.timings("other.json", {"y": 2.0, "z": 3.0}, machine_fingerprint="two", processor="P two", threads=2)
        text = self.assert_runs("bench", "compare", base, other)
        for words in ("different machines", "P one", "P two", "Different threads: 1 in base.json, 2 in other.json",
                      "Only in base.json: x", "Only in other.json: z"):
            self.assertIn(words, text)
        stranger = self.timings("stranger.json", {"z": 3.0})
        self.assert_refused(2, ["base.json", "stranger.json", "no benchmark in common"], "bench", "compare", base,
                            stranger)

    def test_files_that_are_none(self):
        base = self.timings("base.json", {"x": 1.0})
        whole = (self.folder / base).read_text()
        self.write("cut.json", whole[:len(whole) // 2])
        self.write("empty.json", "")
        self.write("foreign.json", '{"benchmark": []}')
        self.write("hollow.json", '{"benchmarks": []}')
        self.write("negative.json", whole.replace('"real_time": 1.0', '"real_time": -1.0'))
        for case, (name, words) in enumerate((
                ("nothing.json", "cannot open: No such file"), ("cut.json", "not valid JSON"),
                ("empty.json", "not valid JSON"), ("foreign.json", "not a file of benchmarks"),
                ("hollow.json", "no repetition"), ("negative.json", "positive number"))):
            self.assert_refused(3, [name, words], "bench", "compare", base, name, ranks=(1,))
            self.assert_refused(3, [name, words], "bench", "compare", name, base, ranks=self.ranks_of(case))
        self.assert_refused(3, ["nowhere"], "bench", "compare", base, base, "--report", "nowhere/report.md")

    def runs(self, side, count, seconds):
        (self.folder / side).mkdir()
        for run in range(count):
            self.timings(f"{side}/{run}.json", {name: value * (1 + 0.003 * (run * 5 % 7)) for name, value in seconds.items()})

    def test_few_runs_do_not_decide(self):
        """Repetitions are no runs: however slow the new build is, three runs cannot show it, and the report says so."""
        for count, words, code in ((2, "cannot decide: 2 and 2 runs, 6 of each are needed", 0),
                                   (4, "cannot decide: 4 and 4 runs, 6 of each are needed", 0), (6, "**slower**", 1)):
            base, new = f"base{count}", f"new{count}"
            self.runs(base, count, {"x": 1.0, "y": 2.0})
            self.runs(new, count, {"x": 1.7, "y": 2.0})
            text = self.assert_runs("bench", "compare", base, new, code=code)
            self.assertIn(words, text)
            self.assertEqual("no significant change" in text, count == 6, text)
        self.assertIn("too few to decide: 6 of each build", self.assert_runs("bench", "compare", "base4", "new4"))

    def test_criteria(self):
        self.runs("base", 4, {"x": 1.0})
        self.runs("new", 4, {"x": 1.2})
        self.assertIn("95 % bounds", self.assert_runs("bench", "compare", "base", "new", "--significance", "0.05", code=1))
        self.assert_runs("bench", "compare", "base", "new", "--significance", "0.05", "--ratio", "1.3")
        for option, value in (("--ratio", "0.5"), ("--ratio", "nan"), ("--significance", "0"), ("--significance", "2")):
            self.assert_refused(2, [option, value], "bench", "compare", "base", "new", option, value, ranks=(1,))

    def test_usage(self):
        self.assert_refused(2, ["NEW.json"], "bench", "compare", "base.json")
        self.assert_refused(2, ["unknown option", "--reprot", "--report"], "bench", "compare", "a", "b", "--reprot", "c",
                            ranks=(1,))
        self.assert_refused(2, ["unknown subcommand", "compere", "compare"], "bench", "compere", ranks=(1,))
        text = self.assert_runs("bench", "compare", "--help")
        for words in ("BASE.json", "NEW.json", "--report", "--ratio", "--significance", "1.03", "0.01", "Exit code"):
            self.assertIn(words, text)


class HistoryTest(BenchTest):
    """Baselines of each machine, and slow-downs that are too small for one comparison."""

    def measured(self, number, slower, **context):
        """The result of a commit: `number` gives its date and some noise."""
        noise = 1 + 0.004 * (number * 5 % 7)
        return self.timings(f"new{number}.json", {"creeps": slower * noise, "stays": 2 * noise},
                            date=f"2026-01-{number + 1:02d}T12:00:00+0000", machine_fingerprint="0123456789abcdef", **context)

    def entries(self):
        return sorted((self.folder / "history" / "0123456789abcdef").glob("*.json"))

    def test_a_percent_a_commit(self):
        found = None
        for commit in range(21):
            new = self.measured(commit, 1.01**commit)
            code, text, err = self.run_ister("bench", "history", "history", new, "--record")
            self.assertIn(code, (0, 1), err)
            if code == 1:
                found = commit
                break
            self.assertIn("added to the history", text)
        self.assertIsNotNone(found, "the creep was not found")
        self.assertGreater(found, 8)
        self.assertRegex(text, r"\| creeps \|.*\*\*slower\*\*")
        self.assertRegex(text, r"\| stays \|.*no significant change")
        self.assertIn("not added", text)
        self.assertEqual(len(self.entries()), found)

    def test_what_stays_is_no_alarm(self):
        for commit in range(16):
            text = self.assert_runs("bench", "history", "history", self.measured(commit, 1.0), "--record", "--last", 8)
        self.assertIn("15 results of this machine", text)
        self.assertRegex(text, r"\| stays \|.*no significant change")
        self.assertIn("new / median of the 8 before", text)

    def test_the_first_results(self):
        self.assertIn("0 results", self.assert_runs("bench", "history", "history", self.measured(0, 1.0), ranks=(1, 3)))
        self.assertFalse((self.folder / "history").exists())
        for _ in range(2):  # the same results are one
            self.assert_runs("bench", "history", "history", self.measured(0, 1.0), "--record")
        self.assertEqual(len(self.entries()), 1)
        text = self.assert_runs("bench", "history", "history", self.measured(1, 5.0), "--report", "report.md")
        self.assertIn("Cannot decide", text)
        self.assertRegex(text, r"creeps \| 5\.\d+ \|")
        self.assertIn("Cannot decide", (self.folder / "report.md").read_text())

    def test_other_machines_and_settings(self):
        self.assert_runs("bench", "history", "history", self.measured(0, 1.0), "--record")
        other = self.timings("other.json", {"x": 1.0}, machine_fingerprint="feed", date="2026-01-01")
        self.assertIn("0 results", self.assert_runs("bench", "history", "history", other))
        text = self.assert_runs("bench", "history", "history", self.measured(1, 1.0, threads=8))
        self.assertIn("1 of other ranks, threads or backend are left out", text)

    def test_wrong_input(self):
        nameless = self.timings("nameless.json", {"x": 1.0}, machine_fingerprint="")
        self.assert_refused(2, ["nameless.json", "machine_fingerprint"], "bench", "history", "history", nameless)
        undated = self.timings("undated.json", {"x": 1.0})
        self.assert_refused(2, ["undated.json", "date"], "bench", "history", "history", undated, "--record", ranks=(1,))
        self.assert_runs("bench", "history", "history", self.measured(0, 1.0), "--record")
        self.entries()[0].write_text("{")
        self.assert_refused(3, [self.entries()[0].name, "not valid JSON"], "bench", "history", "history",
                            self.measured(1, 1.0), ranks=(1,))
        self.write("plain", "a file")
        self.assert_refused(3, ["plain"], "bench", "history", "plain", self.measured(1, 1.0), "--record", ranks=(1,))


class OutputTest(BenchTest):
    """What bench writes is in Google Benchmark's format, and compare reads it."""

    def test_the_file(self):
        self.assert_runs("bench", "--filter", "kernel", "--repetitions", "9", "--output", "b.json")
        written = json.loads((self.folder / "b.json").read_text())
        for key in ("date", "host_name", "num_cpus", "caches", "load_avg", "machine_fingerprint", "processor",
                    "git_revision", "compiler", "kokkos_backend", "ranks", "threads"):
            self.assertIn(key, written["context"])
        rows = [e for e in written["benchmarks"] if e["run_name"] == "kernel in rows" and e["run_type"] == "iteration"]
        self.assertEqual([e["repetition_index"] for e in rows], list(range(9)))
        for row in rows:
            self.assertEqual((row["name"], row["repetitions"], row["time_unit"]), ("kernel in rows", 9, "ns"))
            self.assertGreater(row["real_time"], 0)
        self.assertIn("kernel in rows", self.assert_runs("bench", "compare", "b.json", "b.json"))

    def test_usage(self):
        self.assert_refused(2, ["--repetitions"], "bench", "--repetitions", "0")
        for case, arguments in enumerate(((), ("--list",), ("--output", "b.json"))):
            self.assert_refused(2, ['--filter "nosuch"', "no benchmark", "rhs/64", "kernels/angles"], "bench",
                                "--filter", "nosuch", *arguments, ranks=self.ranks_of(case))
        self.assertFalse((self.folder / "b.json").exists())
        self.assert_refused(3, ["nowhere"], "bench", "--filter", "kernel", "--repetitions", "1", "--output",
                            "nowhere/b.json", ranks=(1,))


class TuneTest(BenchTest):
    """Measures on the machine as it is: what is found is not judged, only kept."""

    NAMES = ("correlation_fft_from", "volterra_fft_from", "angles_vector_from", "angles_parallel_from")

    def setUp(self):
        super().setUp()
        cache = mock.patch.dict(command.ENVIRONMENT, XDG_CACHE_HOME=str(self.folder))
        cache.start()
        self.addCleanup(cache.stop)

    def test_the_file(self):
        text = self.assert_runs("bench", "tune")
        files = list((self.folder / "ister").glob("*"))
        self.assertEqual(len(files), 1)
        self.assertIn(f"written: {files[0]}", text)
        self.assertRegex(files[0].name, r"^thresholds-[0-9a-f]{16}\.json$")
        found = json.loads(files[0].read_text())
        self.assertEqual(sorted(found), sorted(self.NAMES))
        for name, value in found.items():
            self.assertGreaterEqual(value, 1)
            if name != "angles_parallel_from":  # not measured with one thread
                self.assertRegex(text, rf"{name} +{value} ")

    def test_errors(self):
        (self.folder / "ister").write_text("a plain file")
        self.assert_refused(3, [str(self.folder / "ister"), "folder"], "bench", "tune", ranks=(1,))
        self.assert_refused(2, ["unexpected argument", "\"now\""], "bench", "tune", "now")
        self.assertIn("XDG_CACHE_HOME", self.assert_runs("bench", "tune", "--help"))

    def test_what_is_kept_is_used(self):
        """By analyses, whose answers do not depend on it; a damaged file is a warning."""
        self.assert_runs("bench", "tune")
        kept, = (self.folder / "ister").glob("*.json")
        with h5py.File(self.folder / "x.h5", "w") as file:
            file["x"] = np.sin(np.arange(200.0)**2)
        results = []
        for content, words in (({"correlation_fft_from": 1}, ""), ({"correlation_fft_from": 1000}, ""),
                               ({"correlation_fft_from": 0}, f"warning: {kept}: correlation_fft_from is 0")):
            kept.write_text(json.dumps(content))
            text = self.assert_runs("analyze", "correlate", "x.h5", "--x", "x", "-o", "r.h5")
            self.assertIn(words, text)
            self.assertEqual("warning" in text, bool(words))
            with h5py.File(self.folder / "r.h5") as file:
                results.append(file["correlation"][:])
        self.assertFalse(np.array_equal(results[0], results[1]), "the same algorithm was used")
        np.testing.assert_allclose(results[0], results[1], rtol=0, atol=1e-12 * results[0].max())


if __name__ == "__main__":
    unittest.main(verbosity=2)
