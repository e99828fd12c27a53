"""Models of any size, made without any library: a chain of layers, each MatMul, Add and Relu."""
import array
import random

VARINT, LENGTH = 0, 2
FLOAT, EXTERNAL = 1, 1


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def number_field(field, number):
    return varint(field << 3 | VARINT) + varint(number)


def header(field, size):
    return varint(field << 3 | LENGTH) + varint(size)


def bytes_field(field, body):
    body = body.encode() if isinstance(body, str) else body
    return header(field, len(body)) + body


def node(op_type, inputs, output):
    return bytes_field(1, b"".join(bytes_field(1, name) for name in inputs) +
                       bytes_field(2, output) + bytes_field(4, op_type))


def value_info(name, width):
    shape = bytes_field(1, number_field(1, 1)) + bytes_field(1, number_field(1, width))
    tensor_type = number_field(1, FLOAT) + bytes_field(2, shape)
    return bytes_field(1, name) + bytes_field(2, bytes_field(1, tensor_type))


class Tensor:

    def __init__(self, name, dims):
        self.name, self.dims = name, dims
        self.size = 4
        for dim in dims:
            self.size *= dim
        self.external = b""  # the external_data entries, where the bytes are elsewhere

    def place(self, location, offset):
        for key, value in (("location", location), ("offset", str(offset)), ("length", str(self.size))):
            self.external += bytes_field(13, bytes_field(1, key) + bytes_field(2, value))
        self.external += number_field(14, EXTERNAL)

    def head(self):
        """The message up to its payload."""
        head = b"".join(number_field(1, dim) for dim in self.dims)
        head += number_field(2, FLOAT) + bytes_field(8, self.name)
        return head + (self.external or header(9, self.size))

    def payload_size(self):
        return 0 if self.external else self.size


class Noise:
    """Bytes of small normal numbers, the same every time."""

    def __init__(self):
        numbers = random.Random(1)
        self.block = array.array("f", (numbers.gauss(0, 0.02) for _ in range(1 << 16))).tobytes()

    def write(self, file, size):
        while size > 0:
            size -= file.write(self.block[:size])


def write_model(path, layers, width, location=None):
    """A model of 3 * `layers` nodes; each layer has a weight of width x width and a bias.

    With `location` the bytes go to that file beside the model; with "{}" in it, to one file per tensor, by number.
    """
    tensors, graph, noise = [], b"", Noise()
    for i in range(layers):
        graph += node("MatMul", [f"x{i}", f"layer{i}.weight"], f"m{i}")
        graph += node("Add", [f"m{i}", f"layer{i}.bias"], f"a{i}") + node("Relu", [f"a{i}"], f"x{i + 1}")
        tensors += [Tensor(f"layer{i}.weight", [width, width]), Tensor(f"layer{i}.bias", [width])]
    graph += bytes_field(2, "made") + bytes_field(11, value_info("x0", width))
    graph += bytes_field(12, value_info(f"x{layers}", width))
    if location is not None:
        (path.parent / location).unlink(missing_ok=True)
        for i, tensor in enumerate(tensors):
            name = location.format(i)
            with open(path.parent / name, "wb" if name != location else "ab") as data:
                tensor.place(name, data.tell())
                noise.write(data, tensor.size)
    size = len(graph) + sum(
        len(header(5, 0)) - 1 + len(varint(len(t.head()) + t.payload_size())) + len(t.head()) + t.payload_size()
        for t in tensors)
    with open(path, "wb") as file:
        file.write(number_field(1, 8) + bytes_field(8, number_field(2, 17)) + header(7, size) + graph)
        for tensor in tensors:
            head = tensor.head()
            file.write(header(5, len(head) + tensor.payload_size()) + head)
            noise.write(file, tensor.payload_size())
    return path
