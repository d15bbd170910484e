"""Writes what scikit-learn, pandas and pyarrow make of small frames, for the tests of bentoml-danfo-dataframes.

    python tools/dataframes/make-references.py tools/dataframes/references.json
"""

import base64
import datetime
import json
import math
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler

NAN = float("nan")

TRAINING = {
    "age": [22.0, 38.0, NAN, 35.0, 35.0, 54.0, 2.0, 27.0, NAN, 4.0],
    "fare": [7.25, 71.2833, 7.925, 53.1, 8.05, 51.8625, 21.075, 11.1333, 30.0708, 16.7],
    "tiny": [1e-9, 2e-9, 3e-9, 1.5e-9, 2.5e-9, 1e-9, 2e-9, 3e-9, 1.5e-9, 2.5e-9],
    "huge": [1e9 + step for step in range(10)],
    "constant": [0.1] * 10,
    "rooms": [3, 1, 2, 2, 3, 1, 1, 2, 3, 3],
    "port": ["S", "C", None, "S", "Q", "S", "S", "C", None, "é"],
    "size": ["small", "large", "medium", "small", "small", "large", "medium", "medium", "small", "large"],
}
FRESH = {
    "age": [30.0, NAN, -5.5, 80.0],
    "fare": [0.0, 100.0, NAN, 8.05],
    "tiny": [4e-9, 0.0, 1e-9, NAN],
    "huge": [1e9, 1e9 + 20, 0.0, 1e9 + 3],
    "constant": [0.1, 0.3, NAN, -1.0],
    "rooms": [1, 2, 3, 1],
    "port": ["C", None, "Q", "S"],
    "size": ["large", "medium", "small", "small"],
}
NUMBERS = ["age", "fare", "tiny", "huge", "constant", "rooms"]


def frame(columns):
    made = pd.DataFrame(columns)
    # Text as scikit-learn takes it: objects, and NaN where there is none.
    return made.astype({name: object for name in ("port", "size") if name in made})


def plain(value):
    if isinstance(value, (float, np.floating)):
        return None if math.isnan(value) else float(value)
    if isinstance(value, np.generic):
        return value.item()
    return value


def rows(array):
    return [[plain(value) for value in row] for row in np.asarray(array).tolist()]


def case(name, step, transformer, columns, fresh=None, also=None):
    """A step by itself: only its columns go in, and come out in the order of the frame."""
    training, later = frame(TRAINING)[columns], frame(fresh or FRESH)[columns]
    fitted = transformer.fit(training)
    return {
        "name": name,
        "steps": [{"kind": "select", "columns": columns}, step],
        "training": {column: [plain(value) for value in training[column]] for column in columns},
        "fresh": {column: [plain(value) for value in later[column]] for column in columns},
        "columns": [str(column) for column in fitted.get_feature_names_out()],
        "ofTraining": rows(fitted.transform(training)),
        "ofFresh": rows(fitted.transform(later)),
    }


def cases():
    unknown = {**FRESH, "port": ["C", None, "X", "S"], "size": ["huge", "medium", "small", "small"]}
    dense = {"sparse_output": False}
    sizes = ["small", "medium", "large"]
    yield case("StandardScaler", {"kind": "standardScaler"}, StandardScaler(), NUMBERS)
    yield case("StandardScaler without mean", {"kind": "standardScaler", "withMean": False}, StandardScaler(with_mean=False), NUMBERS)
    yield case("StandardScaler without deviation", {"kind": "standardScaler", "withStd": False}, StandardScaler(with_std=False), NUMBERS)
    yield case("MinMaxScaler", {"kind": "minMaxScaler"}, MinMaxScaler(), NUMBERS)
    yield case("MinMaxScaler with a range", {"kind": "minMaxScaler", "range": [-1, 2.5]}, MinMaxScaler((-1, 2.5)), NUMBERS)
    yield case("MinMaxScaler with clip", {"kind": "minMaxScaler", "clip": True}, MinMaxScaler(clip=True), NUMBERS)
    yield case("OneHotEncoder", {"kind": "oneHot"}, OneHotEncoder(**dense), ["size"])
    yield case("OneHotEncoder that ignores", {"kind": "oneHot", "unknown": "ignore"}, OneHotEncoder(handle_unknown="ignore", **dense), ["size", "rooms"], unknown)
    yield case(
        "OneHotEncoder with categories",
        {"kind": "oneHot", "unknown": "ignore", "categories": {"size": ["large", "small"]}},
        OneHotEncoder(categories=[["large", "small"]], handle_unknown="ignore", **dense),
        ["size"],
        unknown,
    )
    yield case("OneHotEncoder of text that is missing", {"kind": "oneHot"}, OneHotEncoder(**dense), ["port"])
    yield case("OneHotEncoder of numbers that are missing", {"kind": "oneHot", "unknown": "ignore"}, OneHotEncoder(handle_unknown="ignore", **dense), ["age"])
    yield case("OrdinalEncoder", {"kind": "ordinal"}, OrdinalEncoder(), ["size", "rooms", "port"])
    yield case(
        "OrdinalEncoder with a number for unknown",
        {"kind": "ordinal", "unknown": -1, "categories": {"size": sizes}},
        OrdinalEncoder(categories=[sizes], handle_unknown="use_encoded_value", unknown_value=-1),
        ["size"],
        unknown,
    )
    yield case("SimpleImputer, mean", {"kind": "fill"}, SimpleImputer(), NUMBERS)
    yield case("SimpleImputer, median", {"kind": "fill", "strategy": "median"}, SimpleImputer(strategy="median"), NUMBERS)
    yield case("SimpleImputer, most frequent number", {"kind": "fill", "strategy": "mostFrequent"}, SimpleImputer(strategy="most_frequent"), ["age", "fare", "rooms"])
    yield case(
        "SimpleImputer, most frequent text",
        {"kind": "fill", "strategy": "mostFrequent"},
        SimpleImputer(strategy="most_frequent"),
        ["port", "size"],
    )
    yield case("SimpleImputer, a value", {"kind": "fill", "value": -9.5}, SimpleImputer(strategy="constant", fill_value=-9.5), ["age", "fare"])
    yield whole_pipeline()


def whole_pipeline():
    """Everything together, as one would have it for a model."""
    scaled, encoded = ["age", "fare"], ["port", "size"]
    numbers = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    words = Pipeline([("fill", SimpleImputer(strategy="most_frequent")), ("encode", OneHotEncoder(sparse_output=False))])
    transformer = ColumnTransformer([("numbers", numbers, scaled), ("words", words, encoded)], verbose_feature_names_out=False)
    made = case("a pipeline", {}, transformer, scaled + encoded)
    made["steps"] = [
        {"kind": "select", "columns": scaled + encoded},
        {"kind": "fill", "columns": scaled, "strategy": "median"},
        {"kind": "standardScaler", "columns": scaled},
        {"kind": "fill", "columns": encoded, "strategy": "mostFrequent"},
        {"kind": "oneHot", "columns": encoded},
    ]
    return made


def arrow():
    """A stream of every type that a column takes, with nulls, in two record batches."""
    moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 250000, tzinfo=datetime.timezone.utc)
    columns = {
        "bool": pa.array([True, None, False], pa.bool_()),
        "int8": pa.array([-128, None, 127], pa.int8()),
        "int16": pa.array([-(2**15), None, 2**15 - 1], pa.int16()),
        "int32": pa.array([-(2**31), None, 2**31 - 1], pa.int32()),
        "int64": pa.array([-(2**63), None, 2**63 - 1], pa.int64()),
        "uint8": pa.array([0, None, 255], pa.uint8()),
        "uint16": pa.array([0, None, 2**16 - 1], pa.uint16()),
        "uint32": pa.array([0, None, 2**32 - 1], pa.uint32()),
        "uint64": pa.array([0, None, 2**64 - 1], pa.uint64()),
        "float32": pa.array([0.5, None, NAN], pa.float32()),
        "float64": pa.array([0.1, None, math.inf], pa.float64()),
        "string": pa.array(["", None, "zweite Zeile \N{SNOWMAN}\N{GRINNING FACE}"], pa.string()),
        "datetime": pa.array([moment, None, datetime.datetime(1969, 12, 31, tzinfo=datetime.timezone.utc)], pa.timestamp("ms", "UTC")),
        "category": pa.array(["b", None, "a"]).dictionary_encode(),
    }
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.slice(0, 2))
        writer.write_table(table.slice(2))
    return base64.b64encode(sink.getvalue().to_pybytes()).decode()


def concat():
    """What pandas makes of frames one below the other: labels stay, columns go by name."""
    parts = [pd.DataFrame({"a": [1.5, NAN], "b": ["x", "y"]}), pd.DataFrame({"b": ["z"], "a": [3.0]}, index=["last"])]
    joined = pd.concat(parts)
    return {
        "parts": [{"columns": {name: [plain(value) for value in part[name]] for name in part}, "index": list(part.index)} for part in parts],
        "joined": {"columns": list(joined.columns), "index": list(joined.index), "values": [[plain(value) for value in row] for row in joined.to_numpy().tolist()]},
    }


if __name__ == "__main__":
    made = {"cases": list(cases()), "arrow": arrow(), "concat": concat()}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1, ensure_ascii=False, allow_nan=False)
        file.write("\n")
