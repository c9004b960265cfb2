#!/usr/bin/python3
"""The examples of the guides, taken from their text: commands run, decks pass `ister check`, pictures can be drawn.

Environment as in command.py.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from command import ENVIRONMENT, ISTER

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3"
LIMIT = 100  # seconds of a block


def blocks(guide, language):
    """Section by section the blocks of a language in a guide: {heading: [text, ...]}."""
    found = {}
    for part in re.split(r"(?m)^(?=## )", (ROOT / guide).read_text(encoding="utf-8")):
        heading = part.partition("\n")[0].removeprefix("## ")
        found[heading] = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", part)
    return found


def replace_sections(deck, example):
    """The deck with the sections of the example in place of its own."""
    parts = {}
    for text in (deck, example):
        for section in re.split(r"(?m)^(?=\[)", text):
            parts[section.partition("\n")[0].strip()] = section
    return "".join(parts.values())


def with_neighbours(examples):
    """The examples, neighbours of different sections as one; but an ensemble has no observers of its events."""
    joined = []
    for example in examples:
        sections = set(re.findall(r"(?m)^\[.*", example))
        if joined and "[ensemble]" not in example + joined[-1] and not sections & set(re.findall(r"(?m)^\[.*", joined[-1])):
            joined[-1] += example
        else:
            joined.append(example)
    return joined


class GuideTest(unittest.TestCase):
    """Runs blocks of a guide in a folder of its own, with `ister` and $plot as the guides have them."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ister_guides_"))
        self.addCleanup(shutil.rmtree, self.folder)
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "ister").symlink_to(os.path.abspath(shutil.which(ISTER) or ISTER))
        # Pictures are drawn by this process, which loads matplotlib once for all of them.
        (bin_folder / "plot").write_text('#!/bin/sh\n[ -s "$1" ] && echo "$1" >>pictures\n', encoding="utf-8")
        (bin_folder / "plot").chmod(0o755)
        self.environment = {**ENVIRONMENT, "PATH": f"{bin_folder}:{os.environ['PATH']}",
                            "plot": str(bin_folder / "plot")}

    def run_block(self, command, text):
        done = subprocess.run(command, input=text, cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 0, text + done.stdout + done.stderr)
        return done.stdout


class AnalyzeGuide(GuideTest):
    """drivers/analyze/README.md"""

    SECTIONS = blocks("drivers/analyze/README.md", "sh")
    RUN = "The run that is looked at"

    made = None  # the run, once for all examples that look at it

    def make_run(self):
        if AnalyzeGuide.made is None:
            for text in self.SECTIONS[self.RUN]:
                self.run_block(["bash", "-e"], text)
            AnalyzeGuide.made = tempfile.mkdtemp(prefix="ister_guides_run_")
            self.addClassCleanup(shutil.rmtree, AnalyzeGuide.made)
            shutil.copytree(self.folder / "out", AnalyzeGuide.made, dirs_exist_ok=True)
            shutil.copy(self.folder / "flow.toml", AnalyzeGuide.made)
        else:
            shutil.copytree(AnalyzeGuide.made, self.folder / "out")
            shutil.move(self.folder / "out/flow.toml", self.folder)

    def run_section(self, name, panels, after_run=False):
        """Runs a section and draws its pictures, whose panels are counted."""
        if after_run:
            self.make_run()
        for text in self.SECTIONS[name]:
            self.run_block(["bash", "-e"], text)
        sys.path.insert(0, str(ROOT / "drivers" / "plot"))
        from plot_analysis import figure_of  # noqa: E402, slow
        from plot_drawing import Results  # noqa: E402
        pictures = self.folder / "pictures"
        drawn = []
        for file in pictures.read_text().split() if pictures.exists() else []:
            figure = figure_of(Results(self.folder / file))
            drawn.append(sum(a.get_visible() and a.get_label() != "<colorbar>" for a in figure.axes))
        self.assertEqual(drawn, panels)

    def test_every_section_is_run_here(self):
        runs = {name for name, texts in self.SECTIONS.items() if texts and name != self.RUN}
        self.assertEqual(runs, {name.removeprefix("test_example_") for name in dir(self) if "test_example_" in name})

    def test_example_compare(self):
        self.run_section("compare", [3], after_run=True)

    def test_example_spectrum(self):
        self.run_section("spectrum", [3], after_run=True)

    def test_example_g2(self):
        self.run_section("g2", [7], after_run=True)

    def test_example_surface(self):
        self.run_section("surface", [])
        self.assertEqual((self.folder / "surface.dat").stat().st_size % (34 * 4), 0)
        self.assertTrue((self.folder / "music_input").exists())

    def test_example_particles(self):
        self.run_section("surface", [])
        self.run_section("particles", [3, 3])

    def test_example_ensemble(self):
        self.run_section("surface", [])
        self.run_section("ensemble", [6])

    def test_example_medium(self):
        self.run_section("medium", [])
        self.assertTrue((self.folder / "JetData.h5").exists())
        size = (self.folder / "evolution_all_xyeta_MUSIC.dat").stat().st_size
        self.assertEqual((size - 16 * 4) % (11 * 4), 0)

    def test_example_probes(self):
        self.run_section("probes", [5], after_run=True)

    def test_example_sonify(self):
        self.run_section("sonify", [], after_run=True)
        self.assertEqual((self.folder / "flow.wav").read_bytes()[:4], b"RIFF")

    def test_example_correlate(self):
        self.run_section("correlate", [2, 2, 1])

    def test_example_angles(self):
        self.run_section("angles", [2])

    def test_example_volterra(self):
        self.run_section("volterra", [4, 3, 1])

    def test_example_fit(self):
        self.run_section("fit", [9])


class InputsGuide(GuideTest):
    """inputs/README.md"""

    GUIDE = "inputs/README.md"
    DECK = blocks(GUIDE, "toml")["First run"][0]

    def setUp(self):
        super().setUp()
        (self.folder / "first.toml").write_text(self.DECK, encoding="utf-8")

    def run_python(self, section):
        """All blocks of a section; what they print."""
        return "".join(self.run_block([PYTHON, "-"], text) for text in blocks(self.GUIDE, "python")[section])

    def test_first_run_is_read_and_restarted(self):
        commands = blocks(self.GUIDE, "sh")
        self.run_block(["bash", "-e"], commands["First run"][0])
        said = self.run_python("Reading results")
        self.assertIn("t = 2.0 fm", said)
        self.assertLess(float(said.split()[-1]), 1e-3, said)
        self.assertIn("going on from", self.run_block(["bash", "-e"], commands["Restart"][0]))
        self.assertTrue((self.folder / "out/first/first_state_00000050.h5").exists())

    def test_equations_of_state_are_written(self):
        self.run_block(["bash", "-e"], blocks(self.GUIDE, "sh")["Section by section"][0])
        self.assertTrue((self.folder / "eos.csv").exists())
        self.assertTrue((self.folder / "hrg_hotqcd_eos_binary.dat").exists())

    def test_every_example_of_a_section_is_accepted(self):
        self.run_python("A state file as initial data")
        self.run_python("Events")
        (self.folder / "pbpb_b7.2.dat").symlink_to(ROOT / "inputs" / "pbpb_b7.2.dat")
        examples = [text for name, texts in blocks(self.GUIDE, "toml").items() if name != "First run" for text in texts]
        self.assertGreater(len(examples), 20)
        for example in with_neighbours(examples):
            with self.subTest(example=example):
                (self.folder / "deck.toml").write_text(replace_sections(self.DECK, example), encoding="utf-8")
                self.run_block(["ister", "check", "deck.toml"], "")

    def test_every_section_of_a_deck_has_an_example(self):
        known = re.findall(r"(?m)^\[(\w+)\]", (ROOT / "inputs" / "defaults.toml").read_text(encoding="utf-8"))
        shown = re.findall(r"(?m)^\[(\w+)\]", (ROOT / self.GUIDE).read_text(encoding="utf-8"))
        self.assertEqual(set(known), set(shown))


if __name__ == "__main__":
    unittest.main()
