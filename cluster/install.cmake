# cmake --install: the executable, the libraries with their headers, and what find_package(Ister) reads. A project says
#   find_package(Ister REQUIRED)
#   target_link_libraries(mine PRIVATE ister::solvers ister::io)   # or ister::core, ister::physics, ister::kernels
include(CMakePackageConfigHelpers)

install(TARGETS ister RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
set(libraries ister_flags ister_core ister_physics ister_solvers ister_io)
if(ISTER_ANALYSIS)
  list(APPEND libraries ister_kernels)
endif()
install(TARGETS ${libraries} EXPORT IsterTargets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY core physics solvers io DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ister" FILES_MATCHING PATTERN "*.hpp")

set(ister_package "${CMAKE_INSTALL_LIBDIR}/cmake/Ister")
install(EXPORT IsterTargets NAMESPACE ister:: DESTINATION "${ister_package}")
configure_package_config_file(cluster/IsterConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/IsterConfig.cmake"
                              INSTALL_DESTINATION "${ister_package}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/IsterConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/IsterConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/IsterConfigVersion.cmake"
              cluster/dependencies.cmake cluster/kokkos.cmake DESTINATION "${ister_package}")
