"""OUTPUT0 is the sum of both inputs, OUTPUT1 their difference."""
import triton_python_backend_utils as triton


class TritonPythonModel:
    def execute(self, requests):
        return [triton.InferenceResponse(self.answer(request)) for request in requests]

    def answer(self, request):
        left, right = (triton.get_input_tensor_by_name(request, name).as_numpy() for name in ("INPUT0", "INPUT1"))
        values = {"OUTPUT0": left + right, "OUTPUT1": left - right}
        return [triton.Tensor(name, values[name]) for name in request.requested_output_names()]
