"""Cannot be imported."""
raise RuntimeError("this model cannot be imported")
