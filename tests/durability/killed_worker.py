"""A worker process on a real court that is killed at one point of a job, as the kernel would. Run by test_killed_worker."""

import os
import signal
import smtplib
import sys

from engine import blobs, schema
from engine.casefile.document import dossier
from engine.documents import signature
from engine.process import operations, worker

operation, point = sys.argv[1:]
assert schema.NOUNS
operations.load()


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def dies_after(owner, name, when=lambda *_: True):
    real = getattr(owner, name)

    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs)
        if when(*args):
            die()
        return result

    setattr(owner, name, wrapped)


match point:
    case "after the claim":
        dies_after(worker, "_read", lambda _session, found, _job: found.name == operation)
    case "after the signature":
        dies_after(signature, "sign")
    case "after the file was written":
        dies_after(blobs, "put")
    case "after the mail was handed over":
        dies_after(smtplib.SMTP, "send_message")
    case "in the settlement":
        # Everything is written, nothing is committed.
        dies_after(dossier, "add")

worker.run_until_idle()
