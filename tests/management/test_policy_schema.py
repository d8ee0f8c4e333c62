"""Does the desk print what a standard looks like, for a program?"""

import io
import json
from pathlib import Path

from django.core.management import call_command

from tocsin.core.schema import schema


def test_the_schema_that_is_printed_is_the_one_in_the_documents():
    out = io.StringIO()

    call_command("policy", "schema", stdout=out)

    assert json.loads(out.getvalue()) == schema()
    assert out.getvalue() == (Path(__file__).parents[2] / "docs" / "policy.schema.json").read_text("utf-8")
