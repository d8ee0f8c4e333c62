"""Does whoever comes to an address of the desk without knowing it learn where to go?"""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/admin/", "/accounts/signup/", "/%00"])
def test_an_address_without_anything_tells_a_program_those_that_have_something(client: Client, path: str):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")
    assert "POST /in/generic" in answer.content.decode()
    assert "/healthz" in answer.content.decode()


def test_an_address_without_anything_shows_a_browser_a_page_with_a_way_on(client: Client):
    answer = client.get("/admin/", headers={"accept": "text/html,*/*;q=0.8"})

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "There is nothing here" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_the_screens_answer_only_under_the_desks_own_names(client: Client):
    elsewhere = {"host": "attacker.example", "accept": "text/html"}

    assert client.get("/accounts/login/", headers=elsewhere).status_code == 400
    assert "TOCSIN_HOSTS" in client.get("/", headers=elsewhere).content.decode()


@pytest.mark.django_db
def test_health_and_metrics_answer_under_any_name_without_signing_in(client: Client):
    answers = {path: client.get(path, headers={"host": "attacker.example"}) for path in ("/healthz", "/metrics")}

    assert {path: answer.status_code for path, answer in answers.items()} == {"/healthz": 503, "/metrics": 200}
    assert not any(answer.cookies for answer in answers.values())
