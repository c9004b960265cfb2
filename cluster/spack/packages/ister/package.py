"""Spack's recipe of Ister: spack repo add cluster/spack && spack install ister"""

from pathlib import Path

from spack.package import *

try:
    from spack_repo.builtin.build_systems.cmake import CMakePackage
except ImportError:  # before Spack 1.0 spack.package has it
    pass


class Ister(CMakePackage):
    """Relativistic viscous hydrodynamics in one to three dimensions with spectral accuracy, on Kokkos, MPI, FFTW and
    HDF5."""

    # The clone that this file stands in: a release is one of its tags.
    git = f"file://{Path(__file__).resolve().parents[4]}"

    license("BSD-3-Clause")

    version("main", branch="main")
    version("0.2.0", tag="v0.2.0", preferred=True)

    variant("analysis", default=True, description="ister analyze and the kernels behind it")
    variant("cuda", default=False, description="Run on GPUs of NVIDIA")
    variant("python", default=True, description="What the pictures and `import ister` need")

    depends_on("c", type="build")
    depends_on("cxx", type="build")
    depends_on("cmake@3.18:", type="build")
    depends_on("pkgconfig", type="build")

    depends_on("mpi")
    depends_on("kokkos@3.4:5 +openmp", when="~cuda")
    depends_on("kokkos@3.4:5 +cuda +wrapper", when="+cuda")
    depends_on("kokkos-nvcc-wrapper", when="+cuda")
    depends_on("fftw@3 precision=double +mpi +openmp")
    depends_on("hdf5@1.10: +mpi")
    depends_on("gsl")
    depends_on("lapack")  # with LAPACKE: openblas, or netlib-lapack+lapacke
    depends_on("liblzf")
    depends_on("fmt")
    depends_on("tomlplusplus")
    depends_on("cli11", type="build")
    depends_on("nlohmann-json", type="build")
    with when("+analysis"):
        depends_on("lz4")
        depends_on("libsndfile")
        depends_on("ceres-solver")
    depends_on("googletest", type="build")

    with when("+python"):
        depends_on("python@3.11:", type="run")
        depends_on("py-numpy", type="run")
        depends_on("py-h5py", type="run")
        depends_on("py-matplotlib", type="run")

    def cmake_args(self):
        args = [
            self.define_from_variant("ISTER_ANALYSIS", "analysis"),
            self.define("BUILD_TESTING", self.run_tests),
            # Spack's own compiler wrapper says for which processor.
            self.define("ISTER_ARCH", "portable"),
        ]
        if self.spec.satisfies("+cuda"):
            args.append(self.define("CMAKE_CXX_COMPILER", self.spec["kokkos-nvcc-wrapper"].kokkos_cxx))
        return args

    def setup_run_environment(self, env):
        env.prepend_path("PYTHONPATH", self.prefix.share.ister.python)

    @run_after("install")
    @on_package_attributes(run_tests=True)
    def says_its_version(self):
        Executable(self.prefix.bin.ister)("--version")
