// Other processes, for tests.
#ifndef ONNX_REINIT_TESTS_WRITE_CHILD_H_
#define ONNX_REINIT_TESTS_WRITE_CHILD_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace onnx_reinit::write {

// rewrite_child with these arguments.
class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The next line that it writes; empty at the end.
  std::string ReadLine() const;
  void Signal(int number) const;
  // Its exit status, or minus the signal that ended it.
  int Wait();

 private:
  pid_t process_ = -1;
  int output_ = -1;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_TESTS_WRITE_CHILD_H_
