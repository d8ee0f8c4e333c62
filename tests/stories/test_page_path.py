"""Who is woken for what cannot wait, and until when?"""


def test_a_critical_ticket_pages_whoever_is_on_call_at_once(world):
    world.opens("Ransomware on the file server", priority="P1")

    letter = world.phone("omar").gets_one("Ransomware on the file server")
    assert "On-call engineer" in letter.text
    assert "Acknowledge it, or it goes further up." in letter.text


def test_an_unanswered_page_goes_to_the_second_person_and_then_to_the_manager(world):
    world.opens("Ransomware on the file server", priority="P1")

    world.forward(minutes=4, seconds=59)
    world.phone("nils").is_silent()
    world.forward(seconds=1)
    world.phone("nils").gets_one("Ransomware on the file server")
    world.forward(minutes=4, seconds=59)
    world.phone("mona").is_silent()
    world.forward(seconds=1)
    world.phone("mona").gets_one("Ransomware on the file server")


def test_three_people_are_paged_before_the_response_is_due(world):
    ticket = world.opens(priority="P1")

    world.forward(minutes=14)

    assert world.keys(ticket, "step/page@1") == [
        "step/page@1/primary",
        "step/page@1/secondary",
        "step/page@1/manager",
    ]
    assert world.reading(ticket, "response").verdict == "open"


def test_an_acknowledgement_ends_the_paging_and_nothing_else(world):
    ticket = world.opens(priority="P1")

    world.forward(minutes=3)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=13)

    world.phone("nils").is_silent()
    world.phone("tom").gets_one("as Team lead you are told")
    assert world.reading(ticket, "response").verdict == "breached"


def test_of_two_who_acknowledge_the_first_has_it(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=6)

    assert world.acknowledges(ticket, "step/page@1/secondary", by="nils") is True
    assert world.acknowledges(ticket, "step/page@1/primary", by="omar") is False
    assert world.acknowledges(ticket, "step/page@1/secondary", by="omar") is False

    world.forward(minutes=5)
    world.phone("mona").is_silent()


def test_somebody_who_acknowledges_and_does_nothing_is_paged_again(world):
    ticket = world.opens(priority="P1")
    world.phone("omar").gets("Disk full")

    world.forward(minutes=3)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=14, seconds=59)
    world.phone("omar").is_silent()
    world.forward(seconds=1)

    letter = world.phone("omar").gets_one("nothing has been done on it since")
    assert "Show progress, escalate it or solve it." in letter.text


def test_whoever_is_paged_again_and_does_nothing_again_is_paged_once_more(world):
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=15)
    (again,) = world.keys(ticket, "again/page")
    world.phone("omar").puts_away()

    assert world.acknowledges(ticket, again, by="omar") is True
    assert world.acknowledges(ticket, "step/page@1/primary", by="nils") is False
    world.forward(minutes=14, seconds=59)
    world.phone("omar").is_silent()
    world.forward(seconds=1)

    world.phone("omar").gets_one("nothing has been done on it since")


def test_a_page_of_a_ticket_that_was_reopened_is_acknowledged_anew(world):
    ticket = world.opens(priority="P1")
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.solves(ticket)
    world.forward(minutes=10)
    world.reopens(ticket)
    (first, second) = world.keys(ticket, "step/page")

    assert first == "step/page@1/primary"
    assert world.acknowledges(ticket, second, by="omar") is True
    world.forward(minutes=6)
    world.phone("nils").is_silent()


def test_whoever_shows_progress_is_left_in_peace(world):
    ticket = world.opens(priority="P1")
    world.phone("omar").gets("Disk full")

    world.forward(minutes=3)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.forward(minutes=10)
    world.notes(ticket, "The disk is full of logs; I am clearing them.", by="omar")
    world.forward(hours=1)

    world.phone("omar").is_silent()


def test_an_acknowledgement_does_not_expire_while_we_wait_for_the_client(world):
    ticket = world.opens(priority="P1")
    world.waits(ticket)
    world.acknowledges(ticket, "step/page@1/primary", by="omar")
    world.phone("omar").puts_away()

    world.forward(hours=1)
    world.phone("omar").is_silent()

    assert world.keys(ticket, "again/") == []


def test_nobody_is_paged_for_what_can_wait_until_morning(world):
    world.opens("A new user starts on Thursday", priority="P4")
    world.opens("One mailbox does not synchronise", priority="P3")
    world.opens("Mail arrives late", priority="P2")

    world.forward(minutes=20)

    for who in ("omar", "nils", "mona"):
        world.phone(who).is_silent()


def test_a_raise_to_critical_pages_whoever_is_on_call(world):
    ticket = world.opens("Mail arrives late", priority="P2")
    world.forward(minutes=10)

    world.makes_it(ticket, "P1", reason="nobody gets any mail")

    world.phone("omar").gets_one("Mail arrives late")
    world.forward(minutes=5)
    world.phone("nils").gets_one("Mail arrives late")


def test_a_page_says_why_me(world):
    world.opens(priority="P1")

    why = world.phone("omar").gets("Disk full").text.partition("Why you: ")[2]
    assert why.startswith("the page ladder asks the On-call engineer at once")
    assert "field-guide 1" in why
    assert "step/page@1/primary" in why


def test_a_solved_ticket_wakes_nobody(world):
    ticket = world.opens(priority="P1")

    world.forward(minutes=2)
    world.solves(ticket)
    world.forward(minutes=30)

    world.phone("nils").is_silent()
    world.phone("mona").is_silent()


def test_reopening_a_critical_ticket_pages_from_the_first_step_again(world):
    ticket = world.opens(priority="P1")
    world.forward(minutes=2)
    world.solves(ticket)
    world.phone("omar").puts_away()

    world.forward(hours=1)
    world.reopens(ticket)

    world.phone("omar").gets_one("Disk full on db-1")
    world.forward(minutes=5)
    world.phone("nils").gets_one("Disk full on db-1")


def test_a_page_says_what_is_due_and_a_later_letter_that_it_is_overdue(world):
    world.opens("File server down", priority="P1")

    page = world.phone("omar").gets("P1 Acme: File server down")
    assert "Client:   Acme\nService:  not named yet\n" in page.text
    assert "Due:      a first response by Mon 16 Nov 2026 10:15 UTC" in page.text
    world.forward(minutes=30)

    told = world.phone("dora").gets("File server down (Service delivery manager)")
    assert "Due:      (overdue) a first response by Mon 16 Nov 2026 10:15 UTC" in told.text


def test_a_client_told_at_the_instant_of_the_next_update_is_promised_none_that_is_past(world):
    world.opens(priority="P1")
    world.jump(minutes=30)

    assert "Next update:        due now" in world.phone("ivan").gets("for your attention").text
