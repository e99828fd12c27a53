// Files that live as long as a test.
#ifndef ONNX_REINIT_TESTS_SUPPORT_TEMP_FILE_H_
#define ONNX_REINIT_TESTS_SUPPORT_TEMP_FILE_H_

#include <string>
#include <string_view>

namespace onnx_reinit::test {

// A new empty directory, removed with everything in it at the end.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in the directory; nothing is made.
  std::string Path(std::string_view name) const;
  // Writes a file, making the directories of `name` where they are missing. Returns its path.
  std::string Write(std::string_view name, std::string_view contents) const;

 private:
  std::string path_;
};

// One file in a directory of its own.
class TempFile {
 public:
  explicit TempFile(std::string_view contents, std::string_view name = "model.onnx")
      : path_(directory_.Write(name, contents)) {}

  const std::string& path() const { return path_; }
  const std::string& directory() const { return directory_.path(); }

 private:
  TempDirectory directory_;
  std::string path_;
};

// The whole file; the test fails where it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_SUPPORT_TEMP_FILE_H_
