"""The number of the version that runs."""
import numpy
import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        self.version = int(args["model_version"])

    def execute(self, requests):
        tensor = triton.Tensor("OUTPUT0", numpy.array([self.version], dtype=numpy.int32))
        return [triton.InferenceResponse([tensor]) for _ in requests]
