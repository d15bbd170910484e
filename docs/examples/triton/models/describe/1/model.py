"""Says a sentence word by word."""
import numpy
import triton_python_backend_utils as triton

SENTENCES = {
    "setosa": "A small flower of cold shores, with bristles where others have petals.",
    "versicolor": "The blue flag of northern marshes.",
    "virginica": "The great blue flag of southern swamps.",
}


class TritonPythonModel:
    def execute(self, requests):
        for request in requests:
            species = triton.get_input_tensor_by_name(request, "species").as_numpy().flat[0].decode()
            sender = request.get_response_sender()
            if species in SENTENCES:
                for word in SENTENCES[species].split():
                    sender.send(triton.InferenceResponse([triton.Tensor("word", numpy.array([word.encode()], dtype=object))]))
            else:
                error = triton.TritonError(f"no species {species}: one of {', '.join(SENTENCES)}", triton.TritonError.INVALID_ARG)
                sender.send(triton.InferenceResponse(error=error))
            sender.send(flags=triton.TRITONSERVER_RESPONSE_COMPLETE_FINAL)
