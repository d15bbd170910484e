"""Writes the iris data and a classifier of it: softmax regression on standardised features, as ONNX.

    python tools/dataframes/make-iris.py docs/examples/iris

The data are Fisher's (1936), in the public domain, from scikit-learn's copy. Every fifth row is held out of the training.
"""

import csv
import os
import sys

import numpy as np
from onnx import TensorProto, helper, save
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

HELD_OUT_EVERY = 5


def write_data(path, iris):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["sepal length", "sepal width", "petal length", "petal width", "species"])
        for measures, species in zip(iris.data, iris.target):
            writer.writerow([*(f"{measure:.1f}" for measure in measures), iris.target_names[species]])


def write_model(path, iris):
    training = np.arange(len(iris.data)) % HELD_OUT_EVERY != HELD_OUT_EVERY - 1
    features = StandardScaler().fit_transform(iris.data[training])
    regression = LogisticRegression(C=10, tol=1e-10, max_iter=10_000).fit(features, iris.target[training])
    # Rounded, so that every machine writes the same file.
    weights = np.round(regression.coef_, 4).astype(np.float32)
    bias = np.round(regression.intercept_, 4).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["features", "weights", "bias"], ["scores"], transB=1),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        ],
        "iris",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", 3])],
        [
            helper.make_tensor("weights", TensorProto.FLOAT, weights.shape, weights.flatten()),
            helper.make_tensor("bias", TensorProto.FLOAT, bias.shape, bias),
        ],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    held_out = ~training
    predicted = (StandardScaler().fit(iris.data[training]).transform(iris.data[held_out]) @ weights.T + bias).argmax(axis=1)
    print(f"{(predicted == iris.target[held_out]).sum()} of {held_out.sum()} held-out rows are right.")


if __name__ == "__main__":
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    write_data(os.path.join(folder, "iris.csv"), load_iris())
    write_model(os.path.join(folder, "iris.onnx"), load_iris())
