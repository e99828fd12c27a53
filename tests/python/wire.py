"""A protobuf reader of our own, independent of the program and of libprotobuf: what is left of a
model's bytes when all tensor payloads are cut out."""

# Message types by name: field number -> message type of that field. Other fields are plain bytes.
NESTED = {
    "Model": {7: "Graph", 20: "Training", 25: "Function"},
    "Graph": {1: "Node", 5: "Tensor", 15: "Sparse"},
    "Node": {5: "Attribute"},
    "Attribute": {5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "Sparse", 23: "Sparse"},
    "Sparse": {1: "Tensor", 2: "Tensor"},
    "Function": {7: "Node", 11: "Attribute"},
    "Training": {1: "Graph", 2: "Graph"},
    "Tensor": {},
}
# float_data, int32_data, string_data, int64_data, raw_data, double_data, uint64_data; floats.
PAYLOAD = {"Tensor": {4, 5, 6, 7, 9, 10, 11}, "Attribute": {7}}

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


def read_varint(data, at):
    """(value, position behind it)."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def field_end(data, at, wire_type):
    """(begin of the body, end of the field)."""
    if wire_type == LENGTH:
        length, at = read_varint(data, at)
        return at, at + length
    if wire_type == VARINT:
        return at, read_varint(data, at)[1]
    return at, at + {FIXED64: 8, FIXED32: 4}[wire_type]


def skeleton(data, begin=0, end=None, kind="Model"):
    """The message's bytes in order, as a nested list, without payloads.

    Lengths of the messages that enclose tensors are left out, for they change where a payload does.
    """
    end = len(data) if end is None else end
    parts, at = [], begin
    while at < end:
        start = at
        tag, at = read_varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        body, at = field_end(data, at, wire_type)
        if number in PAYLOAD.get(kind, ()):
            continue
        if number in NESTED[kind]:
            parts.append([tag, skeleton(data, body, at, NESTED[kind][number])])
        else:
            parts.append(bytes(data[start:at]))
    assert at == end, "a field goes beyond its message"
    return parts
