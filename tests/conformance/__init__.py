"""How many constructs of BPMN 2.0 run right, are refused, are silently wrong, crash: ``python -m tests.conformance``."""
