#!/usr/bin/python3
"""What installs Ister elsewhere, as far as it can be looked at here: Spack's recipe, image files, pages of machines."""

import ast
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from command import ISTER

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = ROOT / "cluster"


def text_of(name):
    return (CLUSTER / name).read_text(encoding="utf-8")


def packages_of(text):
    """What an image file installs for running."""
    listed = re.search(r"--no-install-recommends(.*?)\n +(?:&& )?rm ", text, re.S).group(1)
    return set(listed.replace("\\", " ").split())


def packages_needed():
    """By the executable itself, of Debian; none elsewhere."""
    executable = shutil.which(ISTER)
    needed = set(re.findall(r"NEEDED.*\[(.*)\]", subprocess.check_output(["readelf", "-d", executable], text=True)))
    loaded = re.findall(r"(\S+) => (/\S+)", subprocess.check_output(["ldd", executable], text=True))
    files = [os.path.realpath(path) for name, path in loaded if name in needed]
    found = subprocess.run(["dpkg-query", "-S", *files], capture_output=True, text=True, check=False)
    return {line.partition(":")[0] for line in found.stdout.splitlines()}


class RecipeTest(unittest.TestCase):
    def test_spack_builds_the_version_of_this_tree_with_options_that_exist(self):
        tree = ast.parse(text_of("spack/packages/ister/package.py"))
        recipe = next(node for node in tree.body if isinstance(node, ast.ClassDef))
        calls = [node for node in ast.walk(recipe) if isinstance(node, ast.Call)]
        named = [(getattr(call.func, "id", getattr(call.func, "attr", None)), getattr(call.args[0], "value", None))
                 for call in calls if call.args]
        version = re.search(r"project\(Ister VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        self.assertIn(("version", version), named)
        tags = [word.value.value for call in calls for word in call.keywords if word.arg == "tag"]
        self.assertEqual(tags, [f"v{version}"])
        build = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "CMakeLists.txt", *CLUSTER.glob("*.cmake")))
        for option in [value for name, value in named if name in ("define", "define_from_variant")]:
            self.assertTrue(option.startswith(("CMAKE_", "BUILD_")) or option in build, option)
        variants = {value for name, value in named if name == "variant"}
        conditions = {word.value.value for call in calls for word in call.keywords if word.arg == "when"}
        self.assertLessEqual({c.strip("+~") for c in conditions}, variants)

    def test_images_hold_what_the_executable_is_linked_with(self):
        docker, apptainer = packages_of(text_of("Dockerfile")), packages_of(text_of("ister.def"))
        self.assertEqual(docker, apptainer)
        needed = packages_needed()
        if "libopenmpi3" not in needed or "libgsl27" not in needed:
            self.skipTest("this is not Debian 12")
        brought = {"libc6", "libgcc-s1", "libstdc++6", "libopenmpi3"}  # by Debian itself and by openmpi-bin
        self.assertEqual(needed - brought - docker, set())

    def test_scripts_of_pages_are_shell_and_start_what_exists(self):
        blocks = [(page.name, block) for page in sorted((CLUSTER / "machines").glob("*.md"))
                  for block in re.findall(r"(?ms)^```bash\n(.*?)^```$", page.read_text(encoding="utf-8"))]
        self.assertGreater(len(blocks), 8)
        for page, block in blocks:
            with self.subTest(page=page, block=block):
                done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                if "#SBATCH" in block:
                    for line in ("--signal=B:USR1@300", "--requeue", "--open-mode=append"):
                        self.assertIn(f"#SBATCH {line}", block)
                    self.assertTrue((ROOT / re.search(r"exec bash (\S+)", block).group(1)).exists())


if __name__ == "__main__":
    unittest.main()
