"""Serves a model with KServe's Python server on the loopback interface.

serve_kserve.py <port>
"""
import sys

import uvicorn
from kserve import InferOutput, InferResponse, Model, ModelServer
from kserve.errors import InferenceError
from kserve.utils.utils import generate_uuid

Config = uvicorn.Config


def on_loopback(app, **options):
    """KServe would listen on all interfaces, and has no option for that."""
    return Config(app, **{**options, "host": "127.0.0.1"})


uvicorn.Config = on_loopback


class Twice(Model):
    """y = 2 x, z = x + 1; fails where x begins with 13."""

    def __init__(self, name):
        super().__init__(name)
        self.ready = True

    async def get_input_types(self):
        return [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}]

    async def get_output_types(self):
        return [{"name": name, "datatype": "FP32", "shape": [-1, 2]} for name in ("y", "z")]

    def predict(self, payload, headers=None, response_headers=None):
        x = payload.inputs[0].as_numpy()
        if x.size > 0 and x.flat[0] == 13:
            raise InferenceError("unlucky")
        outputs = [self.output(name, values) for name, values in (("y", x * 2), ("z", x + 1))]
        # As KServe's own models do: a response without an id is refused by the server.
        return InferResponse(
            payload.id or generate_uuid(),
            self.name,
            outputs,
            use_binary_outputs=payload.use_binary_outputs,
            requested_outputs=payload.request_outputs,
        )

    def output(self, name, values):
        output = InferOutput(name, list(values.shape), "FP32")
        output.set_data_from_numpy(values)
        return output


ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1).start([Twice("twice")])
