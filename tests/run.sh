#!/usr/bin/env bash
# tests/run.sh [options of ctest]: installs what is missing, builds, runs every test, the MPI tests included.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/common.sh"

"$root/cluster/setup.sh" slurm-wlm munge iproute2 clang clang-format clang-tidy libomp-dev \
    python3-xarray python3-h5netcdf python3-pip python3-venv python3-wheel # batch jobs; a second compiler; Python
build_ister

mpi_environment 1000 # as many ranks as a test asks for, whatever the machine has
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} OMP_PROC_BIND=${OMP_PROC_BIND:-false} OMP_WAIT_POLICY=passive
export OMPI_MCA_hwloc_base_binding_policy=none PRTE_MCA_hwloc_default_binding_policy=none # tests run side by side
export HWLOC_COMPONENTS=-gl,-opencl,-linuxio,-pci # no search for devices at every start of MPI
say "testing"
exec ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(core_count)" "$@"
