"""One module per page family. ``create_app`` finds them by looking into this folder: nobody edits a list.

A page module has:

``blueprint``  a ``flask.Blueprint`` named like the module. Each view says who may call it, directly
               under its route: ``@requires("judge")``, ``@requires()``, ``@public`` or ``@signed``
               (webui/security.py); a view that says nothing stops the start.
``NAV``        optional, a list of ``navigation.Entry``: which place of the menu leads to which view.
               The places and their words are ``navigation.PLACES``. An entry is shown to those whom
               the view's rule allows. ``count`` gives its number, in the session it is given.
``ERRORS``     optional, ``{SomeError.code: status}``: 409 for a lost race, 404 for what is not there.
               Every other ``EngineError`` is answered with 422 and its sentence.

A view does one thing: it reads the request, calls one engine function through ``db.in_transaction``
or ``db.read_only``, and renders or redirects (303 after POST; ``flash("已暂存")`` shows a toast on the
next page). ``security.viewer()`` is who asks. A page that belongs to a place of the menu without being
its entry sets ``g.place = "property_control"``. An error that a form can show is caught and the page
rendered again with 422; any other ``EngineError`` just flies. Templates: ``templates/<module>/<view>.html``,
parts start with ``_``; macros and data-* attributes are listed at the top of ``templates/_macros.html``.
"""
