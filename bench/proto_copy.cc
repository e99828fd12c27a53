// proto_copy IN OUT: libprotobuf's own parse and serialise of a model, the reference for `apply` on
// models of many nodes.
#include <fstream>

#include "onnx/onnx_pb.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  onnx::ModelProto model;
  std::ifstream in(argv[1], std::ios::binary);
  if (!model.ParseFromIstream(&in)) return 3;
  std::ofstream out(argv[2], std::ios::binary);
  return model.SerializeToOstream(&out) && out.flush() ? 0 : 4;
}
