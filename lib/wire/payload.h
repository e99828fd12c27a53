// Where a tensor's bytes are, whether they fit its shape, and what numbers they hold.
#ifndef ONNX_REINIT_WIRE_PAYLOAD_H_
#define ONNX_REINIT_WIRE_PAYLOAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "wire/file.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// A range of a file beside the model.
struct ExternalRange {
  std::string location;  // as written
  uint64_t offset = 0;
  uint64_t length = 0;  // resolved: from the key, or from the shape
};

// Parses and checks the external_data entries of `tensor` (storage kExternal). DataLoss with the
// tensor's name and the entry's offset: no or empty location, absolute, escaping with "..", ORT
// memory address, a number that is no number, a length that is not the shape's. Does not touch the
// file system.
absl::StatusOr<ExternalRange> ParseExternal(const Tensor& tensor);

// Checks that the payload is as long as the shape says. Zero-element tensors need none. A tensor
// with storage kNone and elements is DataLoss ("has no data").
absl::Status CheckPayload(const Tensor& tensor);

// Finds a model's external files once each, by the path rules of onnxruntime >= 1.24: the canonical
// target must lie under the directory of the model's path or under that of its canonical path;
// regular files only. However many there are, only some are open at a time.
class ExternalFiles {
 public:
  explicit ExternalFiles(std::string model_path);
  ~ExternalFiles();
  // NotFound where it is missing. Thread-safe.
  absl::StatusOr<const InputFile*> Open(const std::string& location);
  // Which file a location leads to, opened or not, inside the folder or not; nothing where it leads
  // nowhere.
  std::optional<FileId> Find(const std::string& location) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads tensors' values as numbers, and remembers what it could not read: most callers go on
// without values, and somebody has to say so. Thread-safe.
class ValueReader {
 public:
  // Both outlive the reader.
  ValueReader(const InputFile* model, ExternalFiles* external);

  // Elements [first, first + count) in row-major order, as double (bool: 0 or 1; int64 beyond 2^53
  // is rounded; complex, string: Unimplemented). Handles every storage, type and packing. NotFound
  // where external data is missing.
  absl::StatusOr<std::vector<double>> Read(const Tensor& tensor, uint64_t first,
                                           uint64_t count) const;
  // All elements of an integer or bool tensor. InvalidArgument for other types.
  absl::StatusOr<std::vector<int64_t>> ReadIntegers(const Tensor& tensor) const;
  // Calls `visit` with consecutive blocks of at most `block` elements, until the end or until it
  // returns false.
  absl::Status Scan(const Tensor& tensor, uint64_t block,
                    const std::function<bool(absl::Span<const double>)>& visit) const;

  // An error that the data itself is to blame for: external data that is missing, short, or not
  // where it may be. Of all so far, that of the first tensor in the file; OK where there was none.
  absl::Status missing() const;
  // Likewise one that it is not: no permission, too many open files, a disk that fails.
  absl::Status failure() const;

 private:
  struct Errors;
  absl::Status Remembered(const Tensor& tensor, absl::Status status) const;
  absl::StatusOr<std::vector<double>> ReadRange(const Tensor& tensor, uint64_t first,
                                                uint64_t count) const;
  absl::StatusOr<std::vector<int64_t>> ReadAllIntegers(const Tensor& tensor) const;
  absl::Status ScanAll(const Tensor& tensor, uint64_t block,
                       const std::function<bool(absl::Span<const double>)>& visit) const;

  const InputFile* model_;
  ExternalFiles* external_;
  std::shared_ptr<Errors> errors_;
};

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_PAYLOAD_H_
