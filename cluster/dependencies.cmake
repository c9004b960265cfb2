# Everything Ister is built on, as ister_deps::<name>; included by the top-level CMakeLists.txt, and by the package that
# find_package(Ister) reads with ister_installed set.
#   kokkos arch mpi fftw hdf5 fmt gsl lapacke lzf toml: what the libraries need
#   lz4 sndfile ceres: what the kernels need besides, unless ISTER_ANALYSIS is off
#   cli11 json: what it takes to compile the executable; gtest, gtest_main unless BUILD_TESTING is off
#   gpu: what the line transforms of a GPU need; empty without one
# What is missing is collected and named in one message.

include("${CMAKE_CURRENT_LIST_DIR}/kokkos.cmake")
set(ister_missing ${ister_kokkos_problem})

# ister_dependency(name what condition-variable target...): the target, or an entry in the list of missing things
function(ister_dependency name what found)
  if(NOT ${found})
    set(ister_missing ${ister_missing} "${what}" PARENT_SCOPE)
    return()
  endif()
  add_library(ister_deps::${name} INTERFACE IMPORTED)
  target_link_libraries(ister_deps::${name} INTERFACE ${ARGN})
endfunction()

if("CUDA" IN_LIST Kokkos_DEVICES)
  find_package(CUDAToolkit QUIET)
  ister_dependency(gpu "cuFFT" CUDA_cufft_LIBRARY CUDA::cufft)
elseif("HIP" IN_LIST Kokkos_DEVICES)
  find_package(hipfft QUIET)
  ister_dependency(gpu "hipFFT" hipfft_FOUND hip::hipfft)
  message(WARNING "Kokkos with HIP: nobody has compiled or run Ister with it so far")
else()
  add_library(ister_deps::gpu INTERFACE IMPORTED)
endif()

set(MPI_CXX_SKIP_MPICXX ON)
find_package(MPI QUIET COMPONENTS CXX)
ister_dependency(mpi "MPI" MPI_CXX_FOUND MPI::MPI_CXX)

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(ister_fftw QUIET IMPORTED_TARGET fftw3)
  pkg_check_modules(ister_hdf5 QUIET IMPORTED_TARGET hdf5-openmpi)
  pkg_check_modules(ister_gsl QUIET IMPORTED_TARGET gsl)
  pkg_check_modules(ister_lapacke QUIET IMPORTED_TARGET lapacke)
  pkg_check_modules(ister_lzf QUIET IMPORTED_TARGET liblzf)
  if(ISTER_ANALYSIS)
    pkg_check_modules(ister_lz4 QUIET IMPORTED_TARGET liblz4)
    pkg_check_modules(ister_sndfile QUIET IMPORTED_TARGET sndfile)
  endif()
endif()
ister_dependency(gsl "GSL" ister_gsl_FOUND PkgConfig::ister_gsl)
ister_dependency(lapacke "LAPACKE" ister_lapacke_FOUND PkgConfig::ister_lapacke)
ister_dependency(lzf "LibLZF" ister_lzf_FOUND PkgConfig::ister_lzf)
if(ISTER_ANALYSIS)
  ister_dependency(lz4 "LZ4" ister_lz4_FOUND PkgConfig::ister_lz4)
  ister_dependency(sndfile "libsndfile" ister_sndfile_FOUND PkgConfig::ister_sndfile)
  find_package(Ceres QUIET)
  ister_dependency(ceres "Ceres Solver" Ceres_FOUND Ceres::ceres)
endif()

find_library(ISTER_FFTW_MPI fftw3_mpi HINTS ${ister_fftw_LIBRARY_DIRS} ${ister_fftw_LIBDIR})
find_library(ISTER_FFTW_OMP fftw3_omp HINTS ${ister_fftw_LIBRARY_DIRS} ${ister_fftw_LIBDIR})
find_path(ISTER_FFTW_MPI_INCLUDE fftw3-mpi.h HINTS ${ister_fftw_INCLUDE_DIRS} ${ister_fftw_INCLUDEDIR})
if(ister_fftw_FOUND AND ISTER_FFTW_MPI AND ISTER_FFTW_OMP AND ISTER_FFTW_MPI_INCLUDE AND MPI_CXX_FOUND)
  set(ister_fftw_complete ON)
  set_property(TARGET PkgConfig::ister_fftw APPEND PROPERTY INTERFACE_INCLUDE_DIRECTORIES "${ISTER_FFTW_MPI_INCLUDE}")
endif()
ister_dependency(fftw "FFTW 3 with MPI and OpenMP" ister_fftw_complete ${ISTER_FFTW_MPI} ${ISTER_FFTW_OMP}
                 PkgConfig::ister_fftw MPI::MPI_CXX)

if(ister_hdf5_FOUND) # Debian's name; elsewhere CMake's own module looks for it
  ister_dependency(hdf5 "parallel HDF5" ister_hdf5_FOUND PkgConfig::ister_hdf5 MPI::MPI_CXX)
else()
  enable_language(C)
  set(HDF5_PREFER_PARALLEL ON)
  find_package(HDF5 QUIET COMPONENTS C)
  add_library(ister_hdf5_module INTERFACE IMPORTED)
  target_include_directories(ister_hdf5_module SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
  target_compile_definitions(ister_hdf5_module INTERFACE ${HDF5_C_DEFINITIONS})
  target_link_libraries(ister_hdf5_module INTERFACE ${HDF5_C_LIBRARIES})
  ister_dependency(hdf5 "parallel HDF5" HDF5_IS_PARALLEL ister_hdf5_module MPI::MPI_CXX)
endif()

find_package(fmt QUIET)
ister_dependency(fmt "fmt" fmt_FOUND fmt::fmt)
find_package(tomlplusplus QUIET)
ister_dependency(toml "toml++" tomlplusplus_FOUND tomlplusplus::tomlplusplus)
if(NOT ister_installed)
  find_package(CLI11 QUIET)
  find_package(nlohmann_json QUIET)
  ister_dependency(cli11 "CLI11" CLI11_FOUND CLI11::CLI11)
  ister_dependency(json "nlohmann_json" nlohmann_json_FOUND nlohmann_json::nlohmann_json)
endif()
if(NOT ister_installed AND (BUILD_TESTING OR NOT DEFINED BUILD_TESTING))
  find_package(GTest QUIET)
  ister_dependency(gtest "GoogleTest" GTest_FOUND GTest::gtest)
  ister_dependency(gtest_main "GoogleTest's main" GTest_FOUND GTest::gtest_main)
endif()

if(ister_missing)
  list(JOIN ister_missing "\n  " ister_missing)
  message(FATAL_ERROR "Not found:\n  ${ister_missing}\nOn Debian cluster/setup.sh provides all of it; elsewhere "
                      "name the places in CMAKE_PREFIX_PATH and PKG_CONFIG_PATH.")
endif()
message(STATUS "Kokkos ${Kokkos_VERSION} (${Kokkos_DEVICES}) in ${Kokkos_DIR}, instruction set ${ister_arch_key}")
