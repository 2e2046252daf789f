"""Write graph.onnx: CAM++ as a graph without weights, which lie in 3D-Speaker's own checkpoint.

    pip install onnx
    python models/campplus/make_graph.py campplus_cn_en_common.pt models/campplus/graph.onnx

A PyTorch checkpoint is a zip whose tensors are stored uncompressed, so every initializer of the
graph points to its place in that very file (ONNX external data): nothing is unpickled when the model
is used, and nothing is converted when it is fetched. Here the checkpoint's index is read once, with
an unpickler that knows tensors only.

The network is written down from the paper (Wang et al., "CAM++", arXiv 2303.00332) and the names of
the checkpoint: a small 2-D convolutional head, three densely connected blocks of 12, 24 and 16
context-aware layers, mean and deviation over time, 192 values.
"""

from __future__ import annotations

import argparse
import collections
import io
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save
from onnx.external_data_helper import ExternalDataInfo  # noqa: F401

BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers, dilation
SEGMENT = 100  # frames whose mean is the local context
WEIGHTS = "campplus.pt"


class Index(pickle.Unpickler):
    """The index of a checkpoint: name → (storage, shape). Refuses anything but plain tensors."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return self._tensor
        if (module, name) in (("torch", "FloatStorage"), ("torch", "LongStorage")):
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is no tensor")

    def persistent_load(self, pid: Any) -> Any:
        return pid

    @staticmethod
    def _tensor(storage: Any, offset: int, shape: Any, stride: Any, *_: Any) -> Any:
        size, expected = 1, []
        for length in reversed(shape):
            expected.append(size)
            size *= length
        if offset or tuple(stride) != tuple(reversed(expected)):
            raise pickle.UnpicklingError("a tensor does not lie in one piece")
        return storage[2], tuple(shape), storage[1]


def places(checkpoint: Path) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Byte offset in the file, and shape, of every float tensor by its name."""
    found = {}
    with zipfile.ZipFile(checkpoint) as archive, checkpoint.open("rb") as file:
        root = archive.namelist()[0].split("/")[0]
        index = Index(io.BytesIO(archive.read(f"{root}/data.pkl"))).load()
        for name, (storage, shape, kind) in index.items():
            if kind != "FloatStorage":
                continue
            info = archive.getinfo(f"{root}/data/{storage}")
            assert info.compress_type == zipfile.ZIP_STORED
            file.seek(info.header_offset + 26)
            lengths = struct.unpack("<HH", file.read(4))
            found[name] = (info.header_offset + 30 + sum(lengths), shape)
    return found


class Graph:
    """Nodes and initializers; every method gives the name of its output."""

    def __init__(self, known: dict[str, tuple[int, tuple[int, ...]]]) -> None:
        self.known = known
        self.nodes: list[Any] = []
        self.tensors: dict[str, Any] = {}

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def weight(self, name: str) -> str:
        """An initializer that lies in the checkpoint."""
        if name not in self.tensors:
            offset, shape = self.known[name]
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
            tensor.data_location = TensorProto.EXTERNAL
            size = 4 * int(np.prod(shape))
            for key, value in (("location", WEIGHTS), ("offset", offset), ("length", size)):
                tensor.external_data.add(key=key, value=str(value))
            self.tensors[name] = tensor
        return name

    def constant(self, name: str, value: Any) -> str:
        if name not in self.tensors:
            self.tensors[name] = numpy_helper.from_array(np.array(value), name)
        return name

    def convolution(self, x: str, name: str, **attributes: Any) -> str:
        bias = [self.weight(f"{name}.bias")] if f"{name}.bias" in self.known else []
        return self.node("Conv", x, self.weight(f"{name}.weight"), *bias, **attributes)

    def norm(self, x: str, name: str) -> str:
        parts = [
            self.weight(f"{name}.{p}") for p in ("weight", "bias", "running_mean", "running_var")
        ]
        return self.node("BatchNormalization", x, *parts, epsilon=1e-5)

    def active(self, x: str, name: str) -> str:
        return self.node("Relu", self.norm(x, name))

    def head(self, x: str) -> str:
        """(b, 1, 80, t) to (b, 320, t)."""
        same = {"pads": [1, 1, 1, 1]}
        x = self.active(self.convolution(x, "head.conv1", **same), "head.bn1")
        for layer in ("head.layer1", "head.layer2"):
            for number in (0, 1):
                x = self.residual(x, f"{layer}.{number}", 2 - number)
        x = self.active(self.convolution(x, "head.conv2", strides=[2, 1], **same), "head.bn2")
        return self.node("Reshape", x, self.constant("flat", np.array([0, 320, -1], np.int64)))

    def residual(self, x: str, name: str, stride: int) -> str:
        same, steps = {"pads": [1, 1, 1, 1]}, {"strides": [stride, 1]}
        y = self.active(self.convolution(x, f"{name}.conv1", **same, **steps), f"{name}.bn1")
        y = self.norm(self.convolution(y, f"{name}.conv2", **same), f"{name}.bn2")
        if stride > 1:
            x = self.norm(self.convolution(x, f"{name}.shortcut.0", **steps), f"{name}.shortcut.1")
        return self.node("Relu", self.node("Add", y, x))

    def dense_layer(self, x: str, name: str, dilation: int) -> str:
        """One context-aware layer; its 32 channels are put beside what it got."""
        y = self.convolution(self.active(x, f"{name}.nonlinear1.batchnorm"), f"{name}.linear1")
        y = self.active(y, f"{name}.nonlinear2.batchnorm")
        local = self.convolution(
            y, f"{name}.cam_layer.linear_local", pads=[dilation] * 2, dilations=[dilation]
        )
        context = self.node("Add", self.mean(y), self.segments(y))
        context = self.node("Relu", self.convolution(context, f"{name}.cam_layer.linear1"))
        mask = self.node("Sigmoid", self.convolution(context, f"{name}.cam_layer.linear2"))
        return self.node("Concat", x, self.node("Mul", local, mask), axis=1)

    def mean(self, x: str) -> str:
        return self.node("ReduceMean", x, axes=[-1], keepdims=1)

    def segments(self, x: str) -> str:
        """Every frame is given the mean of its 100 frames; the last stretch may be shorter."""
        means = self.node("AveragePool", x, kernel_shape=[SEGMENT], strides=[SEGMENT], ceil_mode=1)
        at = self.constant("last", np.array([-1], np.int64))
        wide = self.node("Unsqueeze", means, at)
        wide = self.node(
            "Expand", wide, self.constant("wide", np.array([1, 1, 1, SEGMENT], np.int64))
        )
        flat = self.node("Reshape", wide, self.constant("join", np.array([0, 0, -1], np.int64)))
        start = self.constant("zero", np.array([0], np.int64))
        return self.node(
            "Slice", flat, start, self.length, self.constant("axis", np.array([2], np.int64))
        )

    def statistics(self, x: str) -> str:
        """Mean and deviation of the frames of every window, as `weights` says; (b, 1024, w)."""
        weights = self.node("Transpose", "weights", perm=[0, 2, 1])
        mean = self.node("MatMul", x, weights)
        second = self.node("MatMul", self.node("Mul", x, x), weights)
        spread = self.node("Sub", second, self.node("Mul", mean, mean))
        spread = self.node("Max", spread, self.constant("least", np.float32(0)))
        axis = self.constant("last", np.array([-1], np.int64))
        share = self.node("ReduceSum", self.node("Mul", "weights", "weights"), axis, keepdims=0)
        share = self.node("Unsqueeze", share, self.constant("one", np.array([1], np.int64)))
        sample = self.node("Sub", self.constant("unit", np.float32(1)), share)
        deviation = self.node("Sqrt", self.node("Div", spread, sample))
        return self.node("Concat", mean, deviation, axis=1)

    def build(self) -> Any:
        x = self.node(
            "Unsqueeze",
            self.node("Transpose", "feats", perm=[0, 2, 1]),
            self.constant("one", np.array([1], np.int64)),
        )
        x = self.head(x)
        x = self.active(
            self.convolution(x, "xvector.tdnn.linear", pads=[2, 2], strides=[2]),
            "xvector.tdnn.nonlinear.batchnorm",
        )
        shape = self.node("Shape", x)
        self.length = self.node(
            "Gather", shape, self.constant("axis", np.array([2], np.int64)), axis=0
        )
        for block, (layers, dilation) in enumerate(BLOCKS, 1):
            for layer in range(1, layers + 1):
                x = self.dense_layer(x, f"xvector.block{block}.tdnnd{layer}", dilation)
            x = self.convolution(
                self.active(x, f"xvector.transit{block}.nonlinear.batchnorm"),
                f"xvector.transit{block}.linear",
            )
        x = self.statistics(self.active(x, "xvector.out_nonlinear.batchnorm"))
        x = self.convolution(x, "xvector.dense.linear")
        name = "xvector.dense.nonlinear.batchnorm"
        scale = self.constant("ones", np.ones(192, np.float32))
        zero = self.constant("zeros", np.zeros(192, np.float32))
        parts = (self.weight(f"{name}.running_mean"), self.weight(f"{name}.running_var"))
        self.nodes.append(
            helper.make_node("BatchNormalization", [x, scale, zero, *parts], ["emb"], epsilon=1e-5)
        )  # (b, 192, w)
        feats = helper.make_tensor_value_info("feats", TensorProto.FLOAT, ["b", "t", 80])
        weights = helper.make_tensor_value_info("weights", TensorProto.FLOAT, ["b", "w", "h"])
        emb = helper.make_tensor_value_info("emb", TensorProto.FLOAT, ["b", 192, "w"])
        graph = helper.make_graph(
            self.nodes, "campplus", [feats, weights], [emb], list(self.tensors.values())
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("graph", type=Path)
    options = parser.parse_args()
    model = Graph(places(options.checkpoint)).build()
    options.graph.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
