# How each kind of target is built: one place for the language level and the warnings.
add_library(onnx_reinit_options INTERFACE)
target_compile_features(onnx_reinit_options INTERFACE cxx_std_20)
# -Wno-missing-field-initializers: designated initializers name what differs from the defaults.
# -ffp-contract=off: the same seed gives the same bytes on processors with and without fused multiply-add.
target_compile_options(onnx_reinit_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -ffp-contract=off
  # GCC 12 sees overlapping copies in std::string's operator+ (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# onnx_reinit_stage(NAME SOURCES a.cc b.cc DEPENDS earlier stages and libraries)
# One static library per folder of lib/; it links only to what stands before it in the data flow.
function(onnx_reinit_stage name)
  cmake_parse_arguments(STAGE "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(onnx_reinit_${name} STATIC ${STAGE_SOURCES})
  target_include_directories(onnx_reinit_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(onnx_reinit_${name} PUBLIC ${STAGE_DEPENDS} PRIVATE $<BUILD_INTERFACE:onnx_reinit_options>)
endfunction()

# The asan preset leaves the undefined-behaviour checks out of the tests' own sources: they are not what
# is tested, and GCC takes twice as long to compile GoogleTest's macros with them.
set(ONNX_REINIT_TEST_OPTIONS "" CACHE STRING "Further compiler options for the sources of tests")

# onnx_reinit_test(NAME SOURCES a_test.cc DEPENDS libraries)
function(onnx_reinit_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE onnx_reinit_options ${TEST_DEPENDS} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE ${ONNX_REINIT_TEST_OPTIONS})
  target_compile_definitions(${name} PRIVATE
    ONNX_REINIT_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ONNX_REINIT_BINARY_DIR="${PROJECT_BINARY_DIR}")
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60)
endfunction()
