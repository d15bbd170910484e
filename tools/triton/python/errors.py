"""Fails as the first number of its input says: 0 without a code, 1 by an exception, 2 to 7 with a code; otherwise identity."""
import triton_python_backend_utils as triton

# By name: the backend puts TritonError into its module only after the import.
ERRORS = {
    2: ("not here", "NOT_FOUND"),
    3: ("bad arg", "INVALID_ARG"),
    4: ("unavail", "UNAVAILABLE"),
    5: ("unsup", "UNSUPPORTED"),
    6: ("exists", "ALREADY_EXISTS"),
    7: ("cancelled", "CANCELLED"),
}


class TritonPythonModel:
    def execute(self, requests):
        return [self.answer(triton.get_input_tensor_by_name(request, "INPUT0").as_numpy()) for request in requests]

    def answer(self, values):
        kind = int(values.flat[0])
        if kind == 1:
            raise ValueError("uncaught python exception")
        if kind == 0:
            return triton.InferenceResponse(error=triton.TritonError("boom from the model"))
        if kind in ERRORS:
            text, code = ERRORS[kind]
            return triton.InferenceResponse(error=triton.TritonError(text, getattr(triton.TritonError, code)))
        return triton.InferenceResponse([triton.Tensor("OUTPUT0", values)])
