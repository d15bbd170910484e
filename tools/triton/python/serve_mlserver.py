"""Serves two models with MLServer on the loopback interface.

serve_mlserver.py <port>
"""
import asyncio
import sys

from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec
from mlserver.errors import InferenceError
from mlserver.types import InferenceResponse, MetadataTensor, ResponseOutput


class Identity(MLModel):
    """Each input as an output, as it came."""

    async def predict(self, payload):
        outputs = [ResponseOutput(name=f"{i.name}_out", shape=i.shape, datatype=i.datatype, data=i.data) for i in payload.inputs]
        return InferenceResponse(model_name=self.name, id=payload.id, outputs=outputs)


class Twice(MLModel):
    """y = 2 x, z = x + 1; fails where x begins with 13."""

    async def predict(self, payload):
        x = NumpyCodec.decode_input(payload.inputs[0])
        if x.size > 0 and x.flat[0] == 13:
            raise InferenceError("unlucky")
        outputs = [NumpyCodec.encode_output("y", x * 2), NumpyCodec.encode_output("z", x + 1)]
        return InferenceResponse(model_name=self.name, id=payload.id, outputs=outputs)


def rows(name):
    return MetadataTensor(name=name, datatype="FP32", shape=[-1, 2])


async def main(port, grpc_port):
    settings = Settings(host="127.0.0.1", http_port=port, grpc_port=grpc_port, metrics_endpoint=None, parallel_workers=0)
    models = [
        ModelSettings(name="identity", implementation=Identity),
        ModelSettings(name="twice", implementation=Twice, inputs=[rows("x")], outputs=[rows("y"), rows("z")]),
    ]
    await MLServer(settings).start(models)


asyncio.run(main(*map(int, sys.argv[1:])))
