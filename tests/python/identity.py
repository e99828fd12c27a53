"""Every tensor of a model by its identity (scope, name), as the README defines it."""
import onnx

AttributeType = onnx.AttributeProto


def tensors_of_attribute(attribute, label, outputs, scope):
    """(identity, tensor) of the tensors that an attribute holds; subgraphs' too."""
    if attribute.type == AttributeType.TENSOR:
        name = outputs[0] if attribute.name == "value" and label["op_type"] == "Constant" else f"{label['name']}.{attribute.name}"
        yield (scope, name), attribute.t
    for i, graph in enumerate([attribute.g] if attribute.type == AttributeType.GRAPH else attribute.graphs):
        inner = f"{label['name']}.{attribute.name}" + (f"#{i}" if i > 0 else "")
        yield from tensors_of_graph(graph, f"{scope}/{inner}" if scope else inner)


def tensors_of_nodes(nodes, scope):
    """(identity, tensor) of all nodes."""
    names = set()
    for index, node in enumerate(nodes):
        is_own = bool(node.name) and node.name not in names
        names.add(node.name)
        label = {"name": node.name if is_own else f"#{index}", "op_type": node.op_type}
        for attribute in node.attribute:
            yield from tensors_of_attribute(attribute, label, node.output, scope)


def tensors_of_graph(graph, scope=""):
    """(identity, tensor) of a graph and what is below it."""
    for tensor in graph.initializer:
        yield (scope, tensor.name), tensor
    for sparse in graph.sparse_initializer:
        yield (scope, sparse.values.name), sparse.values
    yield from tensors_of_nodes(graph.node, scope)


def tensors_of_model(model):
    """{identity: tensor} of dense tensors, sparse values and attributes of one tensor."""
    found = dict(tensors_of_graph(model.graph))
    for function in model.functions:
        overload = getattr(function, "overload", "")
        scope = f"fn:{function.domain}.{function.name}" + (f":{overload}" if overload else "")
        found.update(tensors_of_nodes(function.node, scope))
    return found
