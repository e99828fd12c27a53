// FillPart of write/rewrite.h.
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "wire/read_skeleton.h"
#include "write/all_tensors.h"
#include "write/data_name.h"
#include "write/job.h"
#include "write/parts_record.h"
#include "write/rewrite.h"
#include "write/system_error.h"
#include "write/target.h"
#include "write/temporary_name.h"

namespace onnx_reinit::write {
namespace {

absl::Status NotPrepared(const std::string& output_path) {
  return absl::FailedPreconditionError(
      absl::StrCat("'", output_path, "' is no output that --prepare laid out for this model; ",
                   "run --prepare first"));
}

// The stem of the data files that a prepared model points to; empty where it has none.
absl::StatusOr<std::string> StemOfDataFiles(const wire::InputFile& model) {
  ASSIGN_OR_RETURN(const wire::Skeleton skeleton, wire::ReadSkeleton(model));
  for (const StoredTensor& stored : AllTensors(skeleton)) {
    if (stored.tensor->storage != wire::Storage::kExternal) continue;
    ASSIGN_OR_RETURN(const wire::ExternalRange range, wire::ParseExternal(*stored.tensor));
    return StemOf(range.location);
  }
  return std::string();
}

absl::StatusOr<std::unique_ptr<Job>> MatchingJob(const Input& input, const std::string& output_path,
                                                 const WriteOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<wire::InputFile> model,
                   wire::InputFile::Open(output_path));
  const absl::StatusOr<std::string> stem = StemOfDataFiles(*model);
  if (!stem.ok()) return NotPrepared(output_path);
  ASSIGN_OR_RETURN(std::unique_ptr<Job> job,
                   Job::Make(input, {.external_data = options.external_data,
                                     .shard_size = options.shard_size,
                                     .data_stem = *stem}));
  ASSIGN_OR_RETURN(const bool matches, job->Matches(*model));
  if (!matches) return NotPrepared(output_path);
  return job;
}

// Whatever the prepared model says, what belongs to the input is not written to.
absl::Status CheckPrepared(const std::string& path, uint64_t size, const InputFiles& input) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return SystemError(errno, "open", path);
  const bool is_whole = S_ISREG(info.st_mode) && static_cast<uint64_t>(info.st_size) == size;
  const bool is_input = input.Contains({.device = info.st_dev, .inode = info.st_ino});
  return is_whole && !is_input ? absl::OkStatus() : NotPrepared(path);
}

// The files that Prepare made.
absl::StatusOr<std::vector<Target>> PreparedFiles(const Layout& layout, const Input& input,
                                                  const std::string& output_path) {
  const InputFiles inputs(input);
  std::vector<Target> targets;
  targets.reserve(layout.files.size());
  for (const OutputFile& file : layout.files) {
    const std::string path =
        file.name.empty() ? output_path : absl::StrCat(DirectoryOf(output_path), "/", file.name);
    RETURN_IF_ERROR(CheckPrepared(path, file.content.size(), inputs));
    targets.emplace_back(path, path);
  }
  return targets;
}

}  // namespace

absl::Status FillPart(const wire::InputFile& input, const wire::Skeleton& skeleton,
                      wire::ExternalFiles& external, const std::vector<Replacement>& replacements,
                      const std::string& output_path, const std::string& job_name, int part,
                      int parts, const WriteOptions& options) {
  if (part < 1 || part > parts) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no part ", part, " of ", parts, ": parts are 1/N to N/N"));
  }
  const Input all = {input, skeleton, external, replacements};
  RETURN_IF_ERROR(CheckOutput(all, output_path, /*in_place=*/false));
  const PartsRecord record(output_path);
  if (wire::FindFile(output_path)) RETURN_IF_ERROR(record.Check(job_name));
  ASSIGN_OR_RETURN(const std::unique_ptr<Job> job, MatchingJob(all, output_path, options));
  ASSIGN_OR_RETURN(std::vector<Target> targets, PreparedFiles(job->layout(), all, output_path));
  RETURN_IF_ERROR(job->Write(absl::MakeSpan(targets), Extent::kPayloads, part, parts, options));
  return record.SetDone(part, parts);
}

}  // namespace onnx_reinit::write
