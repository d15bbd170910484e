"""Identity, after as many milliseconds as its input says."""
import time

import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(triton.get_input_tensor_by_name(request, "INPUT0").as_numpy()) for request in requests]

    def answer(self, values):
        time.sleep(float(values.flat[0]) / 1000)
        return triton.InferenceResponse([triton.Tensor("OUTPUT0", values)])
