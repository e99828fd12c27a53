#include "write/edit.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "write/encode.h"

namespace onnx_reinit::write {
namespace {

// Bytes that the edit adds; negative where it takes away.
int64_t Growth(const Edit& edit) {
  uint64_t length = 0;
  for (const Segment& segment : edit.with) length += segment.length;
  return static_cast<int64_t>(length) - static_cast<int64_t>(edit.old.size());
}

// Indices of all frames, inner before outer: a frame's body begins after that of its parent.
std::vector<uint32_t> InnerFirst(const std::vector<wire::Frame>& frames) {
  std::vector<uint32_t> order(frames.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&frames](uint32_t a, uint32_t b) {
    return frames[a].body.begin > frames[b].body.begin;
  });
  return order;
}

Edit NewLength(const wire::Frame& frame, int64_t growth) {
  const uint64_t length = frame.body.size() + static_cast<uint64_t>(growth);
  return {.old = {frame.length_begin, frame.body.begin},
          .with = {Literal(Varint(length))},
          .frame = frame.parent};
}

// Adds the edits of the lengths that `edits` put wrong.
void MendLengths(const std::vector<wire::Frame>& frames, std::vector<Edit>& edits) {
  std::vector<int64_t> growth(frames.size(), 0);
  for (const Edit& edit : edits) {
    if (edit.frame != wire::Frame::kNone) growth[edit.frame] += Growth(edit);
  }
  if (std::ranges::all_of(growth, [](int64_t bytes) { return bytes == 0; })) return;
  for (const uint32_t i : InnerFirst(frames)) {
    if (growth[i] == 0) continue;
    edits.push_back(NewLength(frames[i], growth[i]));
    const uint32_t parent = frames[i].parent;
    if (parent != wire::Frame::kNone) growth[parent] += growth[i] + Growth(edits.back());
  }
}

void SortByPlace(std::vector<Edit>& edits) {
  const auto place = [](const Edit& edit) { return edit.old.begin; };
  if (!std::ranges::is_sorted(edits, {}, place)) std::ranges::stable_sort(edits, {}, place);
}

}  // namespace

SegmentList ApplyEdits(const wire::Skeleton& skeleton, std::vector<Edit> edits) {
  MendLengths(skeleton.frames, edits);
  SortByPlace(edits);
  SegmentList output;
  output.Reserve(2 * edits.size() + 1);
  uint64_t at = 0;
  for (Edit& edit : edits) {
    output.Add(Verbatim(0, at, edit.old.begin - at));
    for (Segment& segment : edit.with) output.Add(std::move(segment));
    at = edit.old.end;
  }
  output.Add(Verbatim(0, at, skeleton.file_size - at));
  return output;
}

}  // namespace onnx_reinit::write
