#include "write/data_files.h"

#include <algorithm>
#include <iterator>

namespace onnx_reinit::write {
namespace {

constexpr uint64_t kLarge = uint64_t{1} << 20;
constexpr uint64_t kPage = 4096;
constexpr uint64_t kSmallAlignment = 64;

uint64_t AlignedEnd(uint64_t size, uint64_t next_length) {
  const uint64_t alignment = next_length >= kLarge ? kPage : kSmallAlignment;
  return (size + alignment - 1) / alignment * alignment;
}

uint64_t TotalLength(const std::vector<Segment>& content) {
  uint64_t length = 0;
  for (const Segment& segment : content) length += segment.length;
  return length;
}

}  // namespace

DataPlace DataFiles::Append(const std::vector<Segment>& content) {
  const uint64_t length = TotalLength(content);
  const bool is_full = !files_.empty() && shard_size_ != 0 && files_.back().size() != 0 &&
                       AlignedEnd(files_.back().size(), length) + length > shard_size_;
  if (files_.empty() || is_full) files_.emplace_back();
  SegmentList& file = files_.back();
  const uint64_t offset = AlignedEnd(file.size(), length);
  file.Add(Zeros(offset - file.size()));
  for (const Segment& segment : content) file.Add(segment);
  return {.file = files_.size() - 1, .offset = offset, .length = length};
}

KeptRanges::Source& KeptRanges::SourceOf(const std::string& location) {
  const auto [entry, is_new] = by_location_.try_emplace(location);
  if (is_new) {
    sources_.push_back(location);
    entry->second.index = sources_.size();
  }
  return entry->second;
}

void KeptRanges::Add(const wire::ExternalRange& range) {
  if (range.length == 0) return;
  std::map<uint64_t, Block>& blocks = SourceOf(range.location).blocks;
  uint64_t begin = range.offset;
  uint64_t end = range.offset + range.length;
  auto block = blocks.upper_bound(begin);
  if (block != blocks.begin() && std::prev(block)->second.end > begin) --block;
  while (block != blocks.end() && block->first < end) {
    begin = std::min(begin, block->first);
    end = std::max(end, block->second.end);
    block = blocks.erase(block);
  }
  blocks[begin].end = end;
}

DataPlace KeptRanges::Place(const wire::ExternalRange& range, DataFiles& files) {
  if (range.length == 0) return files.Append({});
  Source& source = SourceOf(range.location);
  auto& [begin, block] = *std::prev(source.blocks.upper_bound(range.offset));
  if (!block.place) block.place = files.Append({Verbatim(source.index, begin, block.end - begin)});
  return {.file = block.place->file,
          .offset = block.place->offset + (range.offset - begin),
          .length = range.length};
}

}  // namespace onnx_reinit::write
