"""Write graph.onnx: CAM++ as a graph without weights, which lie in 3D-Speaker's own checkpoint.

    pip install onnx
    python models/campplus/make_graph.py campplus_cn_en_common.pt models/campplus/graph.onnx

A PyTorch checkpoint is a zip whose tensors are stored uncompressed, so every initializer of the
graph points to its place in that very file (ONNX external data): nothing is unpickled when the
model is used, and nothing is converted when it is fetched. Here the checkpoint's index is read
once, with an unpickler that knows tensors only.

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
from onnx import TensorProto, helper, numpy_helper

PARTS = ("weight", "bias", "running_mean", "running_var")
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

    def integers(self, *values: int) -> str:
        """A constant list."""
        return self.constant("i" + "_".join(map(str, values)), np.array(values, np.int64))

    def constant(self, name: str, value: Any) -> str:
        if name not in self.tensors:
            self.tensors[name] = numpy_helper.from_array(value, name)
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
        return self.node("Reshape", x, self.integers(0, 320, -1))

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
        wide = self.node("Unsqueeze", means, self.integers(-1))
        wide = self.node("Expand", wide, self.integers(1, 1, 1, SEGMENT))
        flat = self.node("Reshape", wide, self.integers(0, 0, -1))
        return self.node("Slice", flat, self.integers(0), self.length, self.integers(2))

    def statistics(self, x: str) -> str:
        """Mean and deviation of the frames of every window, as `weights` says; (b, 1024, w)."""
        weights = self.node("Transpose", "weights", perm=[0, 2, 1])
        mean = self.node("MatMul", x, weights)
        second = self.node("MatMul", self.node("Mul", x, x), weights)
        spread = self.node("Sub", second, self.node("Mul", mean, mean))
        spread = self.node("Max", spread, self.constant("nothing", np.zeros((), np.float32)))
        squares = self.node("Mul", "weights", "weights")
        share = self.node("ReduceSum", squares, self.integers(-1), keepdims=0)
        share = self.node("Unsqueeze", share, self.integers(1))
        sample = self.node("Sub", self.constant("all", np.ones((), np.float32)), share)
        deviation = self.node("Sqrt", self.node("Div", spread, sample))
        return self.node("Concat", mean, deviation, axis=1)

    def build(self) -> Any:
        """Frames (b, t, 80) and windows (b, w, t / 2), rows of weights, to (b, 192, w)."""
        x = self.node("Transpose", "feats", perm=[0, 2, 1])
        x = self.head(self.node("Unsqueeze", x, self.integers(1)))
        x = self.convolution(x, "xvector.tdnn.linear", pads=[2, 2], strides=[2])
        x = self.active(x, "xvector.tdnn.nonlinear.batchnorm")
        self.length = self.node("Gather", self.node("Shape", x), self.integers(2), axis=0)
        for number, (layers, dilation) in enumerate(BLOCKS, 1):
            for layer in range(1, layers + 1):
                x = self.dense_layer(x, f"xvector.block{number}.tdnnd{layer}", dilation)
            x = self.active(x, f"xvector.transit{number}.nonlinear.batchnorm")
            x = self.convolution(x, f"xvector.transit{number}.linear")
        x = self.statistics(self.active(x, "xvector.out_nonlinear.batchnorm"))
        x = self.convolution(x, "xvector.dense.linear")
        scale = self.constant("ones", np.ones(192, np.float32))
        shift = self.constant("zeros", np.zeros(192, np.float32))
        parts = [self.weight(f"xvector.dense.nonlinear.batchnorm.{p}") for p in PARTS[2:]]
        norm = ("BatchNormalization", [x, scale, shift, *parts], ["emb"])
        self.nodes.append(helper.make_node(*norm, epsilon=1e-5))
        made = helper.make_tensor_value_info
        feats = made("feats", TensorProto.FLOAT, ["b", "t", 80])
        weights = made("weights", TensorProto.FLOAT, ["b", "w", "h"])
        emb = made("emb", TensorProto.FLOAT, ["b", 192, "w"])
        tensors = list(self.tensors.values())
        graph = helper.make_graph(self.nodes, "campplus", [feats, weights], [emb], tensors)
        opset = helper.make_opsetid("", 17)
        return helper.make_model(graph, opset_imports=[opset], ir_version=8)


def main() -> None:
    """Write the graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("graph", type=Path)
    options = parser.parse_args()
    model = Graph(places(options.checkpoint)).build()
    options.graph.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
