from datetime import UTC, datetime, timedelta

from domain.kit.ids import new_id


def test_each_id_is_greater_than_the_one_before():
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_a_uuid_of_version_7_and_knows_its_time():
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    moment = datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
