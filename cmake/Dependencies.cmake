# Every library that ours links to; a program that uses ours finds them here too. The README says why
# each is there.
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)  # before ONNX: Debian's ONNXConfig.cmake does not find it
find_package(absl REQUIRED)
include(PreferArchives)
prefer_archives(absl::)  # some thirty shared libraries would cost 3 ms at every start
find_package(hwy REQUIRED)
find_package(TBB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
