// How the program gets its memory from the system.
#ifndef ONNX_REINIT_TOOLS_HEAP_H_
#define ONNX_REINIT_TOOLS_HEAP_H_

namespace onnx_reinit::tools {

// To be called once, first of all. A model of many nodes is a million small objects that are made
// once and kept to the end. glibc's own ways of getting memory for them cost a quarter of its time:
// a mapping for each large block, giving back what is freed, and a page fault every 4 KiB where
// Linux has pages of 2 MiB for a program that asks. Where the system refuses any of it, the program
// only takes longer.
void PrepareHeap();

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_HEAP_H_
