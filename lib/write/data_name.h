// Names of the data files beside a model.
#ifndef ONNX_REINIT_WRITE_DATA_NAME_H_
#define ONNX_REINIT_WRITE_DATA_NAME_H_

#include <cstddef>
#include <string>

namespace onnx_reinit::write {

// "MODEL" for the first attempt at a name that is free, "MODEL.2", "MODEL.3", ... after that.
std::string DataStem(const std::string& model_name, int attempt);
// "STEM.data" for a model that has one data file of any size.
std::string DataName(const std::string& stem);
// "STEM-00001-of-00003.data"; `shard` counts from 0.
std::string ShardName(const std::string& stem, size_t shard, size_t shards);
// The stem of a name that one of these made.
std::string StemOf(const std::string& data_name);
// True for every name that these make for the model.
bool IsDataName(const std::string& model_name, const std::string& name);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_DATA_NAME_H_
