"""The numbers behind the charts."""

from diary.clinical.trends import Band, Point, Reading, Settling, stretches, trends
from tests.clinical.builders import at, diary, entry, intake, session, usual


def seen(*parts, now="60d"):
    return trends(diary(*parts), at(now))


def settling(*parts):
    return [recovery.settling for recovery in seen(*parts).recoveries]


class TestSeries:
    def test_pain_and_soreness_over_time(self):
        series = seen(entry("1h", 5, 2), entry("2h", 6))
        assert series.pain == ((Point(at("1h"), 5), Point(at("2h"), 6)),)
        assert series.soreness == ((Point(at("1h"), 2),),)

    def test_an_empty_diary_has_none(self):
        assert (seen().pain, seen().soreness, seen().recoveries) == ((), (), ())

    def test_a_gap_is_more_than_48_hours(self):
        assert list(stretches([Point(0, 1), Point(48 * 3600, 2)])) == [(Point(0, 1), Point(48 * 3600, 2))]
        assert list(stretches([Point(0, 1), Point(48 * 3600 + 1, 2)])) == [(Point(0, 1),), (Point(48 * 3600 + 1, 2),)]

    def test_each_series_has_its_own_gaps(self):
        series = seen(entry("1d", 5, 2), entry("2d", 5), entry("4d", 5, 2))
        assert (len(series.pain), len(series.soreness)) == (1, 2)


class TestRecoveries:
    def test_a_curve_runs_in_hours_since_the_session_up_to_the_next(self):
        first, second = seen(session(after=4), session("48h"), entry("90m", 5, 2), entry("48h", 6)).recoveries
        assert (first.session, first.curve) == ("S 0h", (Reading(0.0, 4, None), Reading(1.5, 5, 2)))
        assert (second.session, second.curve) == ("S 48h", (Reading(0.0, 6, None),))

    def test_or_for_14_days(self):
        (recovery,) = seen(session(), entry("14d", 5), entry("14d 16m", 5)).recoveries
        assert [reading.hours for reading in recovery.curve] == [336.0]


class TestBand:
    def band(self, *parts):
        return seen(session(), *parts).recoveries[0].band

    def test_it_is_the_baseline_and_where_a_rise_begins(self):
        assert self.band(*usual(4)) == Band(4, False, 6)

    def test_three_points_where_provisional_or_below_2(self):
        assert self.band(intake(4)) == Band(4, True, 7)
        assert self.band(*usual(1)) == Band(1, False, 4)
        assert self.band(*usual(2)) == Band(2, False, 4)

    def test_it_ends_with_the_scale(self):
        assert self.band(intake(8)) == Band(8, True, 10)

    def test_above_8_no_number_alone_is_a_rise(self):
        assert self.band(*usual(9)) == Band(9, False, None)

    def test_without_a_baseline_there_is_none(self):
        assert self.band() is None


class TestSettling:
    def test_after_the_hours_to_the_first_clear_observation_of_a_clear_day(self):
        parts = [entry("20h", 0, 5), entry("30h", 0, 0), entry("54h", 0, 0)]
        assert settling(session(), *parts) == [Settling("settled", 30.0)]

    def test_while_it_goes_on_there_is_no_number(self):
        assert settling(session(), entry("20h", 0, 5), entry("30h", 0, 1)) == [Settling("still sore")]

    def test_clear_for_less_than_a_day_it_is_neither_sore_nor_settled(self):
        assert settling(session(), entry("20h", 0, 5), entry("30h", 0, 0)) == [Settling("clear for now")]
        parts = [session(), intake(None, 2), entry("20h", 0, 5), entry("30h", 0, 2), entry("400h", 0)]
        assert settling(*parts) == [Settling("clear for now")]

    def test_a_clear_observation_before_the_next_session_ends_it(self):
        parts = [session(), session("40h"), entry("20h", 0, 5), entry("30h", 0, 0)]
        assert settling(*parts) == [Settling("settled", 30.0), Settling("unknown")]

    def test_carried_into_the_next_session_it_did_not_settle_after_the_first(self):
        parts = [
            session(),
            session("40h"),
            entry("20h", 0, 5),
            entry("50h", 0, 5),
            entry("60h", 0, 0),
            entry("84h", 0, 0),
        ]
        assert settling(*parts) == [Settling("still sore"), Settling("settled", 20.0)]

    def test_clear_only_as_the_next_session_ends_it_did_not_settle_after_the_first(self):
        parts = [session(), session("40h"), entry("20h", 0, 5), entry("40h", 0, 0), entry("64h", 0, 0)]
        assert settling(*parts) == [Settling("still sore"), Settling("never sore")]

    def test_sore_is_above_the_usual(self):
        parts = [session(), intake(None, 2), entry("20h", 0, 2), entry("30h", 0, 3), entry("40h", 0, 2)]
        assert settling(*parts, entry("64h", 0, 0)) == [Settling("settled", 40.0)]
        assert settling(*parts[:3]) == [Settling("never sore")]

    def test_of_two_spells_the_last_counts(self):
        parts = [entry("1h", 0, 5), entry("2h", 0, 0), entry("26h", 0, 0), entry("30h", 0, 5)]
        assert settling(session(), *parts) == [Settling("still sore")]

    def test_answered_but_never_sore(self):
        assert settling(session(), entry("20h", 0, 0)) == [Settling("never sore")]

    def test_not_answered_is_unknown(self):
        assert settling(session(), entry("20h", 5)) == [Settling("unknown")]
