"""Gives its only input back as its only output, in whatever type the configuration says."""
import json

import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        config = json.loads(args["model_config"])
        self.source = config["input"][0]["name"]
        self.target = config["output"][0]["name"]
        # NumPy has no bfloat16: such tensors pass by DLPack.
        self.is_bfloat16 = config["input"][0]["data_type"] == "TYPE_BF16"

    def execute(self, requests):
        return [triton.InferenceResponse([self.copy(request)]) for request in requests]

    def copy(self, request):
        tensor = triton.get_input_tensor_by_name(request, self.source)
        if self.is_bfloat16:
            return triton.Tensor.from_dlpack(self.target, tensor.to_dlpack())
        return triton.Tensor(self.target, tensor.as_numpy())
