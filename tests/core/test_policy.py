"""Is a standard read as it is meant, and is every mistake in one named by file, line and key?"""

from __future__ import annotations

import pytest

from tests.core.standards import SMALL, broken, line_of
from tocsin.core.clock import Clock
from tocsin.core.duration import Duration
from tocsin.core.hours import Calendar
from tocsin.core.policy import BadPolicy, Choice, Terms, load

HOURS = Calendar("Australia/Sydney", {day: [("07:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")})


def said(text: str, *, name: str = "small.toml") -> list[str]:
    """The mistakes found in a text, one each."""
    with pytest.raises(BadPolicy) as error:
        load(text, name=name)
    return str(error.value).splitlines()


def terms(text: str = SMALL, **agreed: object) -> Terms:
    return load(text).terms(**({"hours": HOURS} | agreed))  # type: ignore[arg-type]


# -- what it says


def test_a_standard_says_its_priorities_in_the_order_it_lists_them():
    policy = load(SMALL)

    assert (policy.name, policy.title) == ("small", "A small desk")
    assert [(p.name, p.title) for p in policy.priorities] == [("P1", "Urgent"), ("P2", "Normal")]


@pytest.mark.parametrize("names", [("P0", "P1", "P2"), ("P1", "P2", "P3", "P4", "P5")])
def test_a_policy_may_have_three_priorities_or_five(names):
    more = [name for name in names if name not in ("P1", "P2")]
    declared = "".join(f'[priorities.{name}]\ntitle = "Another"\ncalendar = "always"\n' for name in more)
    first = names[0] == "P0"
    promised = "".join(f', {name} = "{number}h"' for number, name in enumerate(more, start=10))

    found = terms(
        broken(
            ("[priorities.P1]" if first else "[roles]", declared + ("[priorities.P1]" if first else "[roles]")),
            ('targets = { P1 = "15m", P2 = "2h" }', f'targets = {{ P1 = "15m", P2 = "2h"{promised} }}'),
        )
    )

    assert found.priorities == names
    response = {name: str(target[0]) for name, target in found.clocks["response"].targets.items()}
    assert response == {"P1": "15m", "P2": "2h"} | {name: f"{at}h" for at, name in enumerate(more, start=10)}


def test_a_target_counts_on_the_calendar_of_its_priority_unless_it_names_another():
    clock = terms(broken(('P1 = "15m", P2 = "2h"', 'P1 = "15m on support", P2 = "2h"'))).clocks["response"]
    resolution = terms().clocks["resolution"]

    assert isinstance(clock, Clock)
    assert clock.targets["P1"] == (Duration(15, "m"), HOURS)
    assert resolution.targets["P1"] == (Duration(4, "h"), Calendar.always("Australia/Sydney"))
    assert resolution.targets["P2"] == (Duration(5, "bd"), HOURS)


def test_the_contracts_hours_are_called_support_hours():
    assert terms().calendars["support"].name == "support hours"


@pytest.mark.parametrize("nothing", ["none", "at resolution"])
def test_none_promises_nothing(nothing):
    agreed = terms(broken(('P2 = "5bd"', f'P2 = "{nothing}"')))

    assert agreed.clocks["resolution"].targets["P2"] is None
    assert Choice("resolution", "P2", f"standard small 1: {nothing}") in agreed.choices


def test_a_priority_left_out_of_a_clock_is_promised_nothing_and_nothing_is_chosen():
    agreed = terms(broken((', P2 = "5bd"', "")))

    assert "P2" not in agreed.clocks["resolution"].targets
    assert [c.priority for c in agreed.choices if c.clock == "resolution"] == ["P1"]


def test_business_days_on_support_hours_that_never_close_are_days_of_24_hours():
    agreed = terms(hours=Calendar.always("Asia/Tokyo"))

    assert agreed.clocks["resolution"].targets["P2"] == (Duration(120, "h"), Calendar.always("Asia/Tokyo"))
    assert Choice("resolution", "P2", "standard small 1: 5bd (120h) on support hours") in agreed.choices


def test_a_threshold_says_who_is_told_and_what_is_escalated():
    agreed = terms()

    assert agreed.clocks["resolution"].thresholds == (5, 50)
    threshold = agreed.threshold("resolution", 5)
    assert threshold is not None
    assert (threshold.tell, threshold.escalate) == ("duty", "L2")


def test_a_threshold_at_100_says_who_hears_of_a_breach_and_is_no_instant_of_its_own():
    agreed = terms(broken(("percent = 50", "percent = 100")))

    assert agreed.clocks["resolution"].thresholds == (5,)
    assert agreed.threshold("resolution", 100) is not None


def test_a_ladder_keeps_its_steps_and_says_what_counts():
    ladders = terms().ladders

    assert ladders["page"].until_acknowledged
    assert [step.name for step in ladders["page"].steps] == ["first", "second"]
    assert ladders["functional"].counts_from == "level"
    assert ladders["functional"].steps[0].accept == {"P1": (Duration(5, "m"), Calendar.always("Australia/Sydney"))}
    called = ladders["client"].step("called")
    assert (called.act, called.within) == (True, {"P1": (Duration(1, "h"), Calendar.always("Australia/Sydney"))})


def test_the_same_text_comes_to_the_same_terms_for_any_number_of_contracts():
    policy = load(SMALL)

    first, second = policy.terms(hours=HOURS), policy.terms(hours=Calendar.always(), version="7")

    assert (first.version, second.version) == ("1", "7")
    assert first.clocks["resolution"].targets["P2"] == (Duration(5, "bd"), HOURS)
    assert second.choices[0].winner == "standard small 7: 15m on always"


# -- mistakes


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        ('P2 = "5bd"', 'P2 = "5d"', "clocks.resolution.targets.P2",
         "5d could mean days or business days: write 120h for days round the clock, or 5bd for business days."),
        ('P1 = "4h"', 'P1 = "4bd"', "clocks.resolution.targets.P1",
         "4bd counts business days and always never closes: write 96h, or 4bd on support."),
        ('P1 = "15m"', 'P1 = "0m"', "clocks.response.targets.P1",
         "The target is 0m: a target is above zero; write none to promise nothing."),
        ('P1 = "15m"', 'P1 = "as soon as you can"', "clocks.response.targets.P1",
         "'as soon as you can' is no duration: write 4h, or 5bd on support, or none."),
        ('P1 = "15m"', 'P1 = "15 m"', "clocks.response.targets.P1",
         "'15 m' is no duration: write 4h, or 5bd on support, or none."),
        ('P1 = "15m"', "P1 = 15", "clocks.response.targets.P1", "This is a number, not a text in quotes."),
        ('P1 = "15m"', 'P1 = "15m on suport"', "clocks.response.targets.P1",
         "The calendar 'suport' is not declared: did you mean 'support'?"),
        ('P1 = "15m"', 'P7 = "15m"', "clocks.response.targets.P7",
         "The priority 'P7' is not declared: it is one of P1, P2."),
        ('calendar = "support"', 'calendar = "contract"', "priorities.P2.calendar",
         "'contract' is no calendar: it is one of always, support."),
        ('tell = "duty" }', 'tell = "dutty" }', "clocks.resolution.thresholds[1].tell",
         "'dutty' is no role of the staff: did you mean 'duty'?"),
        ('tell = "duty" }', 'tell = "contact" }', "clocks.resolution.thresholds[1].tell",
         "'contact' is no role of the staff: it is one of boss, duty."),
        ('owner = "boss"', 'owner = "contact"', "ladders.page.owner",
         "'contact' is no role of the staff: it is one of boss, duty."),
        ('first_level = "L1"', 'update_misses_told = ["contact"]\nfirst_level = "L1"', "rules.update_misses_told[1]",
         "'contact' is no role of the staff: it is one of boss, duty."),
        ("percent = 5,", "percent = 175,", "clocks.resolution.thresholds[2].percent",
         "175 will not do: it is a whole number from 1 to 100."),
        ("percent = 5,", "percent = 50,", "clocks.resolution.thresholds[2].percent", "Two thresholds stand at 50 %."),
        ("percent = 5,", "percent = true,", "clocks.resolution.thresholds[2].percent",
         "This is true or false, not a whole number."),
        ('escalate = "L2"', 'escalate = "L3"', "clocks.resolution.thresholds[2].escalate",
         "'L3' is no level: it is one of L1, L2."),
        ('paused_by = ["client"]', 'paused_by = ["cliant"]', "clocks.resolution.paused_by[1]",
         "'cliant' is no wait: did you mean 'client'?"),
        ('paused_by = ["client"]', 'paused_by = ["client", "client"]', "clocks.resolution.paused_by[2]",
         "'client' is listed twice."),
        ('paused_by = ["client"]', "paused_by = [1]", "clocks.resolution.paused_by[1]",
         "This is a number, not a text in quotes."),
        ('paused_by = ["client"]', 'paused_by = "client"', "clocks.resolution.paused_by",
         "This is a text, not a list."),
        ('paused_by = ["client"]', 'paused_bye = ["client"]', "clocks.resolution.paused_bye",
         "There is no such key here: did you mean 'paused_by'?"),
        ('paused_by = ["client"]', 'on_raise = "earlier"', "clocks.resolution.on_raise",
         "'earlier' is no choice: did you mean 'earlier_of'?"),
        ('to = "P1"\n', 'to = "P2"\n', "raises.P2-P1.to", "P2 is not more severe than P2: a rule that raises goes up."),
        ('name = "second"', 'name = "first"', "ladders.page.steps[2].name", "Two steps are called 'first'."),
        ('name = "L2"', 'name = "L5"', "ladders.functional.steps[1].name", "'L5' is no level: it is one of L1, L2."),
        ('to = "boss"', 'to = "bos"', "ladders.page.steps[2].to", "'bos' is no role or level: did you mean 'boss'?"),
        ("until_acknowledged = true", 'until_acknowledged = "yes"', "ladders.page.until_acknowledged",
         "This is a text, not true or false."),
        ('message = "client-step"', 'message = "step"', "ladders.client.steps[1].message",
         "'step' is written for the staff, and contact is client."),
        ('message = "page"', 'message = "pages"', "ladders.page.steps[1].message",
         "'pages' is no message: did you mean 'page'?"),
        ('side = "client"', 'side = "outside"', "roles.contact.side",
         "'outside' is no side: it is one of staff, client."),
        ('title = "Urgent"', 'title = "Ur\\u0000gent"', "priorities.P1.title",
         r"It has a character without a form, \u0000, which no database keeps: leave it out."),
        ('title = "Urgent"', 'title = " "', "priorities.P1.title", "This is blank: say it, or leave the key out."),
        ('boss = { title = "Boss" }', 'boss = "Boss"', "roles.boss", "This is a text, not a table."),
        ('first_level = "L1"', 'first_level = "L0"', "rules.first_level", "'L0' is no level: it is one of L1, L2."),
        ('[waits]', '[wait]', "wait", "There is no such key here: did you mean 'waits'?"),
        ('L1 = { title', '"L 1" = { title', "levels.L 1", "'L 1' is no name: use letters, digits, - and _."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old, new, key, sentence):
    assert f"small.toml:{line_of(SMALL, old)}: {key}: {sentence}" in said(broken((old, new)))


@pytest.mark.parametrize(
    ("old", "new", "stands_at", "key", "sentence"),
    [
        ('title = "Urgent"\n', "", "[priorities.P1]", "priorities.P1", "The key 'title' is missing."),
        ('title = "Urgent"', 'title = "Urgent"\ncolour = "red"', "colour =", "priorities.P1.colour",
         "'red' is no colour: write # and six of 0-9 and a-f, such as #d63939."),
        ('met_by = ["solved"]', "met_by = []", "[clocks.resolution]", "clocks.resolution",
         "Nothing meets this clock: give met_by at least one of responded, updated, solved."),
        ("act = true\n", "", 'by = ["phone"]', "ladders.client.steps[2].by",
         "A call is made by a person: add act = true, so that its result is asked for."),
        ('after = { P1 = "1h" }', "after = {}", '[[ladders.client.steps]]\nname = "called"', "ladders.client.steps[2]",
         "This step never comes: give after a time for at least one priority."),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_where_it_would_stand(old, new, stands_at, key, sentence):
    text = broken((old, new))

    assert f"small.toml:{line_of(text, stands_at)}: {key}: {sentence}" in said(text)


def test_all_mistakes_are_found_at_once_in_the_order_of_their_lines():
    text = broken(
        ('title = "Urgent"', 'titel = "Urgent"'), ('P1 = "15m"', 'P1 = "15"'), ('after = "4h"', 'after = "4d"')
    )

    assert said(text) == [
        "small.toml:10: priorities.P1: The key 'title' is missing.",
        "small.toml:11: priorities.P1.titel: There is no such key here: did you mean 'title'?",
        "small.toml:33: clocks.response.targets.P1: "
        "'15' is no duration: write a whole number and its unit, such as 90s, 15m, 4h or 5bd.",
        "small.toml:48: raises.P2-P1.after: "
        "4d could mean days or business days: write 96h for days round the clock, or 4bd for business days.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = 1\nb = \n", "small.toml:2: This is no TOML: invalid value."),
        ("a = 1\r\nb = \r\n", "small.toml:2: This is no TOML: invalid value."),
        ('a = """\n\n', "small.toml:3: This is no TOML: unterminated string, and the document ends there."),
        ("a = 1\na = 2\n", "small.toml:2: This is no TOML: cannot overwrite a value."),
        ("a = " + "[" * 9999, "small.toml:1: This is nested too deeply to be a standard."),
    ],
)
def test_what_is_no_toml_is_named_by_its_line(text, sentence):
    assert said(text) == [sentence]


def test_an_empty_document_says_what_it_needs():
    mistakes = said("")

    assert "small.toml:1: standard: The key 'name' is missing." in mistakes
    assert "small.toml:1: There are no priorities: declare at least one, such as [priorities.P1]." in mistakes


def test_a_file_with_windows_line_ends_has_the_same_lines():
    assert said(broken(('after = "4h"', 'after = "4d"')).replace("\n", "\r\n"))[0].startswith(
        "small.toml:48: raises.P2-P1.after:"
    )


# -- who may date an act back (semantics 2, backdating)


def test_anybody_dates_back_a_quarter_of_an_hour_and_nobody_further_unless_said():
    found = terms(broken(('backdating_by = ["boss"]\n', "")))

    assert found.backdating_within == (Duration(15, "m"), Calendar.always())
    assert found.backdating_by == ()


def test_how_far_back_and_by_whom_is_the_standards():
    found = terms(broken(('first_level = "L1"', 'first_level = "L1"\nbackdating_within = "1h on support"')))

    assert found.backdating_within == (Duration(1, "h"), HOURS)
    assert found.backdating_by == ("boss",)


def test_a_standard_may_let_nobody_date_back():
    found = terms(broken(('first_level = "L1"', 'first_level = "L1"\nbackdating_within = "none"')))

    assert found.backdating_within is None


def test_a_client_dates_nothing_back():
    text = broken(('backdating_by = ["boss"]', 'backdating_by = ["contact"]'))

    assert any(
        mistake.endswith("rules.backdating_by[1]: 'contact' is no role of the staff: it is one of boss, duty.")
        for mistake in said(text)
    )


# -- the texts (R14.1, R14.6)


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ("{title}", "It does not name the event: use {title}."),
        ("{impact}", "It does not name what it touches: use {impact} or {service}."),
        ("{next_step}", "It does not name the next move: use {next_step}."),
        ("{next_update_at}", "It does not name the time of the next update: use {next_update_at}."),
    ],
)
def test_a_text_for_clients_that_lacks_one_of_four_things_does_not_load(lacks, sentence):
    text = SMALL.replace(lacks, "it") if lacks != "{title}" else SMALL.replace("{title}, {impact}", "it, {impact}")

    assert any(mistake.endswith(f"messages.outage.body: {sentence}") for mistake in said(text))


def test_a_last_word_names_the_follow_up_instead_of_the_next_update():
    assert said(SMALL.replace("{follow_up}", "{next_update_at}"))[0].endswith(
        "messages.resolved.body: It does not name the follow-up: use {follow_up}."
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{titel}: {why}", "There is no {titel}: did you mean 'title'?"),
        ("{title}", "It does not say {why}: whoever is told can ask why me."),
        ("{title}: {why} {", "Line 1, column 16: '{' is no placeholder; write {name} with a plain name, "
         "or {{ for the brace itself."),
    ],
)  # fmt: skip
def test_a_text_nobody_could_fill_does_not_load(body, sentence):
    text = broken(('body = "{title}: {why}"', f'body = "{body}"'))

    assert f"small.toml:{line_of(SMALL, 'body = ')}: messages.step.body: {sentence}" in said(text)


def test_what_is_for_staff_only_is_refused_in_a_text_for_clients():
    text = SMALL.replace("{title}, {impact}", "{title}, {impact}, {why}")

    assert any(
        m.endswith("messages.outage.body: {why} is for staff only: a client may not read it.") for m in said(text)
    )


def test_a_text_the_desk_sends_by_itself_may_not_be_missing():
    text = SMALL.replace("[messages.breach]", "[messages.break]")

    assert any(
        m.endswith("messages: The message 'breach' is missing, for staff: a promise is broken.") for m in said(text)
    )


def test_a_text_for_the_client_may_not_be_turned_into_one_for_staff():
    text = SMALL.replace('[messages.outage]\naudience = "client"', '[messages.outage]\naudience = "staff"')

    assert any(
        "messages.outage.audience: 'outage' goes to client: the first word to the client." in m for m in said(text)
    )
