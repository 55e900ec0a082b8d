"""The sentence encoder as an ONNX graph: a transformer encoder (Devlin et al. 2019) with 8-bit weights.

Weights are rounded by output, activations as they come (dynamic quantisation, Jacob et al. 2018). One text at a time,
so nothing is masked. The embeddings are looked up outside.
"""

import math
from typing import Any

import numpy as np

from monitoring_svc.adapters.crisis_weights import Floats, Weights

_OPSET = 20


class _Graph:
    """Collects nodes and constants under rising names."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        from onnx import helper

        names = [f"{kind}{len(self.nodes)}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, value: Any) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def linear(self, states: str, weight: Floats, bias: Floats) -> str:
        """`states @ weight.T + bias` in whole numbers; weight is outputs by inputs."""
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-9) / 127
        levels = self.constant(np.round(weight / scale[:, None]).astype(np.int8).T.copy())
        rounded, step, zero = self.add("DynamicQuantizeLinear", states, outputs=3)
        product = self.add("MatMulInteger", rounded, levels, zero)
        scaled = self.add("Mul", step, self.constant(scale.astype(np.float32)))
        real = self.add("Mul", self.add("Cast", product, to=1), scaled)
        return str(self.add("Add", real, self.constant(bias.astype(np.float32))))

    def norm(self, states: str, weights: Weights, name: str) -> str:
        scale, shift = (self.constant(weights.numbers(f"{name}.{part}").copy()) for part in "wb")
        return str(self.add("LayerNormalization", states, scale, shift, axis=-1, epsilon=weights.epsilon))


def encoder_graph(weights: Weights) -> bytes:
    """The serialised model: `embedded` (tokens by width) to the `last` layer's states."""
    from onnx import TensorProto, helper

    graph = _Graph()
    states = graph.norm("embedded", weights, "emb.ln")
    for number in range(weights.layers):
        states = _layer(graph, weights, states, f"l{number}")
    graph.nodes.append(helper.make_node("Identity", [states], ["last"]))
    shape: list[str | int | None] = ["tokens", weights.width]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "encoder",
            [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("last", TensorProto.FLOAT, shape)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=9,
    )
    return bytes(model.SerializeToString())


def _layer(graph: _Graph, weights: Weights, states: str, layer: str) -> str:
    width, heads = weights.width, weights.heads
    head = width // heads
    three = np.concatenate([weights.matrix(f"{layer}.{part}.w", width) for part in "qkv"])
    shifts = np.concatenate([weights.numbers(f"{layer}.{part}.b") for part in "qkv"])
    three[:width] /= math.sqrt(head)
    mixed = graph.linear(states, three, np.concatenate([shifts[:width] / math.sqrt(head), shifts[width:]]))
    shaped = graph.add("Reshape", mixed, graph.constant(np.array([-1, 3 * heads, head])))
    query, key, value = graph.add(
        "Split", shaped, graph.constant(np.array([heads] * 3)), axis=1, outputs=3
    )  # each tokens, heads, head
    scores = graph.add(
        "MatMul", graph.add("Transpose", query, perm=[1, 0, 2]), graph.add("Transpose", key, perm=[1, 2, 0])
    )
    seen = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), graph.add("Transpose", value, perm=[1, 0, 2]))
    joined = graph.add("Reshape", graph.add("Transpose", seen, perm=[1, 0, 2]), graph.constant(np.array([-1, width])))
    looked = graph.linear(joined, weights.matrix(f"{layer}.ao.w", width), weights.numbers(f"{layer}.ao.b"))
    states = graph.norm(graph.add("Add", states, looked), weights, f"{layer}.aln")
    inner = graph.linear(states, weights.matrix(f"{layer}.fi.w", width), weights.numbers(f"{layer}.fi.b"))
    outer = graph.linear(
        graph.add("Gelu", inner), weights.matrix(f"{layer}.fo.w", weights.inner), weights.numbers(f"{layer}.fo.b")
    )
    return graph.norm(graph.add("Add", states, outer), weights, f"{layer}.oln")
