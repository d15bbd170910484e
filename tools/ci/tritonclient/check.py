"""Uses a server of the digits model by Triton's own Python client, and fails when an answer is not what it should be.

    check.py <host:port> <model> <held-out.csv>
"""

import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

address, model, digits_path = sys.argv[1:]

digits = np.loadtxt(digits_path, delimiter=",", dtype=np.float32)
images = digits[:, :64].reshape(-1, 1, 8, 8)
labels = digits[:, 64].astype(int)


def infer(client, rows, binary):
    image = triton.InferInput("image", list(rows.shape), "FP32")
    image.set_data_from_numpy(rows, binary_data=binary)
    wanted = triton.InferRequestedOutput("probabilities", binary_data=binary)
    return client.infer(model, [image], outputs=[wanted], request_id="a-request")


def check_metadata(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(model)
    assert not client.is_model_ready("no-such-model")
    assert client.get_server_metadata()["name"]
    metadata = client.get_model_metadata(model)
    assert metadata["name"] == model
    (image,) = metadata["inputs"]
    assert (image["name"], image["datatype"], image["shape"]) == ("image", "FP32", [-1, 1, 8, 8])
    (probabilities,) = metadata["outputs"]
    assert (probabilities["name"], probabilities["datatype"]) == ("probabilities", "FP32")
    assert probabilities["shape"] == [-1, 10]


def check_answers(client):
    binary = infer(client, images[:50], binary=True)
    json = infer(client, images[:50], binary=False)
    for result in (binary, json):
        assert result.get_response()["id"] == "a-request"
        assert result.as_numpy("probabilities").shape == (50, 10)
    np.testing.assert_allclose(json.as_numpy("probabilities"), binary.as_numpy("probabilities"), rtol=1e-6, atol=1e-7)


def check_accuracy(client):
    """Many requests at a time, so that the server makes batches of them."""
    requests = []
    for row in images:
        image = triton.InferInput("image", [1, 1, 8, 8], "FP32")
        image.set_data_from_numpy(row[np.newaxis])
        requests.append(client.async_infer(model, [image]))
    found = [int(request.get_result().as_numpy("probabilities").argmax()) for request in requests]
    accuracy = float(np.mean(np.array(found) == labels))
    assert accuracy >= 0.97, f"accuracy {accuracy}"
    return accuracy


def check_refusal(client):
    try:
        infer(client, images[:1].reshape(1, 1, 4, 16), binary=True)
    except InferenceServerException as error:
        assert error.status() == "400", error.status()
        assert error.message(), "a refusal says why"
    else:
        raise AssertionError("an image of 4 x 16 pixels was not refused")


with triton.InferenceServerClient(address, concurrency=16) as server:
    check_metadata(server)
    check_answers(server)
    accuracy = check_accuracy(server)
    check_refusal(server)
    print(f"health, metadata, JSON and binary answers, refusal: as expected; {accuracy:.1%} of {len(labels)} digits are right")
