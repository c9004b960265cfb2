#!/usr/bin/python3
"""Files that are not what they should be: refused at once, by words, whatever they are, and never followed elsewhere.

Environment as in command.py.
"""

import gzip
import io
import os
import socket
import subprocess
import time
import unittest

import h5py
import numpy as np
from command import ENVIRONMENT, ISTER, CommandTest

TABLE = "# e[GeV/fm^3] p[GeV/fm^3] T[GeV]\n" + "".join(
    f"{e:.9e} {0.25 * e:.9e} {0.2 * e**0.2:.9e}\n" for e in np.geomspace(1e-3, 1e3, 60))


class InputFilesTest(CommandTest):
    def event_deck(self, name):
        return self.deck(f'type = "trento"\nfile = "{name}"\ngrid_spacing = 0.25\nscale = 1.0\n', "event.toml")

    def state_deck(self, name):
        return self.deck(f'type = "file"\nfile = "{name}"\n', "state.toml")

    def state(self, name, fill=None, **fields):
        """A state file of the small deck; `fill` does more to it."""
        with h5py.File(self.folder / name, "w", libver="latest") as file:
            file.attrs.update({"format": "ister-state", "version": 1, "time": 1.0, "step": 0, "geometry": "minkowski",
                               "units": "natural", "points": np.array([16, 12]), "lower": np.array([-4.0, -3.0]),
                               "upper": np.array([4.0, 3.0])})
            group = file.create_group("state")
            for field, values in fields.items():
                group[field] = values
            if fill is not None:
                fill(group)
        return self.state_deck(name)


class PlainFilesTest(InputFilesTest):
    """Only plain files are inputs; a link to one is one."""

    def assert_all_refuse(self, name, words):
        begin = time.monotonic()
        table = ("--set", "eos.type=table", f"eos.file={name}")
        for command in (("check", self.event_deck(name)), ("check", self.state_deck(name)), ("check", name),
                        ("info", name), ("check", self.deck(), *table), ("bench", "compare", name, name),
                        ("check", self.deck(), "--set", f'transport.eta_over_s={{model="table", file="{name}"}}'),
                        ("analyze", "spectrum", name, "-o", "out.h5"),
                        ("analyze", "correlate", name, "--x", "x", "-o", "out.h5")):
            self.assert_refused(3, [name, *words], *command, ranks=(1,))
        self.assertLess(time.monotonic() - begin, 60)

    def test_pipes(self):
        os.mkfifo(self.folder / "pipe")
        self.assert_all_refuse("pipe", ["pipe, not a plain file"])

    def test_sockets_and_devices(self):
        with socket.socket(socket.AF_UNIX) as server:
            here = os.getcwd()
            os.chdir(self.folder)
            try:
                server.bind("socket")
            finally:
                os.chdir(here)
            self.assert_refused(3, ["socket"], "info", "socket", ranks=(1, 3))
        (self.folder / "endless").symlink_to("/dev/zero")
        self.assert_all_refuse("endless", ["device, not a plain file"])

    def test_a_link_to_a_plain_file(self):
        self.write("there.dat", TABLE)
        (self.folder / "here.dat").symlink_to("there.dat")
        self.assert_runs("check", self.deck(), "--set", "eos.type=table", "eos.file=here.dat")

    def test_absurd_sizes(self):
        with open(self.folder / "large", "wb") as file:
            file.truncate(1 << 40)
        for command in (("check", self.event_deck("large")), ("check", "large"), ("bench", "compare", "large", "large"),
                        ("check", self.deck(), "--set", "eos.type=table", "eos.file=large")):
            self.assert_refused(3, ["larger than"], *command, ranks=(1,))


class Hdf5Test(InputFilesTest):
    """Values lie in the file that is named, and claims are checked before memory is asked for."""

    def assert_state_refused(self, code, words, name, fill=None, case=0, **fields):
        """By a check and, of several cases of a kind the first, by a run on several ranks."""
        self.assert_refused(code, [name, *words], "check", self.state(name, fill, **fields), ranks=(1,))
        if case == 0:
            self.assert_refused(code, [name, *words], "run", self.state_deck(name), ranks=(3,))

    def test_values_in_other_files(self):
        os.mkfifo(self.folder / "pipe")
        with h5py.File(self.folder / "other.h5", "w") as other:
            other["x"] = np.full((12, 16), 6.5)

        def external(place):
            return lambda group: group.create_dataset("energy_density", (12, 16), "u1",
                                                      external=[(str(self.folder / place), 0, 192)])

        def virtual(place):
            layout = h5py.VirtualLayout((12, 16), "f8")
            layout[:] = h5py.VirtualSource(str(self.folder / place), "x", (12, 16))
            return lambda group: group.create_virtual_dataset("energy_density", layout)

        def link(group):
            group["energy_density"] = h5py.ExternalLink("other.h5", "/x")

        def soft(group):
            group.file["away"] = h5py.ExternalLink("other.h5", "/")
            group["energy_density"] = h5py.SoftLink("/away/x")

        for case, place in enumerate(("other.h5", "pipe", "missing")):
            self.assert_state_refused(3, ["lie in other files"], "external.h5", external(place), case)
            self.assert_state_refused(3, ["lie in other files"], "virtual.h5", virtual(place), case)
        self.assert_state_refused(3, ["energy_density"], "link.h5", link)
        self.assert_state_refused(3, ["energy_density"], "soft.h5", soft)

    def test_arrays_in_other_files(self):
        with h5py.File(self.folder / "other.h5", "w") as other:
            other["x"] = np.arange(20.0)
        layout = h5py.VirtualLayout((20,), "f8")
        layout[:] = h5py.VirtualSource("other.h5", "x", (20,))
        with h5py.File(self.folder / "a.h5", "w") as file:
            file.create_virtual_dataset("v", layout)
            file["l"] = h5py.ExternalLink("other.h5", "/x")
            file["own"] = np.arange(20.0)
        self.assert_refused(3, ["a.h5", "other files"], "analyze", "correlate", "a.h5", "--x", "v", "-o", "o.h5",
                            ranks=(1,))
        self.assert_refused(2, ["a.h5", "/l"], "analyze", "correlate", "a.h5", "--x", "l", "-o", "o.h5", ranks=(1,))
        self.assert_runs("analyze", "correlate", "a.h5", "--x", "own", "-o", "o.h5")

    def test_claims(self):
        def huge(*shape):
            return lambda group: group.create_dataset("energy_density", shape, "f8", chunks=(64,) * len(shape))

        self.assert_state_refused(3, ["claims"], "square.h5", huge(50000, 50000))
        self.assert_state_refused(3, ["claims"], "line.h5", huge(1 << 60))
        with h5py.File(self.folder / "event.h5", "w") as file:
            file.create_dataset("event_0", (1 << 31, 1 << 20), "f8", chunks=(64, 64))
        self.assert_refused(3, ["event.h5", "claims"], "check", self.event_deck("event.h5"), ranks=(1,))

    def test_a_compressed_state_is_read(self):
        values = 5 + np.random.default_rng(1).random((12, 16))
        for options in ({"compression": "gzip", "shuffle": True}, {"fletcher32": True}, {"scaleoffset": 6}):
            self.state("packed.h5", lambda group, o=options: group.create_dataset(
                "energy_density", data=values, chunks=(5, 7), **o))
            self.assert_runs("info", "packed.h5")
            self.assert_runs("check", self.state_deck("packed.h5"))

    def test_unknown_fields(self):
        e, u = np.full((12, 16), 5.0), np.full((12, 16), 0.1)
        for case, (name, meant) in enumerate((
                ("v_y", "uy"), ("UX", "ux"), ("pi_xy", "pixy"), ("Pi", "bulk_pressure"), ("uy ", "uy"),
                ("bulkPressure", "bulk_pressure"), ("density_b", "charge"))):
            self.assert_state_refused(2, [f"/state/{name}", meant], "named.h5", case=case, energy_density=e, **{name: u})
        self.assert_state_refused(2, ["/state/flow"], "group.h5", lambda g: g.create_group("flow"), energy_density=e)
        self.assert_runs("check", self.state("known.h5", energy_density=e, temperature=u, entropy_density=u, alpha_b=u,
                                             pressure=u, x=np.arange(16.0), y=np.arange(12.0), time=1.0))

    def test_zeros_and_the_floor(self):
        e = np.full((12, 16), 5.0)
        e[:, :3] = 0.0
        self.assert_state_refused(2, ["positive", "initial.floor"], "zeros.h5", energy_density=e)
        self.assert_runs("run", self.state_deck("zeros.h5"), "--set", "initial.floor=0.01", "--set", "time.end=1.05",
                         "run.keep_going=true")
        with h5py.File(self.outputs("*_state_00000000.h5")[0]) as file:
            np.testing.assert_allclose(file["state/energy_density"][()], np.hypot(e, 0.05), rtol=1e-12)
        e[2, 5] = -1.0
        self.state("zeros.h5", energy_density=e)
        self.assert_refused(2, ["positive", "initial.floor"], "check", self.state_deck("zeros.h5"), "--set",
                            "initial.floor=0.01", ranks=(1,))


def crc64(data):
    """CRC-64/XZ."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0xC96C5795D7870F42 if byte & 1 else 0)
        table.append(byte)
    crc = (1 << 64) - 1
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ (1 << 64) - 1


class SealTest(InputFilesTest):
    """A checksum that agrees is no proof: whoever changes a file can put the right one."""

    def test_resealed_damage(self):
        self.assert_runs("run", self.deck(), "--set", "checkpoint.every_steps=2")
        whole = self.outputs("*_checkpoint_*.h5")[0].read_bytes()
        body, seal = whole[:-29], whole[-29:]
        self.assertEqual(seal, b"ISTER-CRC64 %016x\n" % crc64(body))
        random = np.random.default_rng(11)
        structures = [i for i in range(0, len(body) - 8, 8) if body[i:i + 4] in (b"OHDR", b"FRHP", b"BTHD", b"FHDB")]
        refused = 0
        for _ in range(12):
            damaged = bytearray(body)
            start = random.choice(structures)
            for place in start + random.integers(4, 120, 3):
                damaged[min(place, len(body) - 1)] = random.integers(256)
            (self.folder / "resealed.h5").write_bytes(bytes(damaged) + b"ISTER-CRC64 %016x\n" % crc64(damaged))
            code, out, err = self.run_ister("info", "resealed.h5")
            self.assertIn(code, (0, 3), out + err)
            refused += code == 3
        self.assertGreater(refused, 0)

    def test_wisdom_that_is_none(self):
        self.assert_runs("run", self.deck(), "--set", "checkpoint.every_steps=2")
        path = self.outputs("*_checkpoint_*.h5")[0]
        body = path.read_bytes()[:-29]
        place = body.index(b"(fftw-")
        damaged = body[:place] + b"(fftw-" + b"9" * 20 + body[place + 26:]
        path.write_bytes(damaged + b"ISTER-CRC64 %016x\n" % crc64(damaged))
        self.assertIn("rounding only", self.assert_runs("run", "deck.toml", "--restart", path, "--set", "time.end=1.25"))


class TextTest(InputFilesTest):
    def assert_event(self, code, words, content, name="event.dat"):
        (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        self.assert_refused(code, [name, *words], "check", self.event_deck(name), ranks=(1,))

    def test_events_of_other_codes(self):
        rows = "".join(f"0 {x} {y} {1.5 + x} 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n" for x in range(9) for y in range(9))
        self.assert_event(2, ["line 1", "MUSIC"], "# dummy 1 etamax= 1 xmax= 9 ymax= 9 deta= 1 dx= 1 dy= 1\n" + rows)
        self.assert_event(2, ["line 1", "KoMPoST"], "# tau_in_fm 0.8 etamax= 1 xmax= 9 ymax= 9 deta= 1\n" + rows)
        self.assert_event(2, ["line 1", "CCAKE"], "#0 0.1 0.1 0.1 0 -4 -4 -4\n" + rows)
        self.assert_event(2, ["line 1", "MUSIC"], rows * 2)
        cells = "".join(f"{x} {y} 0.0 2.5\n" for x in range(-6, 7) for y in range(-6, 7))
        self.assert_event(2, ["line 1", "freestream-milne"], cells)
        self.assert_event(2, ["line 1", "SMASH"], "#!OSCAR2013 particle_lists t x y z\n" + cells)
        self.assert_event(2, ["line 1", "superMC"], "# <npart>= 20 xmax= 13 ymax= 13\n" + cells)
        block = "".join("".join(f"{0.1 * i + j:22.12g}" for j in range(13)) + "\n" for i in range(13))
        self.assert_event(2, ["superMC", "transpose"], block)
        self.assert_event(2, ["superMC", "transpose"], "1 2 3 4\n" * 4, "sd_event_3_block.dat")

    def test_containers(self):
        text = "1 2 3 4\n" * 4
        array = io.BytesIO()
        np.save(array, np.ones((4, 4)))
        self.assert_event(3, ["gzip", "gunzip"], gzip.compress(text.encode()))
        self.assert_event(3, ["numpy"], array.getvalue())
        self.assert_event(3, ["UTF-16"], text.encode("utf-16"))
        with h5py.File(self.folder / "groups.h5", "w") as file:
            file["event_0/matter"] = np.ones((5, 5))
        self.assert_refused(3, ["groups.h5", "groups /event_0"], "check", self.event_deck("groups.h5"), ranks=(1,))
        self.state("state.h5", energy_density=np.ones((12, 16)))
        self.assert_refused(2, ["state.h5", 'initial.type = "file"'], "check", self.event_deck("state.h5"), ranks=(1,))

    def test_spellings_of_numbers_in_events(self):
        self.assert_event(3, ["line 3", "1.5D+00", "Fortran"], "# b\n" + "1 2 3 4\n" + "1 2 1.5D+00 4\n" * 3)
        self.assert_event(3, ["line 1", "exponent"], "1 2 1.5-103 4\n" * 4)
        self.assert_event(3, ["line 1", "decimal point"], "1,5 2 3 4\n" * 4)
        self.write("two.dat", "# event 0\n" + "1 2 3 4\n" * 4 + "# event 1\n" + "1 2 3 4\n" * 4)
        self.assertIn("holds 2 events: number 0", self.assert_runs("check", self.event_deck("two.dat")))
        x = (np.arange(21) - 10) * 0.25
        blob = io.StringIO()
        np.savetxt(blob, np.exp(-(x[:, None]**2 + x**2)))
        (self.folder / "bom.dat").write_bytes(b"\xef\xbb\xbf" + blob.getvalue().encode())
        self.assert_runs("check", self.event_deck("bom.dat"))

    def test_tables(self):
        def assert_table(code, words, content):
            (self.folder / "table.dat").write_bytes(content if isinstance(content, bytes) else content.encode())
            command = ("check", self.deck(), "--set", "eos.type=table", "eos.file=table.dat")
            if code == 0:
                self.assert_runs(*command)
            else:
                self.assert_refused(code, ["table.dat", *words], *command, ranks=(1,))

        header, rows = TABLE.split("\n", 1)
        assert_table(0, [], b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode())
        assert_table(0, [], "# of a group\n" + header + "\n# then\n\n" + rows)
        assert_table(2, [":1", "units are required", "e[GeV/fm^3]"], "e p T\n" + rows)
        assert_table(2, [":1", "column T has no unit"], header.replace("T[GeV]", "T") + "\n" + rows)
        assert_table(2, [":2", "Fortran"], header + "\n" + rows.replace("e", "D"))
        assert_table(2, [":2", "Fortran"], header + "\n" + rows.replace("e", "d", 1))
        assert_table(2, [":2", "'none'"], header + "\nnone 1 2\n" + rows)
        assert_table(2, [":2"], header + "\n" + rows.replace(".", ","))
        assert_table(2, ["gzip"], gzip.compress(TABLE.encode()))

    def test_benchmarks(self):
        for content in ('{"benchmarks": [{"name": "x", "real_time": 1e400}]}', "[" * 100000, '{"a":' * 3000,
                        '{"benchmarks": [{"name": "x", "real_time": ' + "[" * 60 + "]" * 60 + "}]}"):
            self.write("bench.json", content)
            self.assert_refused(3, ["bench.json"], "bench", "compare", "bench.json", "bench.json", ranks=(1,))


class StandardOutputTest(InputFilesTest):
    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full here")
    def test_what_cannot_be_printed_is_an_error(self):
        deck = self.state("s.h5", energy_density=np.full((12, 16), 5.0))
        h5py.File(self.folder / "a.h5", "w")["x"] = np.arange(20.0)
        for command in (["info", "s.h5"], ["check", deck], ["--version"], ["run", "--help"], ["run", deck],
                        ["analyze", "correlate", "a.h5", "--x", "x", "-o", "o.h5"]):
            for redirection in (">/dev/full", ">&-"):
                shell = f'exec "$0" "$@" {redirection}'
                done = subprocess.run(["sh", "-c", shell, ISTER, *command, *(["--overwrite"] if command[0:2] == ["run", deck] else [])],
                                      cwd=self.folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, timeout=90)
                self.assertEqual(done.returncode, 3, (command, redirection, done.stderr))
                self.assertIn("standard output", done.stderr)
        self.assert_runs("info", self.outputs("*_state_*.h5")[-1])  # not written over by what was printed

    def test_no_control_characters(self):
        def name(group):
            group.file.attrs["note\x1b[2J"] = "\x1b]0;title\x07 caf\u00e9 \x9b31m"

        self.state("s.h5", name, energy_density=np.full((12, 16), 5.0), **{"u\x1b[31mx": np.zeros((12, 16))})
        for command in (("info", "s.h5"), ("check", self.state_deck("s.h5"))):
            _, out, err = self.run_ister(*command)
            self.assertFalse(set(out + err) & {"\x1b", "\x07", "\x9b"}, out + err)
        self.assertIn("caf\u00e9", self.run_ister("info", "s.h5")[1])


if __name__ == "__main__":
    unittest.main()
