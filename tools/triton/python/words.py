"""Decoupled, in the manner of a language model: the words of text_input, in one response or, with stream, one by one."""
import time

import numpy
import triton_python_backend_utils as triton


def optional(request, name, otherwise):
    tensor = triton.get_input_tensor_by_name(request, name)
    return otherwise if tensor is None else tensor.as_numpy().flat[0]


def response(text):
    return triton.InferenceResponse([triton.Tensor("text_output", numpy.array([text.encode()], dtype=object))])


class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            sender = request.get_response_sender()
            for answer in self.answers(request):
                sender.send(answer)
            sender.send(flags=triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL)

    def answers(self, request):
        text = triton.get_input_tensor_by_name(request, "text_input").as_numpy().flat[0].decode()
        if text == "fail":
            yield triton.InferenceResponse(error=triton.TritonError("asked to fail"))
            return
        words = text.split()[: int(optional(request, "max_tokens", 1_000_000))]
        if not optional(request, "stream", False):
            yield response(" ".join(words))
            return
        for word in words:
            yield response(word)
            time.sleep(0.02)
