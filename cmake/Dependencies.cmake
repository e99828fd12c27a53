# Every library that ours links to; a program that uses ours finds them here too. The README says why
# each is there.
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)  # before ONNX: Debian's ONNXConfig.cmake does not find it
find_package(absl REQUIRED)
find_package(hwy REQUIRED)
find_package(TBB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(protobuf REQUIRED IMPORTED_TARGET protobuf)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
include(PreferArchives)
prefer_archives(absl::)  # some thirty shared libraries would cost 3 ms at every start
prefer_archives(PkgConfig::)  # and these three 1 ms

# libprotobuf for the target that is linked: the archive where it has the property PROTOBUF_ARCHIVE. Two
# libprotobufs in one process do not get on, so what loads ONNX's shared libraries, as tests do, is without it.
set(ONNX_REINIT_PROTOBUF
  $<IF:$<BOOL:$<TARGET_PROPERTY:PROTOBUF_ARCHIVE>>,PkgConfig::protobuf,protobuf::libprotobuf>)
