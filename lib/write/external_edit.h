// Edits that make a tensor external, move it, or take it into the model file.
#ifndef ONNX_REINIT_WRITE_EXTERNAL_EDIT_H_
#define ONNX_REINIT_WRITE_EXTERNAL_EDIT_H_

#include <string>
#include <vector>

#include "wire/skeleton.h"
#include "write/data_files.h"
#include "write/edit.h"

namespace onnx_reinit::write {

// Adds the edits that point the tensor to `place` in the file `location`. An external tensor gets
// new entries where its first one is, and loses those that hold no longer: checksum and basepath,
// prepacked_* (the kernel's own copies of the old values), source_shape and slice_* (the old place
// was part of a larger tensor). An inline tensor loses its payload; entries and data_location go to
// its end.
void PointTo(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
             const std::string& location, const DataPlace& place, std::vector<Edit>& edits);

// Adds the edits that give an external tensor raw_data of these bytes and drop all its
// external_data.
void TakeIn(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
            std::vector<Segment> content, uint64_t length, std::vector<Edit>& edits);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_EXTERNAL_EDIT_H_
