"""What the model sees of a request beside its tensors, as JSON text."""
import json

import numpy
import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        seen = {
            "request_id": request.request_id(),
            "correlation_id": request.correlation_id(),
            "flags": request.flags(),
            "timeout": request.timeout(),
            "parameters": json.loads(request.parameters()),
            "outputs": sorted(request.requested_output_names()),
        }
        text = json.dumps(seen, sort_keys=True).encode()
        return triton.InferenceResponse([triton.Tensor("PARAMS", numpy.array([text], dtype=object))])
