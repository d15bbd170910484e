"""Decoupled: one response for each element of IN, an error at the first negative one."""
import time

import numpy
import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            for index, value in enumerate(triton.get_input_tensor_by_name(request, "IN").as_numpy().ravel()):
                if value < 0:
                    sender.send(triton.InferenceResponse(error=triton.TritonError(f"negative value at {index}")))
                    break
                sender.send(self.response(index, value))
                # So that a reader sees them come one by one.
                time.sleep(0.02)
            sender.send(flags=triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def response(self, index, value):
        out = triton.Tensor("OUT", numpy.array([value], dtype=numpy.int32))
        return triton.InferenceResponse([out, triton.Tensor("IDX", numpy.array([index], dtype=numpy.uint32))])
