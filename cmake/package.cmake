# The C++ package: find_package(slipcast). Module io stays out of it, so that a consumer needs no Arrow.
include(CMakePackageConfigHelpers)

set(exported "")
foreach(name IN LISTS SLIPCAST_MODULES)
  if(NOT name STREQUAL "" AND NOT name STREQUAL "io")
    list(APPEND exported slipcast_${name})
    install(DIRECTORY include/slipcast/${name} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/slipcast" COMPONENT cpp)
  endif()
endforeach()
install(TARGETS ${exported} EXPORT slipcast ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT cpp)
install(EXPORT slipcast NAMESPACE slipcast:: DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/slipcast" COMPONENT cpp)
configure_package_config_file(cmake/slipcastConfig.cmake.in "${PROJECT_BINARY_DIR}/slipcastConfig.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/slipcast")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/slipcastConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/slipcastConfig.cmake" "${PROJECT_BINARY_DIR}/slipcastConfigVersion.cmake"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/slipcast" COMPONENT cpp)
