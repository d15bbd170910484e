"""Sends values of every datatype to the models `identity_<datatype>` of a server by Triton's own Python client, and fails when they change.

    datatypes.py <host:port>
"""

import sys

import ml_dtypes
import numpy as np
import tritonclient.http as triton

(address,) = sys.argv[1:]

values = {
    "BOOL": np.array([True, False, True]),
    "UINT8": np.array([0, 255], np.uint8),
    "UINT16": np.array([0, 65535], np.uint16),
    "UINT32": np.array([0, 2**32 - 1], np.uint32),
    "UINT64": np.array([0, 2**64 - 1, 2**53 + 1], np.uint64),
    "INT8": np.array([-128, 127], np.int8),
    "INT16": np.array([-32768, 32767], np.int16),
    "INT32": np.array([-(2**31), 2**31 - 1], np.int32),
    "INT64": np.array([-(2**63), 2**63 - 1, 2**53 + 1], np.int64),
    "FP16": np.array([0.5, -65504, np.inf, np.nan], np.float16),
    "FP32": np.array([0.1, -3.4e38, np.inf, np.nan], np.float32),
    "FP64": np.array([0.1, -1.7e308, np.inf, np.nan], np.float64),
    "BYTES": np.array([b"", "é☃ text".encode(), b'"\\\n'], np.object_),
    "BF16": np.array([0.5, -2.0, 1.0], ml_dtypes.bfloat16),
}
binary_only = {"FP16", "BF16"}


def infer(server, datatype, value, binary_in, binary_out):
    x = triton.InferInput("x", list(value.shape), datatype)
    x.set_data_from_numpy(value, binary_data=binary_in)
    y = triton.InferRequestedOutput("y", binary_data=binary_out)
    return server.infer(f"identity_{datatype}", [x], outputs=[y]).as_numpy("y")


def finite(value):
    return value if value.dtype.kind != "f" else value[np.isfinite(value)]


def same(one, other):
    if one.dtype == np.object_:
        as_bytes = lambda items: [item.encode() if isinstance(item, str) else bytes(item) for item in items]
        return as_bytes(one) == as_bytes(other)
    return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


with triton.InferenceServerClient(address) as server:
    forms = 0
    for datatype, value in values.items():
        for binary_in in (True, False):
            for binary_out in (True, False):
                if datatype in binary_only and not (binary_in and binary_out):
                    continue
                sent = value if binary_in and binary_out else finite(value)
                for some in (sent, sent[:1]) if datatype == "BYTES" else (sent, sent[:1], sent[:0]):
                    got = infer(server, datatype, some, binary_in, binary_out)
                    assert same(some, got), f"{datatype}, binary {binary_in} and {binary_out}: {some} came back as {got}"
                    forms += 1
    (row,) = server.get_inference_statistics("identity_FP32")["model_stats"]
    assert row["inference_stats"]["success"]["count"] > 0, row
    print(f"{len(values)} datatypes in {forms} forms come back as they went; statistics count them")
