# The page's script, style sheet and fonts, bundled from report/web and compiled into module report as bytes.
#   SLIPCAST_PAGE_BUNDLE=FILE   use this page_bundle.cpp, made elsewhere by report/web/build.mjs, instead of running node
set(SLIPCAST_PAGE_BUNDLE "" CACHE FILEPATH "a page_bundle.cpp made before, for machines without node")

function(slipcast_add_page_bundle target)
  set(web "${PROJECT_SOURCE_DIR}/report/web")
  if(SLIPCAST_PAGE_BUNDLE)
    if(NOT EXISTS "${SLIPCAST_PAGE_BUNDLE}")
      message(FATAL_ERROR "SLIPCAST_PAGE_BUNDLE: ${SLIPCAST_PAGE_BUNDLE} does not exist")
    endif()
    set(bundle "${SLIPCAST_PAGE_BUNDLE}")
  else()
    find_program(SLIPCAST_NODE node PATHS "${PROJECT_SOURCE_DIR}/.venv/bin" NO_DEFAULT_PATH)
    find_program(SLIPCAST_NODE node)
    if(NOT SLIPCAST_NODE OR NOT EXISTS "${web}/node_modules/esbuild")
      message(FATAL_ERROR "module report needs node and the npm packages of report/web to bundle its page: "
        "run tools/setup, or set SLIPCAST_PAGE_BUNDLE to a page_bundle.cpp made on another machine")
    endif()
    set(bundle "${PROJECT_BINARY_DIR}/page_bundle.cpp")
    file(GLOB web_sources CONFIGURE_DEPENDS "${web}/src/*.ts" "${web}/src/*.css")
    add_custom_command(OUTPUT "${bundle}"
      COMMAND "${SLIPCAST_NODE}" build.mjs "${bundle}"
      DEPENDS ${web_sources} "${web}/build.mjs" "${web}/package-lock.json" "${web}/tsconfig.json"
      WORKING_DIRECTORY "${web}" VERBATIM COMMENT "Bundling the report page")
  endif()
  target_sources(${target} PRIVATE "${bundle}")
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src/report")
endfunction()

slipcast_add_page_bundle(slipcast_report)
