"""Pages are tested on the invented court of the case file, with everything deployed that is delivered."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.casefile.court import PASSWORD, Court, make
from webui.app import page_modules

# Their tables too must be known before the database is made.
list(page_modules())


@pytest.fixture
def court(database: str) -> Court:
    return make()


@pytest.fixture
def as_login(app: Flask, court: Court) -> Callable[[str], FlaskClient]:
    """``as_login("shen")``: a client that has signed in as this member of the court."""

    def sign_in(login: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    return sign_in
