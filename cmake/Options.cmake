# Compiler settings that hold for every target. Presets choose among them.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(RRI_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(RRI_FUZZ "Build the libFuzzer targets (needs Clang)" OFF)
option(RRI_COVERAGE "Instrument for gcov" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# RRI_ASSERT is always on; leave the standard library's own checks to the compiler flags.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wno-missing-field-initializers)
add_compile_definitions(_GLIBCXX_ASSERTIONS)

if(RRI_SANITIZE)
  add_compile_options(-fsanitize=${RRI_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RRI_SANITIZE})
endif()
if(RRI_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
