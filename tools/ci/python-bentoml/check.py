"""Opens a digits model that the Node.js packages saved by Python's BentoML, and fails when it does not read digits.

    check.py <tag> <held-out.csv>          (the store is $BENTOML_HOME)
"""

import sys

import bentoml
import numpy as np

tag, digits_path = sys.argv[1:]

digits = np.loadtxt(digits_path, delimiter=",", dtype=np.float32)
images = digits[:, :64].reshape(-1, 1, 8, 8)
labels = digits[:, 64].astype(int)

assert [str(model.tag) for model in bentoml.models.list()], "the store has no model"

model = bentoml.onnx.get(tag)
assert model.info.module == "bentoml.onnx", model.info.module
assert model.info.signatures["run"].batchable, model.info.signatures

session = bentoml.onnx.load_model(tag)
(probabilities,) = session.run(["probabilities"], {"image": images})
accuracy = float(np.mean(probabilities.argmax(axis=1) == labels))
assert accuracy >= 0.97, f"accuracy {accuracy}"

runner = model.to_runner()
runner.init_local(quiet=True)
by_runner = runner.run.run(images)
np.testing.assert_allclose(by_runner, probabilities, rtol=1e-5, atol=1e-6)

print(f"{model.tag.name} opens in Python {bentoml.__version__}; {accuracy:.1%} of {len(labels)} digits are right")
