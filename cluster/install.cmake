# cmake --install: the executable, the libraries with their headers, decks, scripts, plots, the Python package, and
# what find_package(Ister) reads; the folder may be moved, and be used by others than who installed it. A project says
#   find_package(Ister REQUIRED)
#   target_link_libraries(mine PRIVATE ister::solvers ister::io)   # or ister::core, ister::physics, ister::kernels, ister::drivers
include(CMakePackageConfigHelpers)

install(TARGETS ister RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
set(libraries ister_flags ister_core ister_physics ister_solvers ister_io ister_drivers)
if(ISTER_ANALYSIS)
  list(APPEND libraries ister_kernels)
endif()
install(TARGETS ${libraries} EXPORT IsterTargets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY inputs DESTINATION "${CMAKE_INSTALL_DATADIR}/ister")
install(PROGRAMS cluster/ensemble.sbatch cluster/ister.sbatch cluster/mpirun.sh DESTINATION "${CMAKE_INSTALL_DATADIR}/ister/cluster")
install(DIRECTORY drivers/plot DESTINATION "${CMAKE_INSTALL_DATADIR}/ister" USE_SOURCE_PERMISSIONS
        FILES_MATCHING PATTERN "*.py")
# pip installs this folder, which also serves as it is: PYTHONPATH=PREFIX/share/ister/python
install(FILES drivers/python/pyproject.toml drivers/python/README.md drivers/python/tutorial.png
        DESTINATION "${CMAKE_INSTALL_DATADIR}/ister/python")
install(PROGRAMS drivers/python/tutorial.py DESTINATION "${CMAKE_INSTALL_DATADIR}/ister/python")
install(DIRECTORY drivers/python/ister DESTINATION "${CMAKE_INSTALL_DATADIR}/ister/python"
        FILES_MATCHING PATTERN "*.py" PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY core physics solvers io DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ister" FILES_MATCHING PATTERN "*.hpp")
# Of the drivers what a run is made of.
install(FILES drivers/commands.hpp drivers/command_line.hpp DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ister/drivers")
install(FILES drivers/input/input.hpp DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ister/drivers/input")
install(DIRECTORY drivers/run DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ister/drivers" FILES_MATCHING PATTERN "*.hpp")

# A Kokkos of the system is there for everybody; any other one may stand in the home of who installs.
get_filename_component(kokkos_prefix "${Kokkos_DIR}/../../.." REALPATH)
get_filename_component(kokkos_config "${Kokkos_DIR}" REALPATH)
if(kokkos_prefix MATCHES "^/usr(/|$)")
  set(ister_kokkos "${kokkos_config}")
else()
  set(kokkos_place "${CMAKE_INSTALL_LIBDIR}/ister/kokkos")
  install(DIRECTORY "${kokkos_prefix}/" DESTINATION "${kokkos_place}" USE_SOURCE_PERMISSIONS)
  file(RELATIVE_PATH kokkos_config "${kokkos_prefix}" "${kokkos_config}")
  set(ister_kokkos "\${PACKAGE_PREFIX_DIR}/${kokkos_place}/${kokkos_config}")
endif()

set(ister_package "${CMAKE_INSTALL_LIBDIR}/cmake/Ister")
install(EXPORT IsterTargets NAMESPACE ister:: DESTINATION "${ister_package}")
configure_package_config_file(cluster/IsterConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/IsterConfig.cmake"
                              INSTALL_DESTINATION "${ister_package}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/IsterConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/IsterConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/IsterConfigVersion.cmake"
              cluster/dependencies.cmake cluster/kokkos.cmake DESTINATION "${ister_package}")
