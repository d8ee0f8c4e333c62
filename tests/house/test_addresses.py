"""Does whoever comes to an address of the desk without knowing it learn where to go?"""

import pytest
from django.test import Client


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/admin/", 404), ("/%00", 404)])
def test_an_address_without_anything_tells_those_that_have_something(client: Client, path: str, status: int):
    answer = client.get(path)

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/plain")
    assert "POST /in/generic" in answer.content.decode()
    assert "/healthz" in answer.content.decode()
