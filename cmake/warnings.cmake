# slipcast_flags: what every target of the project compiles with.
add_library(slipcast_flags INTERFACE)
target_compile_options(slipcast_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wunused -Wdouble-promotion -Wimplicit-fallthrough -Werror
  # Ledger numbers and decisions are bit-identical on one build: no fused multiply-add behind our back, never fast-math.
  -ffp-contract=off)

# clang blames std::stable_sort's callers for what GCC 12's own <algorithm> does inside (std::get_temporary_buffer).
target_compile_options(slipcast_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)

# A wheel is built by compilers that nobody here has seen: there a warning is only a warning.
if(SKBUILD)
  target_compile_options(slipcast_flags INTERFACE -Wno-error)
endif()
