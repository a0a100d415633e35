"""When the same answer to everybody says something about us."""

from feeds.delivery.streaks import DOMAINS, FIRST_QUIET, MANY, SILENT, Streaks


def refuse(streaks, count, reply="5.7.1 no", domains=1, code=550):
    for number in range(count):
        streaks.rejected(number, f"{number % domains}.example", code, reply)


def test_many_like_refusals_with_nothing_taken_are_our_fault():
    streaks = Streaks()
    refuse(streaks, MANY - 1)
    assert not streaks.ours
    refuse(streaks, 1)
    assert streaks.ours
    assert len(streaks.refused) == MANY


def test_refusals_of_different_kinds_are_not():
    streaks = Streaks()
    for number in range(MANY):
        streaks.rejected(number, "a.example", 550, f"5.7.{number % 2} no")
    assert not streaks.ours


def test_once_letters_were_taken_it_needs_several_domains():
    one, several = Streaks(taken=1), Streaks(taken=1)
    refuse(one, 3 * MANY)
    refuse(several, MANY, domains=DOMAINS)
    assert not one.ours
    assert several.ours


def test_dead_addresses_are_never_our_fault_where_others_live():
    streaks = Streaks(taken=1)
    refuse(streaks, 10 * MANY, "5.1.1 nobody here", domains=DOMAINS)
    assert not streaks.ours


def test_a_letter_that_is_taken_ends_a_streak():
    streaks = Streaks()
    refuse(streaks, MANY - 1, domains=DOMAINS)
    streaks.accepted()
    refuse(streaks, MANY - 1, domains=DOMAINS)
    assert not streaks.ours
    assert len(streaks.refused) == MANY - 1


def test_a_short_run_in_which_all_were_refused_by_policy_is_our_fault_at_its_end():
    policy, dead, single = Streaks(), Streaks(), Streaks()
    refuse(policy, 2)
    refuse(dead, 2, "5.1.1 nobody here")
    refuse(single, 1)
    for streaks in (policy, dead, single):
        streaks.ended()
    assert (policy.ours, dead.ours, single.ours) == (True, False, False)


def test_delays_in_a_row_bring_quiet_that_doubles_until_a_letter_is_taken():
    streaks, now = Streaks(), 1000.0
    quiets = []
    for _ in range(3):
        for _ in range(MANY):
            streaks.deferred(now)
        quiets.append(streaks.quiet_until - now)
        now = streaks.quiet_until
    assert quiets == [FIRST_QUIET, 2 * FIRST_QUIET, 4 * FIRST_QUIET]
    assert streaks.quiet == 7 * FIRST_QUIET
    streaks.accepted()
    assert streaks.quiet == 0


def test_more_letters_without_an_answer_than_lines_that_can_break_at_once_are_too_many():
    streaks = Streaks(connections=4)
    for _ in range(4 + SILENT - 1):
        streaks.unanswered()
    assert not streaks.silent
    streaks.accepted()
    for _ in range(4 + SILENT):
        streaks.unanswered()
    assert streaks.silent
