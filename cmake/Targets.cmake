# How each kind of target is built: one place for the language level and the warnings.
add_library(onnx_reinit_options INTERFACE)
target_compile_features(onnx_reinit_options INTERFACE cxx_std_20)
# -Wno-missing-field-initializers: designated initializers name what differs from the defaults.
# -pthread: some libraries ask for it, and precompiled headers are for sources that agree in it.
# -ffp-contract=off: the same seed gives the same bytes on processors with and without fused multiply-add.
target_compile_options(onnx_reinit_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -pthread
  -ffp-contract=off
  # GCC 12 sees overlapping copies in std::string's operator+ (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# Headers that most sources include are parsed once for all of them: to read these took half of the time of a
# build. Each source still includes what it uses: `tools/dev lint` reads it without them.
set(ONNX_REINIT_HEADERS <algorithm> <array> <cmath> <cstdint> <memory> <optional> <string> <string_view> <utility>
  <vector> <absl/container/flat_hash_map.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
  <absl/strings/str_format.h> <absl/types/span.h>)

# Compiles `target` with the precompiled headers of `host`, which has the same options.
function(onnx_reinit_reuse_headers target host)
  if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)  # as in the lint preset: CMake would warn of each target
    target_precompile_headers(${target} REUSE_FROM ${host})
  endif()
endfunction()

# onnx_reinit_stage(NAME SOURCES a.cc b.cc DEPENDS earlier stages and libraries)
# One static library per folder of lib/; it links only to what stands before it in the data flow.
function(onnx_reinit_stage name)
  cmake_parse_arguments(STAGE "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(onnx_reinit_${name} STATIC ${STAGE_SOURCES})
  target_include_directories(onnx_reinit_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(onnx_reinit_${name} PUBLIC ${STAGE_DEPENDS} PRIVATE $<BUILD_INTERFACE:onnx_reinit_options>)
  if(name STREQUAL base)
    target_precompile_headers(onnx_reinit_base PRIVATE ${ONNX_REINIT_HEADERS})
  else()
    onnx_reinit_reuse_headers(onnx_reinit_${name} onnx_reinit_base)
  endif()
endfunction()

# Further compiler options for the sources of tests. The release preset optimises them little; the asan preset
# leaves the undefined-behaviour checks out of them: with these, GCC takes twice as long for GoogleTest's macros.
# What is compiled at -O1 goes without three warnings that GCC 12 then gives of Abseil's and its own library's code.
set(ONNX_REINIT_TEST_OPTIONS "" CACHE STRING "Further compiler options for the sources of tests")

# A process for each test says what failed wherever it ends. Sanitized ones take a tenth of a second to start, of which
# 4,000 were four minutes: there, all tests of a program share one.
option(ONNX_REINIT_TESTS_SHARE_PROCESSES "Run each program of tests once" OFF)

# What every test is compiled with, in one place: precompiled headers can be shared by no others.
function(onnx_reinit_test_options target)
  target_link_libraries(${target} PRIVATE onnx_reinit_options GTest::gmock)
  separate_arguments(options NATIVE_COMMAND "${ONNX_REINIT_TEST_OPTIONS}")
  target_compile_options(${target} PRIVATE ${options})
endfunction()

# onnx_reinit_test(NAME SOURCES a_test.cc DEPENDS libraries)
function(onnx_reinit_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS" ${ARGN})
  if(NOT TARGET onnx_reinit_test_headers)
    file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/test_headers.cc CONTENT "")
    add_library(onnx_reinit_test_headers OBJECT ${PROJECT_BINARY_DIR}/test_headers.cc)
    onnx_reinit_test_options(onnx_reinit_test_headers)
    target_precompile_headers(onnx_reinit_test_headers PRIVATE ${ONNX_REINIT_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  onnx_reinit_test_options(${name})
  onnx_reinit_reuse_headers(${name} onnx_reinit_test_headers)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    ONNX_REINIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ONNX_REINIT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(ONNX_REINIT_TESTS_SHARE_PROCESSES)
    add_test(NAME ${name} COMMAND ${name})
  else()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
