"""Forms of user tasks: form-js JSON, read on the server, which alone decides what comes in.

    form = forms.read(text)                              # FormRefused with every fault
    cleaned = forms.clean(form, submitted, context)      # values, or errors by field in Chinese

``submitted`` holds texts, or lists of texts for several choices, as a browser sends them; or values, as
a program does. Only declared fields are taken; conditions and choices may be FEEL on ``context``.
"""

from engine.process.forms.cleaning import Cleaned, clean, visible
from engine.process.forms.reading import Choice, Fault, Field, Form, FormRefused, Node, faults, read

__all__ = [
    "Choice",
    "Cleaned",
    "Fault",
    "Field",
    "Form",
    "FormRefused",
    "Node",
    "clean",
    "faults",
    "read",
    "visible",
]
