# Finds Kokkos 3.4 to 5.x and makes ister_deps::kokkos and ister_deps::arch (the machine's instruction set).
# An explicit Kokkos_ROOT, Kokkos_DIR or CMAKE_PREFIX_PATH goes first, then what cluster/setup.sh recorded,
# then the system. Sets ister_kokkos_problem (empty when all is well) instead of stopping.

set(ister_arch_default native)
if(NOT "$ENV{ISTER_ARCH}" STREQUAL "")
  set(ister_arch_default "$ENV{ISTER_ARCH}")
endif()
set(ISTER_ARCH "${ister_arch_default}" CACHE STRING
    "native: this machine's instruction set, portable: the compiler's default")
set_property(CACHE ISTER_ARCH PROPERTY STRINGS native portable)
if(NOT ISTER_ARCH MATCHES "^(native|portable)$")
  message(FATAL_ERROR "ISTER_ARCH is '${ISTER_ARCH}', allowed are native and portable")
endif()

# The key names the instruction set (the same line stands in common.sh). It is also a compile definition, so a
# build folder that is carried to another kind of processor is compiled anew there.
add_library(ister_deps::arch INTERFACE IMPORTED)
set(ister_arch_key portable)
if(ISTER_ARCH STREQUAL "native")
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-march=native ISTER_HAS_MARCH_NATIVE)
  if(ISTER_HAS_MARCH_NATIVE)
    target_compile_options(ister_deps::arch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-march=native>)
  endif()
  execute_process(COMMAND c++ -march=native -dM -E -x c++ /dev/null OUTPUT_VARIABLE ister_macros ERROR_QUIET)
  string(MD5 ister_arch_key "${ister_macros}")
  string(SUBSTRING "${ister_arch_key}" 0 8 ister_arch_key)
  set(ister_arch_key "native-${ister_arch_key}")
endif()
string(MAKE_C_IDENTIFIER "${ister_arch_key}" ister_arch_identifier) # no quotes: nvcc_wrapper loses them
target_compile_definitions(ister_deps::arch INTERFACE ISTER_ARCH_KEY=${ister_arch_identifier})
if(DEFINED ISTER_ARCH_KEY AND NOT ISTER_ARCH_KEY STREQUAL ister_arch_key)
  unset(Kokkos_DIR CACHE) # it was found for another instruction set
endif()
set(ISTER_ARCH_KEY "${ister_arch_key}" CACHE INTERNAL "")

# The record: the folder of KokkosConfig.cmake, and "serial" on a second line if that is all there is.
set(ister_cache "$ENV{XDG_CACHE_HOME}")
if(ister_cache STREQUAL "")
  set(ister_cache "$ENV{HOME}/.cache")
endif()
set(ister_record "${ister_cache}/ister/kokkos-${ister_arch_key}.txt")
set(ister_recorded "")
if(EXISTS "${ister_record}")
  file(STRINGS "${ister_record}" ister_recorded)
endif()
option(ISTER_ALLOW_SERIAL "Accept a Kokkos that has neither OpenMP nor CUDA" OFF)
if("serial" IN_LIST ister_recorded)
  set(ISTER_ALLOW_SERIAL ON)
endif()

find_package(Kokkos QUIET HINTS ${ister_recorded})

set(ister_kokkos_problem "")
if(NOT Kokkos_FOUND)
  set(ister_kokkos_problem "Kokkos (3.4 to 5.x)")
elseif(Kokkos_VERSION VERSION_LESS 3.4 OR Kokkos_VERSION VERSION_GREATER_EQUAL 6)
  set(ister_kokkos_problem "Kokkos 3.4 to 5.x (${Kokkos_DIR} has ${Kokkos_VERSION})")
else()
  add_library(ister_deps::kokkos INTERFACE IMPORTED)
  if(TARGET Kokkos::kokkoscore)
    target_link_libraries(ister_deps::kokkos INTERFACE Kokkos::kokkos)
  else() # Debian's binary package: its Kokkos::kokkos names a folder that does not exist
    target_include_directories(ister_deps::kokkos SYSTEM INTERFACE ${Kokkos_INCLUDE_DIRS})
    target_link_libraries(ister_deps::kokkos INTERFACE ${Kokkos_LIBRARIES} ${CMAKE_DL_LIBS})
  endif()
  if(NOT ISTER_ALLOW_SERIAL AND NOT Kokkos_DEVICES MATCHES "OPENMP|CUDA")
    set(ister_kokkos_problem "a Kokkos with OpenMP or CUDA (${Kokkos_DIR} has only ${Kokkos_DEVICES}; \
-DISTER_ALLOW_SERIAL=ON takes it)")
  endif()
endif()

# For a Kokkos built with nvcc everything is compiled by nvcc_wrapper: as CMAKE_CXX_COMPILER, or because Kokkos puts it
# in front of every call of another compiler. nvcc's parser does not get through toml++: files that include it are
# compiled with
#   set_source_files_properties(FILE PROPERTIES COMPILE_OPTIONS "${ister_host_only}")
set(ister_host_only "")
if(Kokkos_CXX_COMPILER_ID STREQUAL "NVIDIA")
  set(ister_host_only --host-only)
  target_compile_options(ister_deps::arch INTERFACE --expt-relaxed-constexpr) # std::array and std::max in kernels
endif()
