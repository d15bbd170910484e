"""SavedModels by Python's TensorFlow, with inputs and the outputs that TensorFlow itself computes.

    python make-saved-models.py FOLDER

writes FOLDER/<model>/saved_model.pb and FOLDER/references.json: for each model its methods, and of each method the inputs
and outputs by name as { dtype, shape, data }.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import tensorflow as tf

DTYPES = {"float32": "float32", "int32": "int32", "int64": "int64", "uint8": "uint8", "bool": "bool", "object": "string"}


class Convolutional(tf.Module):
    """A small network for images [rows, 8, 8, 1], with one signature."""

    def __init__(self, random):
        super().__init__()
        weights = lambda *shape: tf.Variable(random.normal(0, 0.3, shape).astype("float32"))
        self.first = weights(3, 3, 1, 8)
        self.second = weights(3, 3, 8, 16)
        self.dense = weights(64, 10)
        self.bias = weights(10)

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 1], tf.float32, name="image")])
    def __call__(self, image):
        hidden = tf.nn.relu(tf.nn.conv2d(image, self.first, 1, "SAME"))
        hidden = tf.nn.max_pool2d(hidden, 2, 2, "VALID")
        hidden = tf.nn.relu(tf.nn.conv2d(hidden, self.second, 1, "SAME"))
        hidden = tf.reshape(tf.nn.max_pool2d(hidden, 2, 2, "VALID"), [-1, 64])
        return {"probabilities": tf.nn.softmax(tf.matmul(hidden, self.dense) + self.bias)}


class TwoSignatures(tf.Module):
    """One signature adds numbers of two inputs, another one scales, with 64-bit integers and bytes on the outside."""

    def __init__(self):
        super().__init__()
        self.factor = tf.Variable(3.0)

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="a"), tf.TensorSpec([None, 2], tf.float32, name="b")])
    def add(self, a, b):
        return {"sum": a + b, "difference": a - b}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int64, name="count"), tf.TensorSpec([None, 2], tf.uint8, name="pixels")])
    def scale(self, count, pixels):
        scaled = tf.cast(pixels, tf.float32) * self.factor * tf.cast(count, tf.float32)[:, None]
        return {"scaled": scaled, "next": count + 1, "dark": pixels < 128}


class Words(tf.Module):
    """Text in, text and numbers out."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def __call__(self, text):
        return {"upper": tf.strings.upper(text, encoding="utf-8"), "length": tf.strings.length(text, unit="UTF8_CHAR")}


def plain(array):
    array = np.asarray(array)
    data = [value.decode() if isinstance(value, bytes) else value for value in array.reshape(-1).tolist()]
    return {"dtype": DTYPES[str(array.dtype)], "shape": list(array.shape), "data": data}


def reference(function, **inputs):
    outputs = function(**{name: tf.constant(value) for name, value in inputs.items()})
    return {
        "inputs": {name: plain(np.asarray(value, dtype=object) if isinstance(value, list) else value) for name, value in inputs.items()},
        "outputs": {name: plain(value.numpy()) for name, value in outputs.items()},
    }


def main(folder):
    random = np.random.default_rng(20240229)
    floats = lambda *shape: random.normal(0, 1, shape).astype("float32")
    convolutional, two, words = Convolutional(random), TwoSignatures(), Words()
    tf.saved_model.save(convolutional, f"{folder}/convolutional", signatures=convolutional.__call__)
    tf.saved_model.save(two, f"{folder}/two-signatures", signatures={"serving_default": two.add, "scale": two.scale})
    tf.saved_model.save(words, f"{folder}/words", signatures=words.__call__)
    references = {
        "convolutional": {"run": reference(lambda image: convolutional(image), image=floats(5, 8, 8, 1))},
        "two-signatures": {
            "run": reference(two.add, a=floats(3, 2), b=floats(3, 2)),
            "scale": reference(two.scale, count=np.array([1, 0, 2**31 - 1]), pixels=random.integers(0, 256, (3, 2)).astype("uint8")),
        },
        "words": {"run": reference(lambda text: words(text), text=["", "straße", "žluťoučký 🐎"])},
    }
    with open(f"{folder}/references.json", "w", encoding="utf-8") as file:
        json.dump(references, file, ensure_ascii=False)


main(sys.argv[1])
