"""What the court knows: persons, cases, stages, matters, documents, deliveries, deadlines.

A noun owns its table, its functions and its texts. Every function takes the session first and
never commits. Lock order: the case (``cases.lock``), then process instances.
"""
