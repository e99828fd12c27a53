// How far a long write has come.
#ifndef ONNX_REINIT_REPORT_PROGRESS_H_
#define ONNX_REINIT_REPORT_PROGRESS_H_

#include <cstdint>
#include <string>

namespace onnx_reinit::report {

// "[########            ]  41%  1.2 GiB of 2.9 GiB, 800.0 MiB/s, 2 s left", no line end. The time
// left is that at the mean rate so far. `done` <= `total`, `seconds` > 0.
std::string ProgressLine(uint64_t done, uint64_t total, double seconds);

}  // namespace onnx_reinit::report

#endif  // ONNX_REINIT_REPORT_PROGRESS_H_
