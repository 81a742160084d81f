"""Does a long work say how far it is?"""

from service.cli.output import pace


def test_a_line_says_how_many_a_second_and_how_long_it_will_take() -> None:
    assert pace(done=6_000, seconds=2.0, left=9_000) == " 3,000/s, 3 s 剩余 | left"


def test_no_pace_is_told_before_anything_is_done() -> None:
    assert pace(done=0, seconds=0.0, left=10) == ""
