#include "write/layout.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/checked_math.h"
#include "base/status_macros.h"
#include "wire/payload.h"
#include "write/all_tensors.h"
#include "write/data_files.h"
#include "write/data_name.h"
#include "write/edit.h"
#include "write/external_edit.h"
#include "write/payload_edit.h"

namespace onnx_reinit::write {
namespace {

using wire::Storage;

constexpr uint64_t kMaxModelSize = std::numeric_limits<int32_t>::max();
constexpr uint64_t kMaxTotalSize = std::numeric_limits<int64_t>::max() / 2;  // of external data

// Where a tensor's bytes go.
enum class Home {
  kStays,  // where they are in the model file
  kModel,  // from an external file into the model file
  kData,   // to a data file beside the model
};

struct Move {
  const wire::Tensor* tensor = nullptr;
  Home home = Home::kStays;
  std::optional<size_t> replacement;
  std::optional<wire::ExternalRange> range;  // of a kept external tensor
  DataPlace place;                           // with Home::kData
};

// The payload lies in the file as raw bytes, in one stretch or several.
bool LiesAsRawBytes(const wire::Tensor& tensor, uint64_t size) {
  const Storage storage = tensor.storage;
  if (storage != Storage::kRaw && storage != Storage::kFloatData &&
      storage != Storage::kDoubleData) {
    return false;
  }
  uint64_t found = 0;
  for (const wire::Chunk& chunk : tensor.chunks) {
    if (chunk.tag_size != 0) return false;
    found += chunk.bytes.size();
  }
  return found == size;
}

bool CanMoveOut(const StoredTensor& stored, bool is_replaced) {
  if (!stored.is_initializer || stored.tensor->chunks.empty()) return false;
  const absl::StatusOr<uint64_t> size = RawBytes(*stored.tensor);
  if (!size.ok() || *size < kMinExternalBytes) return false;
  return is_replaced || LiesAsRawBytes(*stored.tensor, *size);
}

Home HomeOf(const StoredTensor& stored, bool is_replaced, ExternalData external_data) {
  const bool is_external = stored.tensor->storage == Storage::kExternal;
  switch (external_data) {
    case ExternalData::kAuto:
      return is_external ? Home::kData : Home::kStays;
    case ExternalData::kInline:
      return is_external ? Home::kModel : Home::kStays;
    case ExternalData::kOneFile:
    case ExternalData::kShards:
      break;
  }
  return is_external || CanMoveOut(stored, is_replaced) ? Home::kData : Home::kStays;
}

using Replaced = std::vector<std::optional<size_t>>;

// Of each stored tensor the index of its replacement.
Replaced FindReplaced(absl::Span<const StoredTensor> all,
                      absl::Span<const wire::Tensor* const> tensors) {
  Replaced replaced(all.size());
  size_t next = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (next < tensors.size() && all[i].tensor == tensors[next]) replaced[i] = next++;
  }
  if (next == tensors.size()) return replaced;  // they come in the order of the file, as most do
  absl::flat_hash_map<const wire::Tensor*, size_t> index;
  index.reserve(tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) index.emplace(tensors[i], i);
  for (size_t i = 0; i < all.size(); ++i) {
    if (const auto found = index.find(all[i].tensor); found != index.end()) {
      replaced[i] = found->second;
    }
  }
  return replaced;
}

class LayoutMaker {
 public:
  LayoutMaker(const wire::Skeleton& skeleton, const LayoutOptions& options)
      : skeleton_(skeleton),
        options_(options),
        data_(options.external_data == ExternalData::kShards ? options.shard_size : 0) {}

  absl::StatusOr<Layout> Make(absl::Span<const wire::Tensor* const> tensors) {
    RETURN_IF_ERROR(ListMoves(tensors));
    RETURN_IF_ERROR(PlaceData());
    Layout layout;
    AddDataFiles(layout);
    RETURN_IF_ERROR(AddModel(layout));
    layout.external_sources = kept_.sources();
    return layout;
  }

 private:
  absl::Status ListMoves(absl::Span<const wire::Tensor* const> tensors);
  absl::Status ParseKeptRange(Move& move);
  absl::Status PlaceData();
  void AddDataFiles(Layout& layout);
  absl::Status AddModel(Layout& layout);
  absl::Status AddEdits(const Move& move, const Layout& layout, std::vector<Edit>& edits);
  absl::StatusOr<std::vector<Segment>> RawContent(const Move& move);

  const wire::Skeleton& skeleton_;
  const LayoutOptions& options_;
  DataFiles data_;
  KeptRanges kept_;
  std::vector<Move> moves_;  // of tensors that change or move
};

absl::Status LayoutMaker::ListMoves(absl::Span<const wire::Tensor* const> tensors) {
  const std::vector<StoredTensor> all = AllTensors(skeleton_);
  const Replaced replaced = FindReplaced(all, tensors);
  moves_.reserve(tensors.size());
  for (size_t i = 0; i < all.size(); ++i) {
    const Home home = HomeOf(all[i], replaced[i].has_value(), options_.external_data);
    if (home == Home::kStays && !replaced[i]) continue;
    Move& move = moves_.emplace_back();
    move.tensor = all[i].tensor;
    move.home = home;
    move.replacement = replaced[i];
    RETURN_IF_ERROR(ParseKeptRange(move));
  }
  return absl::OkStatus();
}

absl::Status LayoutMaker::ParseKeptRange(Move& move) {
  if (move.replacement || move.tensor->storage != Storage::kExternal) return absl::OkStatus();
  ASSIGN_OR_RETURN(move.range, wire::ParseExternal(*move.tensor));
  if (!CheckedAdd(move.range->offset, move.range->length)) {
    return absl::DataLossError(absl::StrCat("tensor '", absl::CHexEscape(move.tensor->name),
                                            "' has its external data beyond the end of any file"));
  }
  if (move.home == Home::kData) kept_.Add(*move.range);
  return absl::OkStatus();
}

absl::Status LayoutMaker::PlaceData() {
  uint64_t total = 0;
  for (Move& move : moves_) {
    if (move.home == Home::kStays) continue;
    ASSIGN_OR_RETURN(const uint64_t size, RawBytes(*move.tensor));
    total += std::min(size, kMaxTotalSize);
    if (total >= kMaxTotalSize) {
      return absl::DataLossError("the tensors' shapes ask for more bytes than any disk holds");
    }
    if (move.home == Home::kModel) continue;
    if (move.range) {
      move.place = kept_.Place(*move.range, data_);
    } else {
      ASSIGN_OR_RETURN(const std::vector<Segment> content, RawContent(move));
      move.place = data_.Append(content);
    }
  }
  return absl::OkStatus();
}

// The tensor's raw bytes, wherever they come from.
absl::StatusOr<std::vector<Segment>> LayoutMaker::RawContent(const Move& move) {
  ASSIGN_OR_RETURN(const uint64_t size, RawBytes(*move.tensor));
  if (move.replacement) return std::vector<Segment>{Payload(*move.replacement, 0, size)};
  std::vector<Segment> content;
  if (move.range && size > 0) {
    const size_t source = kept_.SourceIndex(move.range->location);
    content.push_back(Verbatim(source, move.range->offset, move.range->length));
  }
  for (const wire::Chunk& chunk : move.tensor->chunks) {
    content.push_back(Verbatim(0, chunk.bytes.begin, chunk.bytes.size()));
  }
  return content;
}

void LayoutMaker::AddDataFiles(Layout& layout) {
  std::vector<SegmentList> contents = data_.Take();
  for (size_t i = 0; i < contents.size(); ++i) {
    const bool is_sharded = options_.external_data == ExternalData::kShards;
    layout.files.push_back({.name = is_sharded ? ShardName(options_.data_stem, i, contents.size())
                                               : DataName(options_.data_stem),
                            .content = std::move(contents[i])});
  }
}

absl::Status LayoutMaker::AddEdits(const Move& move, const Layout& layout,
                                   std::vector<Edit>& edits) {
  if (move.home == Home::kStays) {
    return ReplacePayload(skeleton_, *move.tensor, *move.replacement, edits);
  }
  if (move.home == Home::kData) {
    PointTo(skeleton_, *move.tensor, layout.files[move.place.file].name, move.place, edits);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::vector<Segment> content, RawContent(move));
  ASSIGN_OR_RETURN(const uint64_t size, RawBytes(*move.tensor));
  TakeIn(skeleton_, *move.tensor, std::move(content), size, edits);
  return absl::OkStatus();
}

absl::Status LayoutMaker::AddModel(Layout& layout) {
  std::vector<Edit> edits;
  edits.reserve(moves_.size());
  for (const Move& move : moves_) RETURN_IF_ERROR(AddEdits(move, layout, edits));
  SegmentList content = ApplyEdits(skeleton_, std::move(edits));
  if (content.size() > kMaxModelSize) {
    return absl::UnimplementedError(absl::StrCat(
        "the new model file would have ", content.size(),
        " bytes, and no protobuf reader takes 2 GiB or more; ",
        options_.is_stream ? "write it to a file, where weights" : "put the weights",
        options_.is_stream ? " can have one of their own: " : " into a file of their own with ",
        "--external-data one-file"));
  }
  layout.files.push_back({.name = "", .content = std::move(content)});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Layout> MakeLayout(const wire::Skeleton& skeleton,
                                  absl::Span<const wire::Tensor* const> tensors,
                                  const LayoutOptions& options) {
  return LayoutMaker(skeleton, options).Make(tensors);
}

}  // namespace onnx_reinit::write
