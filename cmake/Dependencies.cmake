# Every library that we use, found once. The README says why each is there.
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)  # before ONNX: Debian's ONNXConfig.cmake does not find it
find_package(absl REQUIRED)
find_package(hwy REQUIRED)
find_package(TBB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(EIGEN3_INCLUDE_DIR Eigen/Core PATH_SUFFIXES eigen3 REQUIRED)
