"""Signed passes: what we signed is believed, a changed letter is not."""

import pytest

from members import passes


def test_what_was_signed_is_read_and_nothing_else() -> None:
    token = passes.sign({"n": "K7-48291", "t": "ami", "until": 1800000000})
    mark, body, signature = token.split(".")

    assert passes.read(token) == {"n": "K7-48291", "t": "ami", "until": 1800000000}
    for forged in (
        f"{mark}.{passes.sign({'n': 'other'}).split('.')[1]}.{signature}", f"C2.{body}.{signature}", f"{mark}.{body}.AAAA",
        "", "a.b.c", f"{token}x.y",
    ):  # fmt: skip
        assert passes.read(forged) is None


def test_another_secret_ends_all_passes(settings: pytest.FixtureRequest) -> None:
    token = passes.sign({"n": "K7-48291"})
    settings.SECRET_KEY = "another"

    assert passes.read(token) is None


def test_the_doors_key_is_public_and_whole() -> None:
    key = passes.public_jwk()

    assert (key["kty"], key["crv"]) == ("EC", "P-256")
    assert {len(key["x"]), len(key["y"])} == {43}
    assert "d" not in key
