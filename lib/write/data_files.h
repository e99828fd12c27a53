// Where the bytes of each tensor lie in the files beside the new model.
#ifndef ONNX_REINIT_WRITE_DATA_FILES_H_
#define ONNX_REINIT_WRITE_DATA_FILES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wire/payload.h"
#include "write/segment.h"

namespace onnx_reinit::write {

struct DataPlace {
  size_t file = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
};

// Files that grow tensor by tensor. Tensors of 1 MiB and more begin on a page, so that runtimes can
// map them; all others on 64 bytes.
class DataFiles {
 public:
  // No file exceeds `shard_size` bytes, unless a single tensor does. 0: one file, of any size.
  explicit DataFiles(uint64_t shard_size) : shard_size_(shard_size) {}

  DataPlace Append(const std::vector<Segment>& content);
  std::vector<SegmentList> Take() { return std::move(files_); }

 private:
  uint64_t shard_size_;
  std::vector<SegmentList> files_;
};

// External ranges whose bytes are kept. Ranges that overlap are stored as one block, so that what
// was shared stays shared, and is copied once.
class KeptRanges {
 public:
  // All ranges first.
  void Add(const wire::ExternalRange& range);
  // Then their places: appends the block of the range to `files`, unless it is there already.
  DataPlace Place(const wire::ExternalRange& range, DataFiles& files);
  // What verbatim segments call the file `location`: 1, 2, ...
  size_t SourceIndex(const std::string& location) { return SourceOf(location).index; }
  // Locations of sources 1, 2, ...
  const std::vector<std::string>& sources() const { return sources_; }

 private:
  struct Block {
    uint64_t end = 0;
    std::optional<DataPlace> place;
  };
  struct Source {
    size_t index = 0;
    std::map<uint64_t, Block> blocks;  // by begin; they do not overlap
  };

  Source& SourceOf(const std::string& location);

  std::map<std::string, Source> by_location_;
  std::vector<std::string> sources_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_DATA_FILES_H_
