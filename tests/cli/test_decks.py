#!/usr/bin/python3
"""Input files as editors save them, values as shells pass them, and names of runs.

Environment as in command.py.
"""

import unittest
from pathlib import Path

from command import DECK, CommandTest

INPUTS = Path(__file__).resolve().parents[2] / "inputs"


class InputsTest(CommandTest):
    """The decks that come along; those of collisions run in tests/physics/test_collision.cpp."""

    def test_run_to_their_ends(self):
        names = sorted(path.stem for path in INPUTS.glob("*.toml"))
        for name in names:
            if name == "defaults" or name.startswith("pbpb"):
                continue
            coarse = ["--set", "grid.points=[48,48]", "time.step=0.08"] if name == "kelvin_helmholtz" else []
            self.assert_runs("run", INPUTS / f"{name}.toml", "--output", name, *coarse)


class EncodingTest(CommandTest):
    def deck_as(self, data):
        (self.folder / "deck.toml").write_bytes(data)
        return "deck.toml"

    def test_marks_and_line_ends(self):
        def resolved(data):
            return self.assert_runs("check", self.deck_as(data)).split("\ngrid: ")[0]

        plain = resolved(DECK.encode())
        for data in (b"\xef\xbb\xbf" + DECK.encode(), DECK.replace("\n", "\r\n").encode(),
                     b"\xef\xbb\xbf" + DECK.replace("\n", "\r\n").encode()):
            self.assertEqual(resolved(data), plain)

    def test_other_encodings_are_named(self):
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            self.assert_refused(2, ["deck.toml", "UTF-16", "UTF-8"], "run", self.deck_as(DECK.encode(encoding)), ranks=(1,))
        latin = DECK.replace('name = "small"', 'name = "größer"')
        self.assert_refused(2, ["deck.toml:3", "UTF-8"], "run", self.deck_as(latin.encode("latin-1")))
        self.assert_refused(2, ["deck.toml:1", "CR LF"], "run", self.deck_as(DECK.strip().replace("\n", "\r").encode()),
                            ranks=(1,))


class SettingTest(CommandTest):
    def test_strings_that_look_like_something_else(self):
        for text in ("1984", "6.02e23", "0x1F", "-inf", "nan", "false", "1999-12-31", "07:30:00", "1_000", "1e400"):
            out = self.assert_runs("check", self.deck(), "--set", f"run.output={text}")
            self.assertIn(f'\noutput = "{text}"\n', out)
        for text in ('"1984"', "'1984'"):
            self.assertIn('\nname = "1984"\n', self.assert_runs("check", self.deck(), "--set", f"run.name={text}"))
        self.assert_runs("run", self.deck(), "--set", "run.name=2031", ranks=(3,))
        self.assertTrue(self.outputs("2031_state_*.h5"))

    def test_files_named_by_numbers(self):
        self.write("100", "")
        self.assert_refused(2, ["100"], "check", self.deck(), "--set", "eos.type=table", "eos.file=100", ranks=(1,))
        self.assert_refused(3, ["/5: "], "check", self.deck(), "--set", "eos.type=table", "eos.file=5", ranks=(1,))


class NameTest(CommandTest):
    def test_names_that_make_no_file(self):
        for name in ("..", ".", "a/b", "a:b", "a\\b", "-n", ".hidden", " a", "a ", "tab\tin", "bell\x07", "\x85" "next", "x" * 101):
            quoted = name.replace("\\", "\\\\").replace("\t", "\\t").replace("\x07", "\\u0007").replace("\x85", "\\u0085")
            self.assert_refused(2, ["run.name", "must be"], "check", self.deck(), "--set", f'run.name="{quoted}"',
                                ranks=(1,))
        self.assert_refused(2, ["run.name", "empty"], "run", self.deck(), "--set", "run.name=")

    def test_other_names_are_fine(self):
        for name in ("Pb Pb 5.02 TeV", "a=b", "größe", "x" * 100, "50%", "it's", "a.b-c"):
            self.assert_runs("run", self.deck(), "--set", f"run.name={name}", "--set", "time.end=1.1")
            self.assertTrue((self.folder / "out" / f"{name}_history.csv").is_file(), name)


class SyntaxTest(CommandTest):
    def test_messages_show_the_line_and_what_would_be_right(self):
        for wrong, words in (("step = 5.0D-2", ["step = 5.0D-2", "1.5e-3"]),
                             ("step = .05", ["step = .05", "0.5"]),
                             ("step = 0,05", ["step = 0,05", "point"]),
                             ("step = 0.05 fm", ["unit"]),
                             ("step : 0.05", ["joined by ="]),
                             ("integrator = rk4", ["integrator = rk4", "quotes"]),
                             ("integrator = “rk4”", ["quotes"])):
            deck = self.write("deck.toml", DECK.replace("step = 0.05", wrong))
            self.assert_refused(2, ["deck.toml:12:", "not valid TOML", *words], "check", deck, ranks=(1,))


if __name__ == "__main__":
    unittest.main(verbosity=2)
