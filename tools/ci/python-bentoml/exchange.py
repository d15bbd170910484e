"""Python's side of the exchange of models with the Node.js packages. The store is $BENTOML_HOME.

    exchange.py save <folder>         saves the models that <folder>/cases.json lists, runs and exports them, tells of them
                                      in <folder>/python.json
    exchange.py load <folder>         lists, opens, runs and imports what <folder>/node.json tells of, and fails where it differs
    exchange.py save-one <tag> <file> saves one model
    exchange.py latest <name>         prints the tag of the newest model of that name
"""

import datetime
import json
import pathlib
import sys

import bentoml
import numpy as np
import onnx
from bentoml._internal.models.model import ModelStore

LABELS = {"stage": "test", "yes": "1e5", "on": "y"}
METADATA = {
    "score": 0.1,
    "count": 2**60 + 1,
    "when": datetime.datetime(2026, 11, 21, 21, 53, 16, 854052),
    "raw": b"xyz\x00",
    "array": np.array([2, 3, 4], dtype=np.uint32),
    "nested": {"list": [1, "a", True], "tiny": 1e-9},
}
FORMATS = {"bentomodel": "a.bentomodel", "gz": "a.tar.gz", "xz": "a.tar.xz", "tar": "a.tar", "folder": "a-folder"}


def tensors(described):
    return {
        name: np.array([int(value) if isinstance(value, str) else value for value in tensor["data"]])
        .astype(tensor["dtype"])
        .reshape(tensor["shape"])
        for name, tensor in described.items()
    }


def described(arrays):
    """JSON of arrays by name. Integers are text, because JavaScript's numbers end at 2^53."""
    return {
        name: {
            "dtype": str(array.dtype),
            "shape": list(array.shape),
            "data": [str(value) if array.dtype.kind == "i" else value for value in array.ravel().tolist()],
        }
        for name, array in arrays.items()
    }


def run_session(model, inputs):
    """By onnxruntime itself: outputs by name."""
    session = bentoml.onnx.load_model(model)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs)))


def run_runner(model, inputs):
    """By a local runner: the outputs in the graph's order."""
    runner = model.to_runner()
    runner.init_local(quiet=True)
    result = runner.run.run(*inputs.values())
    runner.destroy()
    return result if isinstance(result, tuple) else (result,)


def save(folder):
    cases = json.loads((folder / "cases.json").read_text())
    told = {}
    for case in cases:
        model = bentoml.onnx.save_model(
            f"python-{case['name']}",
            onnx.load(folder / f"{case['name']}.onnx"),
            signatures={"run": {"batchable": case["batchable"]}},
            labels=LABELS,
            metadata=METADATA,
        )
        outputs = run_session(model.tag, tensors(case["inputs"]))
        told[case["name"]] = {"tag": str(model.tag), "outputs": described(outputs)}
    exported = bentoml.models.get(f"python-{cases[0]['name']}")
    target = folder / "from-python"
    target.mkdir()
    for output_format, file in FORMATS.items():
        exported.export(str(target / file), output_format)
    (folder / "python.json").write_text(json.dumps(told))


def load(folder):
    told = json.loads((folder / "node.json").read_text())
    listed = [str(model.tag) for model in bentoml.models.list()]
    for model in told["models"]:
        assert model["tag"] in listed, f"{model['tag']} is not among {listed}"
        check_model(bentoml.models.get(model["tag"]), model)
    other = ModelStore(folder / "python-other-store")
    (folder / "python-other-store").mkdir()
    first = told["models"][0]
    for archive in told["archives"]:
        kind = "folder" if pathlib.Path(archive).is_dir() else None
        imported = bentoml.Model.import_from(archive, kind).save(other)
        check_model(other.get(imported.tag), first)
        other.delete(imported.tag)
    print(f"Python {bentoml.__version__} lists {len(listed)} models, ran {len(told['models'])} of Node's, imported {len(told['archives'])} of its exports")


def check_model(model, told):
    info = model.info
    assert str(model.tag) == told["tag"], model.tag
    assert info.module == "bentoml.onnx", info.module
    assert info.labels == told["labels"], info.labels
    check_metadata(info.metadata)
    signature = info.signatures["run"]
    assert (signature.batchable, tuple(signature.batch_dim)) == (told["batchable"], (0, 0)), signature
    inputs = tensors(told["inputs"])
    expected = tensors(told["outputs"])
    by_session = run_session(model, inputs)
    assert list(by_session) == list(expected), list(by_session)
    for name, by_runner in zip(expected, run_runner(model, inputs), strict=True):
        for actual in (by_session[name], by_runner):
            assert actual.dtype == expected[name].dtype, actual.dtype
            check_equal(actual, expected[name])


def check_metadata(metadata):
    assert metadata["score"] == 0.1, metadata
    assert metadata["count"] == 2**60 + 1, metadata
    assert metadata["when"] == datetime.datetime(2026, 11, 21, 21, 53, 16, 854000, datetime.timezone.utc), metadata
    assert metadata["raw"] == b"xyz\x00", metadata
    assert metadata["array"] == [[1, 2], [3, 4]], metadata
    assert metadata["nested"] == {"list": [1, "a", True], "tiny": 1e-9}, metadata


def check_equal(actual, expected):
    if actual.dtype.kind == "i":
        np.testing.assert_array_equal(actual, expected)
    else:
        np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)


command, *parameters = sys.argv[1:]
if command == "save":
    save(pathlib.Path(parameters[0]))
elif command == "load":
    load(pathlib.Path(parameters[0]))
elif command == "save-one":
    tag, file = parameters
    print(bentoml.onnx.save_model(tag, onnx.load(file)).tag)
elif command == "latest":
    model = bentoml.models.get(f"{parameters[0]}:latest")
    # Aliases are files beside the versions, which a listing must pass over.
    assert model in bentoml.models.list(), model
    print(model.tag)
else:
    sys.exit(f"There is no command {command}.")
