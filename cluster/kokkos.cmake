# Finds Kokkos 3.4 to 5.x and makes ister_deps::kokkos and ister_deps::arch (the machine's instruction set).
# An explicit Kokkos_ROOT, Kokkos_DIR or CMAKE_PREFIX_PATH goes first, then what cluster/setup.sh recorded,
# then the system. Sets ister_kokkos_problem (empty when all is well) instead of stopping.

set(ister_arch_default native)
if(NOT "$ENV{ISTER_ARCH}" STREQUAL "")
  set(ister_arch_default "$ENV{ISTER_ARCH}")
endif()
set(ISTER_ARCH "${ister_arch_default}" CACHE STRING
    "native: this machine's instruction set, portable: the compiler's default, \
x86-64-v3: most processors since 2015 (AVX2), x86-64-v4: those with AVX-512")
set(ister_arch_choices native portable x86-64-v3 x86-64-v4)
set_property(CACHE ISTER_ARCH PROPERTY STRINGS ${ister_arch_choices})
if(NOT ISTER_ARCH IN_LIST ister_arch_choices)
  list(JOIN ister_arch_choices ", " ister_arch_choices)
  message(FATAL_ERROR "ISTER_ARCH is '${ISTER_ARCH}', allowed are ${ister_arch_choices}")
endif()

# The key names the instruction set (the same line stands in common.sh). It is also a compile definition, so a
# build folder that is carried to another kind of processor is compiled anew there.
add_library(ister_deps::arch INTERFACE IMPORTED)
set(ister_arch_key "${ISTER_ARCH}")
set(ister_march "")
if(NOT ISTER_ARCH STREQUAL "portable")
  set(ister_march "-march=${ISTER_ARCH}")
  include(CheckCXXCompilerFlag)
  string(MAKE_C_IDENTIFIER "ISTER_HAS_MARCH_${ISTER_ARCH}" ister_has_march)
  check_cxx_compiler_flag("${ister_march}" ${ister_has_march})
  if(${ister_has_march})
    target_compile_options(ister_deps::arch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${ister_march}>)
  elseif(NOT ISTER_ARCH STREQUAL "native")
    message(FATAL_ERROR "this compiler or processor does not know ISTER_ARCH='${ISTER_ARCH}'")
  endif()
endif()
execute_process(COMMAND c++ ${ister_march} -dM -E -x c++ /dev/null OUTPUT_VARIABLE ister_macros ERROR_QUIET)
if(ISTER_ARCH STREQUAL "native")
  string(MD5 ister_arch_key "${ister_macros}")
  string(SUBSTRING "${ister_arch_key}" 0 8 ister_arch_key)
  set(ister_arch_key "native-${ister_arch_key}")
endif()

# What the compiler may use beyond what every x86-64 has, and the flags of code that does without.
set(ister_instructions "")
set(ister_baseline "")
if(ister_macros MATCHES "__x86_64__")
  set(ister_baseline "-march=x86-64")
  foreach(instructions sse3 ssse3 sse4.1 sse4.2 popcnt avx avx2 fma bmi bmi2 sse4a fma4 xop aes pclmul gfni vpclmulqdq
          avx512f avx512cd avx512bw avx512dq avx512vl avx512ifma avx512vbmi avx512vbmi2 avx512vnni avx512bitalg
          avx512vpopcntdq avx512bf16 avx512vp2intersect)
    string(TOUPPER "${instructions}" macro)
    string(REPLACE "." "_" macro "${macro}")
    if(ister_macros MATCHES "__${macro}__")
      list(APPEND ister_instructions "${instructions}")
    endif()
  endforeach()
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
option(ISTER_ALLOW_SERIAL "Accept a Kokkos that has neither OpenMP, CUDA nor HIP" OFF)
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
  if(NOT ISTER_ALLOW_SERIAL AND NOT Kokkos_DEVICES MATCHES "OPENMP|CUDA|HIP")
    set(ister_kokkos_problem "a Kokkos with OpenMP, CUDA or HIP (${Kokkos_DIR} has only ${Kokkos_DEVICES}; \
-DISTER_ALLOW_SERIAL=ON takes it)")
  endif()
endif()

# A Kokkos built with nvcc puts its launcher in front of every call of the compiler: what is compiled for a target that
# links Kokkos goes to nvcc, and the rest to the compiler itself. Targets with the property ISTER_HOST_ONLY do not link
# it, whatever they name (nvcc.cmake).
set(ister_nvcc OFF)
if(TARGET ister_deps::kokkos AND Kokkos_CXX_COMPILER_ID STREQUAL "NVIDIA")
  set(ister_nvcc ON)
  set_property(TARGET ister_deps::kokkos PROPERTY INTERFACE_LINK_LIBRARIES
               "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:ISTER_HOST_ONLY>>>:Kokkos::kokkos>")
  target_compile_options(ister_deps::kokkos INTERFACE # std::array and std::max in kernels
                         "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:ISTER_HOST_ONLY>>>:--expt-relaxed-constexpr>")
  if(CMAKE_CXX_COMPILER MATCHES "nvcc_wrapper$")
    set(ister_kokkos_problem "a compiler for the host (CMAKE_CXX_COMPILER is ${CMAKE_CXX_COMPILER}; Kokkos calls nvcc itself)")
  endif()
endif()
