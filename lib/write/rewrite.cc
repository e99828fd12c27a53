#include "write/rewrite.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "write/data_name.h"
#include "write/job.h"
#include "write/leftovers.h"
#include "write/old_data.h"
#include "write/output_files.h"
#include "write/parts_record.h"
#include "write/pipeline.h"
#include "write/stream.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

absl::Status CheckOptions(const WriteOptions& options) {
  if (options.external_data != ExternalData::kShards || options.shard_size != 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("shards of external data need a size: shards=SIZE");
}

bool Exists(const std::string& path) {
  struct stat info = {};
  return lstat(path.c_str(), &info) == 0;
}

bool NamesAreFree(const Layout& layout, const std::string& directory) {
  return std::none_of(layout.files.begin(), layout.files.end(), [&](const OutputFile& file) {
    return !file.name.empty() && Exists(absl::StrCat(directory, "/", file.name));
  });
}

// With data files of the first names that are not in use.
absl::StatusOr<std::unique_ptr<Job>> MakeJob(const Input& input, const std::string& output_path,
                                             const WriteOptions& options) {
  LayoutOptions layout = {.external_data = options.external_data, .shard_size = options.shard_size};
  for (int attempt = 1;; ++attempt) {
    layout.data_stem = DataStem(FileName(output_path), attempt);
    ASSIGN_OR_RETURN(std::unique_ptr<Job> job, Job::Make(input, layout));
    if (NamesAreFree(job->layout(), DirectoryOf(output_path))) return job;
  }
}

absl::Status WriteFiles(const Input& input, const std::string& output_path, Extent extent,
                        const WriteOptions& options) {
  RemoveLeftovers(output_path);
  ASSIGN_OR_RETURN(const std::unique_ptr<Job> job, MakeJob(input, output_path, options));
  ASSIGN_OR_RETURN(OutputFiles files, OutputFiles::Create(job->layout(), output_path));
  if (extent != Extent::kEverything) files.StayWritable();
  std::vector<Target> targets = files.Targets();
  RETURN_IF_ERROR(job->Write(absl::MakeSpan(targets), extent, 1, 1, options));
  OldData old_data = OldData::Find(input, output_path);
  old_data.Mark(files.run());
  PartsRecord(output_path).Remove();
  RETURN_IF_ERROR(files.Commit(MustSync(options)));
  old_data.Remove();
  return absl::OkStatus();
}

absl::Status WriteStream(const Input& input, const std::string& output_path,
                         const WriteOptions& options) {
  if (options.external_data == ExternalData::kOneFile ||
      options.external_data == ExternalData::kShards) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", output_path, "' is no regular file, and has no folder for external data; ",
        "the model that goes there has everything inside"));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Job> job,
                   Job::Make(input, {.external_data = ExternalData::kInline, .is_stream = true}));
  ASSIGN_OR_RETURN(const Stream stream, Stream::Open(output_path, options.cancelled));
  return job->WriteTo(stream, options);
}

}  // namespace

absl::Status Rewrite(const wire::InputFile& input, const wire::Skeleton& skeleton,
                     wire::ExternalFiles& external, const std::vector<Replacement>& replacements,
                     const std::string& output_path, const WriteOptions& options) {
  const Input all = {input, skeleton, external, replacements};
  const bool is_stream = IsStream(output_path);
  RETURN_IF_ERROR(CheckOptions(options));
  RETURN_IF_ERROR(CheckOutput(all, output_path, options.in_place && !is_stream));
  if (is_stream) return WriteStream(all, output_path, options);
  return WriteFiles(all, output_path, Extent::kEverything, options);
}

absl::Status Prepare(const wire::InputFile& input, const wire::Skeleton& skeleton,
                     wire::ExternalFiles& external, const std::vector<Replacement>& replacements,
                     const std::string& output_path, const std::string& job,
                     const WriteOptions& options) {
  const Input all = {input, skeleton, external, replacements};
  RETURN_IF_ERROR(CheckOptions(options));
  RETURN_IF_ERROR(CheckOutput(all, output_path, /*in_place=*/false));
  if (IsStream(output_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", output_path, "' cannot be prepared: it is no regular file"));
  }
  RETURN_IF_ERROR(WriteFiles(all, output_path, Extent::kAllButPayloads, options));
  return PartsRecord(output_path).Create(job);
}

}  // namespace onnx_reinit::write
