"""Intake files: a table of received cases becomes cases, row by row, or sentences that say what to mend.

``files.read`` makes cells of bytes, ``rows.check`` makes records of cells, ``importing`` stores them,
``refusals.as_csv`` gives back what was refused, in a form that can be mended and imported again.
"""
