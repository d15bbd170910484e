"""The sum of all that a sequence has sent so far."""
import numpy
import triton_python_backend_utils as triton


def scalar(request, name):
    return int(triton.get_input_tensor_by_name(request, name).as_numpy().flat[0])


class TritonPythonModel:
    def initialize(self, args):
        self.sums = {}

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        sequence = scalar(request, "CORRID")
        before = 0 if scalar(request, "START") else self.sums.get(sequence, 0)
        total = before + scalar(request, "INPUT")
        self.sums[sequence] = total
        if scalar(request, "END"):
            del self.sums[sequence]
        return triton.InferenceResponse([triton.Tensor("OUTPUT", numpy.array([[total]], dtype=numpy.int32))])
