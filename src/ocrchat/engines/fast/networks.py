"""The networks as this engine runs them: byte pixels in, decisions out.

What the published graphs do around their weights is moved inside or left out: pixels are scaled in the graph, grey
pages use the sum of the first layer's colour weights (the same numbers as three equal channels), and a recogniser's
last matrix is taken off, to be used for the characters that are wanted (heads.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ocrchat.engines.fast.heads import Head
from ocrchat.engines.fast.prepared import Numbers, prepared, recipe_of
from ocrchat.engines.fast.runtime import Network, Runtime, not_of_shape, openvino

LINE_HEIGHT = 48
"""Pixels; what the recognisers were trained on."""

MIDDLE_ROWS = 40
"""Of a line, in the same scale: all of its letters where its margins are wide, for a sixth less time. Fewer rows would
cost as much: at the networks' end both leave three."""

# Bytes to what the networks were trained on: -1 for black, 1 for white.
_MIDDLE = 127.5

# The orientation network was trained as photograph classifiers are, with the mean and spread of ImageNet; grey pages
# use the average of its three channels.
_PHOTOGRAPH_MIDDLE = 114.5
_PHOTOGRAPH_SPREAD = 57.6


_RECIPE = recipe_of(__file__)


def recognizer(runtime: Runtime, weights: Path, alphabet: tuple[str, ...]) -> tuple[Network, Head]:
    """Grey bytes [1, 1, 48, width] or of MIDDLE_ROWS in, what was seen at each step out, [1, steps, sizes]; and the
    matrix that makes characters of it, taken off the network."""
    network, numbers = prepared(runtime, weights, recipe=_RECIPE, build=lambda: _parted(runtime, weights))
    if numbers["matrix"].shape[1] < len(alphabet):
        raise not_of_shape(weights, "line recogniser")
    head = Head(matrix=numbers["matrix"], bias=numbers["bias"], alphabet=alphabet)
    return network, head.only(range(len(alphabet)))


def _parted(runtime: Runtime, weights: Path) -> tuple[Any, Numbers]:
    """A recogniser without its last matrix, and that matrix."""
    model = runtime.read(weights)
    _accept_grey_bytes(model, any_height=True)
    softmax = model.get_results()[0].input_value(0).get_node()
    addition = _behind(softmax)
    product = _behind(addition)
    try:
        numbers = {"matrix": _constant_input(product), "bias": _constant_input(addition).reshape(-1)}
    except LookupError as mismatch:
        raise not_of_shape(weights, "line recogniser") from mismatch
    features = product.input_value(0)
    if product.get_attributes()["transpose_a"]:
        features = openvino.opset13.transpose(features, np.array([0, 2, 1])).output(0)
    return openvino.Model([openvino.opset13.result(features)], model.get_parameters()), numbers


def detector(runtime: Runtime, weights: Path) -> Network:
    """Grey bytes [1, 1, height, width], both multiples of 32, in; logarithms of the odds of text at every pixel out."""

    def build() -> tuple[Any, Numbers]:
        model = runtime.read(weights)
        _accept_grey_bytes(model)
        sigmoid = model.get_results()[0].input_value(0).get_node()
        if sigmoid.get_type_name() != "Sigmoid":
            raise not_of_shape(weights, "line detector")
        return openvino.Model([openvino.opset13.result(sigmoid.input_value(0))], model.get_parameters()), {}

    return prepared(runtime, weights, recipe=_RECIPE, build=build)[0]


def orientation(runtime: Runtime, weights: Path) -> Network:
    """Grey bytes [1, 1, 224, 224] in; the shares of 0, 1, 2 and 3 quarter turns, [1, 4], out."""

    def build() -> tuple[Any, Numbers]:
        model = runtime.read(weights)
        _accept_grey_bytes(model, middle=_PHOTOGRAPH_MIDDLE, spread=_PHOTOGRAPH_SPREAD)
        return model, {}

    return prepared(runtime, weights, recipe=_RECIPE, build=build, seldom=True)[0]


def _accept_grey_bytes(
    model: Any, *, middle: float = _MIDDLE, spread: float = _MIDDLE, any_height: bool = False
) -> None:
    parameter = model.get_parameters()[0]
    for user in parameter.output(0).get_target_inputs():
        convolution = user.get_node()
        if convolution.get_type_name() != "Convolution":
            continue
        weights = convolution.input_value(1).get_node().data.astype(np.float32)
        grey = openvino.opset13.constant(np.ascontiguousarray(weights.sum(axis=1, keepdims=True)))
        convolution.input(1).replace_source_output(grey.output(0))
    shape = parameter.get_partial_shape()
    shape[1] = 1
    if any_height:
        shape[2] = -1
    parameter.set_partial_shape(shape)
    model.validate_nodes_and_infer_types()
    steps = openvino.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8)
    steps.input().preprocess().convert_element_type(openvino.Type.f32).mean(middle).scale(spread)
    steps.build()


def _behind(node: Any) -> Any:
    """The node that feeds this one, past those that change nothing."""
    source = node.input_value(0).get_node()
    while source.get_type_name() == "Identity":
        source = source.input_value(0).get_node()
    return source


def _constant_input(node: Any) -> npt.NDArray[np.float32]:
    source = node.input_value(1).get_node()
    while source.get_type_name() in {"Identity", "Convert"}:
        source = source.input_value(0).get_node()
    if source.get_type_name() != "Constant":
        raise LookupError(source.get_type_name())
    values: npt.NDArray[np.float32] = source.data.astype(np.float32)
    return values
