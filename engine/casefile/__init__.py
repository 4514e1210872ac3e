"""What the court knows: persons, cases, stages, matters, documents, deliveries, deadlines.

A noun owns its table, its functions and its texts. Every function takes the session first and
never commits. Lock order: the case (``cases.lock``), then process instances.

One room a subject: ``people`` and ``party`` (who), ``intake``, ``case`` and ``stage`` (the case and its way),
``matter``, ``asset``, ``errand`` (the work), ``document``, ``approval``, ``delivery`` (what is written),
``design`` and ``oversight`` (diagrams and their instances), ``rules`` (the court's data, pure functions).
"""
