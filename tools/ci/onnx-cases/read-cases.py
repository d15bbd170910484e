"""Writes the backend test cases of the installed `onnx` package in a form that is simple to read.

    python read-cases.py FOLDER

FOLDER/cases.json is a list of { name, model, rtol, atol, inputs, outputs }; each input and output is a tensor
{ type, dims, offset, bytes } whose little-endian elements lie in FOLDER/cases.bin, { type: "string", dims, values }, or
{ unsupported } for what is no tensor. Types are named as onnxruntime-node names them.
"""

import json
import sys
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, numpy_helper

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
# The tolerances of ONNX's own runner of these cases, where a case brings none of its own.
TOLERANCE = {"rtol": 1e-3, "atol": 1e-7}
OTHER_NAMES = {"FLOAT": "float32", "DOUBLE": "float64"}
FOUR_BITS = ("INT4", "UINT4", "FLOAT4E2M1")


class CaseWriter:
    """Collects cases, and the bytes of their tensors."""

    def __init__(self, data):
        self.cases = []
        self.data = data

    def add_folder(self, folder, kind):
        """A case with its model and its data in a folder."""
        model = onnx.load(str(folder / "model.onnx"), load_external_data=False)
        given = folder / "data.json"
        tolerance = json.loads(given.read_text()) if given.exists() else {}
        for number, data_set in enumerate(sorted(folder.glob("test_data_set_*"))):
            suffix = "" if number == 0 else f"#{number}"
            inputs = self.read_side(data_set, "input", required_inputs(model))
            outputs = self.read_side(data_set, "output", model.graph.output)
            self.add(f"{kind}/{folder.name}{suffix}", folder / "model.onnx", tolerance, inputs, outputs)

    def add_light(self, folder):
        """A case whose weights are constants, and whose inputs are made: rising values from 0 to 1."""
        given = json.loads((folder / "data.json").read_text())
        path = DATA / "light" / Path(given["url"]).name
        model = onnx.load(str(path))
        inputs = [self.tensor(rising(value)) for value in required_inputs(model)]
        files = [path.with_name(f"{path.stem}_output_{place}.pb") for place in range(len(model.graph.output))]
        outputs = [self.read(file, value) for file, value in zip(files, model.graph.output)]
        self.add(f"light/{folder.name}", path, given, inputs, outputs)

    def add(self, name, model, tolerance, inputs, outputs):
        kept = {key: tolerance.get(key, value) for key, value in TOLERANCE.items()}
        self.cases.append({"name": name, "model": str(model), **kept, "inputs": inputs, "outputs": outputs})

    def read_side(self, folder, side, values):
        count = len(list(folder.glob(f"{side}_*.pb")))
        if count > len(values):
            raise ValueError(f"{folder} has {count} files of {side}s, its model {len(values)} {side}s")
        return [self.read(folder / f"{side}_{place}.pb", values[place]) for place in range(count)]

    def read(self, file, value):
        kind = value.type.WhichOneof("value")
        if kind != "tensor_type":
            return {"unsupported": kind}
        tensor = TensorProto()
        tensor.ParseFromString(file.read_bytes())
        return self.tensor(tensor)

    def tensor(self, tensor):
        array = numpy_helper.to_array(tensor)
        name = TensorProto.DataType.Name(tensor.data_type)
        described = {"type": OTHER_NAMES.get(name, name.lower()), "dims": list(array.shape)}
        if tensor.data_type == TensorProto.STRING:
            return {**described, "values": [text_of(value) for value in array.flatten().tolist()]}
        raw = packed(array) if name in FOUR_BITS else numpy.ascontiguousarray(array).tobytes()
        # Each tensor begins where a typed array of any kind may begin.
        self.data.write(b"\0" * (-self.data.tell() % 8))
        offset = self.data.tell()
        self.data.write(raw)
        return {**described, "offset": offset, "bytes": len(raw)}


def required_inputs(model):
    """Inputs without a value in the file: those a caller gives."""
    initial = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in initial]


def rising(value):
    """The inputs of the light models, as ONNX's own runner makes them."""
    shape = [dim.dim_value or 1 for dim in value.type.tensor_type.shape.dim]
    count = int(numpy.prod(shape))
    return numpy_helper.from_array((numpy.arange(count).reshape(shape) / count).astype(numpy.float32))


def packed(array):
    """Two elements of four bits in a byte, the first in its lower half."""
    nibbles = array.flatten().view(numpy.uint8) & 15
    even = numpy.append(nibbles, numpy.zeros(len(nibbles) % 2, numpy.uint8))
    return (even[0::2] | (even[1::2] << 4)).astype(numpy.uint8).tobytes()


def text_of(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def main(target):
    with open(target / "cases.bin", "wb") as data:
        writer = CaseWriter(data)
        for kind in sorted(entry for entry in DATA.iterdir() if entry.is_dir()):
            for folder in sorted(entry for entry in kind.iterdir() if entry.is_dir()):
                if (folder / "model.onnx").exists():
                    writer.add_folder(folder, kind.name)
                elif "/light/" in json.loads((folder / "data.json").read_text())["url"]:
                    writer.add_light(folder)
                else:
                    raise ValueError(f"{folder} has neither a model nor the name of a light one")
    (target / "cases.json").write_text(json.dumps(writer.cases))
    print(f"{len(writer.cases)} cases of onnx {onnx.__version__}")


main(Path(sys.argv[1]))
