"""Who works on it next, when whoever has it cannot solve it?"""


def test_a_level_whose_time_is_up_passes_the_ticket_on_and_the_next_is_asked(world):
    ticket = world.opens(priority="P2")

    world.forward(minutes=29)
    world.phone("sam").is_silent()
    world.forward(minutes=1)

    letter = world.phone("sam").gets_one("is escalated to L2")
    assert "Mon 16 Nov 2026 10:45 UTC" in letter.text
    assert "Reason:   time exceeded" in letter.text
    assert world.event(ticket, "step/functional@1/L2").data["reason"] == "time exceeded"
    ticket.refresh_from_db()
    assert (ticket.level, ticket.asked_level) == ("L1", "L2")


def test_the_level_that_accepts_has_the_ticket_for_a_time_of_its_own(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=40)

    world.accepts(ticket, by="sam")

    assert (ticket.level, ticket.asked_level, ticket.worker.name) == ("L2", "", "Sam")
    assert ticket.owner.name == "Lena"
    accepted = world.last(ticket, "accepted")
    world.forward(hours=1, minutes=59)
    world.phone("tara").is_silent()
    world.forward(minutes=1)
    world.phone("tara").gets_one("is escalated to L3")
    assert world.event(ticket, f"step/functional@{accepted.seq}/L3").effective_at == world.at("12:40")


def test_an_escalation_nobody_accepts_is_sent_once_more_and_then_goes_further_up(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=30)
    world.phone("sam").gets_one("is escalated to L2")

    world.forward(minutes=15)
    world.phone("sam").gets_one("still waits for L2")
    world.forward(minutes=15)

    world.phone("sam").is_silent()
    letter = world.phone("tara").gets_one("was not accepted, and comes to L3")
    assert "L2 has not accepted it in 15m of being asked again" in letter.text
    (escalated,) = [e for e in world.log(ticket) if e.key and e.key.startswith("unaccepted/")]
    assert escalated.data["reason"] == "not accepted"
    assert escalated.data["to"] == "L3"


def test_a_ladder_that_runs_out_says_so_and_does_not_begin_anew(world):
    ticket = world.opens(priority="P2")
    world.forward(hours=1, minutes=45)
    world.phone("mona").puts_away()

    world.forward(minutes=15)

    letter = world.phone("mona").gets_one("nobody is left to ask")
    assert "Lena, L1" in letter.text
    assert len(world.keys(ticket, "exhausted/functional")) == 1
    world.forward(hours=24)
    assert len(world.keys(ticket, "exhausted/functional")) == 1
    assert len(world.keys(ticket, "ask/functional")) == 3


def test_by_hand_a_level_may_be_skipped_and_the_letter_says_what_was_tried(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=5)

    world.escalates(ticket, "L3", reason="permission or security")

    letter = world.phone("tara").gets_one("is escalated to L3")
    assert "Reason:   permission or security" in letter.text
    assert "Tried:    restarted the service" in letter.text
    assert "Next:     look at the disk array" in letter.text
    assert "Owner:    Lena\nWith:     Lena, until somebody accepts it\n" in letter.text
    world.phone("sam").is_silent()
    world.forward(minutes=20)
    assert world.keys(ticket, "step/functional") == []


def test_what_is_sent_back_returns_to_the_level_and_the_worker_before(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")

    world.forward(minutes=10)
    world.sends_back(ticket, by="sam", reason="the log is missing")

    assert (ticket.level, ticket.asked_level) == ("L1", "")
    assert ticket.worker.name == "Lena"
    world.phone("lena").gets_one("the log is missing")


def test_a_level_that_gets_a_ticket_back_has_what_was_left_of_its_time(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    world.phone("sam").puts_away()

    world.forward(minutes=10)
    world.sends_back(ticket, by="sam")
    world.forward(minutes=19, seconds=59)
    world.phone("sam").is_silent()
    world.forward(seconds=1)

    world.phone("sam").gets_one("is escalated to L2")


def test_a_level_that_had_used_nearly_all_its_time_gets_a_quarter_of_it(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=30)
    world.phone("sam").gets_one("is escalated to L2")

    world.sends_back(ticket, by="sam")
    world.forward(minutes=7, seconds=29)
    world.phone("sam").is_silent()
    world.forward(seconds=1)

    world.phone("sam").gets_one("is escalated to L2")


def test_waiting_for_the_client_holds_the_ladder(world):
    ticket = world.opens(priority="P2")
    world.forward(minutes=10)

    world.waits(ticket)
    world.forward(hours=5)
    world.replies(ticket)
    world.forward(minutes=19)
    world.phone("sam").is_silent()
    world.forward(minutes=1)

    world.phone("sam").gets_one("is escalated to L2")


def test_an_acceptance_awaited_when_the_client_is_asked_is_awaited_after(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.phone("sam").gets_one("is escalated to L2")

    world.forward(minutes=5)
    world.waits(ticket)
    world.forward(hours=5)
    world.phone("sam").is_silent()
    world.resumes(ticket)
    world.forward(minutes=10)

    world.phone("sam").gets_one("still waits for L2")


def test_on_support_hours_the_ladder_sleeps_at_night(world):
    world.forward(to=world.at("14:30"))
    ticket = world.opens(priority="P3")

    world.forward(to=world.at("16:30"))
    world.phone("sam").gets("is escalated to L2")
    world.forward(to=world.at("17:00"))
    world.accepts(ticket, by="sam")
    world.forward(to=world.at("08:59:59", day=17))
    world.phone("tara").is_silent()
    world.forward(to=world.at("09:00", day=17))

    world.phone("tara").gets_one("is escalated to L3")


def test_three_quarters_of_the_time_used_ask_a_senior(world):
    ticket = world.opens(priority="P1")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    world.responds(ticket)
    world.phone("tara").puts_away()

    world.forward(hours=1, minutes=59)
    assert world.keys(ticket, "step/functional") == []
    world.forward(minutes=1)
    world.phone("tara").gets("is escalated to L3")
    world.accepts(ticket, by="tara")
    world.phone("tara").puts_away()
    world.forward(hours=1)

    assert "threshold/resolution@1/75" in world.keys(ticket)
    world.phone("tara").is_silent()
    assert ticket.level == "L3"


def test_three_quarters_of_the_time_used_move_a_ticket_that_no_senior_has(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    world.forward(to=world.at("12:00"))
    world.accepts(ticket, by="tara")
    world.forward(to=world.at("15:50"))
    world.sends_back(ticket, by="tara")
    world.phone("tara").puts_away()

    world.forward(to=world.at("15:59:59"))
    world.phone("tara").is_silent()
    world.forward(to=world.at("16:00"))

    letter = world.phone("tara").gets_one("is escalated to L3")
    assert "Reason:   about to exceed" in letter.text
    assert world.event(ticket, "escalate/resolution@1/75").data["trigger"] == "75 % used"


def test_solving_withdraws_the_question_and_nobody_has_missed_it(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.phone("sam").gets_one("is escalated to L2")

    world.forward(minutes=5)
    world.solves(ticket)
    world.forward(hours=2)

    world.phone("sam").is_silent()
    assert world.keys(ticket, "resend/") == []
    assert ticket.asked_level == ""


def test_reopened_the_level_that_solved_it_has_it_again(world):
    ticket = world.opens(priority="P2")
    world.escalates(ticket, "L2")
    world.accepts(ticket, by="sam")
    world.forward(minutes=30)
    world.solves(ticket)

    world.forward(hours=3)
    world.reopens(ticket)

    assert ticket.level == "L2"
    world.phone("tara").puts_away()
    world.forward(hours=1, minutes=59)
    world.phone("tara").is_silent()
    world.forward(minutes=1)
    world.phone("tara").gets_one("is escalated to L3")
