# The one statement of the modules, their layers and what each may use. Configuring refuses a use of an equal or higher
# layer; tools/check_layers reads the same list and checks every include against it.
#
#   slipcast_module(NAME LAYER n USES modules... [LINKS libraries...])
#
# A module is the folder include/slipcast/NAME and the folder src/NAME.
set(SLIPCAST_MODULES "" CACHE INTERNAL "")

function(slipcast_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "" "LAYER" "USES;LINKS")
  foreach(used IN LISTS module_USES)
    if(NOT TARGET slipcast_${used})
      message(FATAL_ERROR "module ${name} uses ${used}, which is not listed before it")
    endif()
    get_property(used_layer TARGET slipcast_${used} PROPERTY SLIPCAST_LAYER)
    if(NOT used_layer LESS module_LAYER)
      message(FATAL_ERROR "module ${name} (layer ${module_LAYER}) may not use ${used} (layer ${used_layer}): uses point down")
    endif()
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${name}/*.cpp")
  add_library(slipcast_${name} STATIC ${sources})
  add_library(slipcast::${name} ALIAS slipcast_${name})
  set_target_properties(slipcast_${name} PROPERTIES
    LINKER_LANGUAGE CXX SLIPCAST_LAYER ${module_LAYER} SLIPCAST_USES "${module_USES}" EXPORT_NAME ${name})
  target_include_directories(slipcast_${name} PUBLIC
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  target_compile_features(slipcast_${name} PUBLIC cxx_std_20)
  list(TRANSFORM module_LINKS REPLACE "^fmt::fmt$" "${SLIPCAST_FMT}")
  target_link_libraries(slipcast_${name} PRIVATE $<BUILD_INTERFACE:slipcast_flags> ${module_LINKS})
  foreach(used IN LISTS module_USES)
    target_link_libraries(slipcast_${name} PUBLIC slipcast_${used})
  endforeach()
  if("Eigen3::Eigen" IN_LIST module_LINKS)
    # The one library whose types stand in public headers.
    target_link_libraries(slipcast_${name} PUBLIC Eigen3::Eigen)
  endif()
  set(SLIPCAST_MODULES "${SLIPCAST_MODULES};${name}" CACHE INTERNAL "")
endfunction()

slipcast_module(core LAYER 0 LINKS fmt::fmt)
slipcast_module(math LAYER 1 USES core)
slipcast_module(market LAYER 1 USES core LINKS fmt::fmt)
slipcast_module(interchange LAYER 2 USES core market LINKS fmt::fmt)
slipcast_module(forecast LAYER 2 USES core math market LINKS fmt::fmt)
slipcast_module(tca LAYER 3 USES core math market forecast LINKS fmt::fmt Threads::Threads)
slipcast_module(venue LAYER 3 USES core math market LINKS fmt::fmt Threads::Threads Eigen3::Eigen)
slipcast_module(cost LAYER 3 USES core math market forecast LINKS fmt::fmt nlohmann_json::nlohmann_json Eigen3::Eigen)
slipcast_module(control LAYER 3 USES core math LINKS fmt::fmt Eigen3::Eigen)
slipcast_module(sim LAYER 4 USES core math market forecast venue LINKS fmt::fmt)
slipcast_module(desk LAYER 5 USES core math market forecast cost venue control LINKS fmt::fmt)
slipcast_module(storage LAYER 6 USES core desk LINKS fmt::fmt ${SLIPCAST_SQLITE} Threads::Threads)
slipcast_module(trial LAYER 6 USES core math market forecast tca cost venue control sim desk LINKS fmt::fmt)
slipcast_module(report LAYER 7 USES core math market forecast tca venue control LINKS fmt::fmt nlohmann_json::nlohmann_json)
if(SLIPCAST_WITH_IO)
  slipcast_module(io LAYER 7 USES core market interchange
    LINKS fmt::fmt slipcast_arrow ${SLIPCAST_ZIP} ${SLIPCAST_XLSXWRITER} tomlplusplus::tomlplusplus date::date-tz)
endif()

# GCC 12 believes, wrongly, that the date library's own parser may read what it has not set.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set_source_files_properties("${PROJECT_SOURCE_DIR}/src/io/local_time.cpp" PROPERTIES COMPILE_OPTIONS -Wno-maybe-uninitialized)
endif()

target_compile_definitions(slipcast_core PRIVATE SLIPCAST_VERSION="${PROJECT_VERSION}")
