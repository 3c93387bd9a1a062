import asyncio

import pytest

from domain.people import passwords


@pytest.mark.parametrize(
    "password",
    [
        "雪山下 quiet lantern 47",
        "correct horse battery staple",
        "牦牛在草原上慢慢走过去了呀",
        "vK7#pQ2!mZ9x",
        "three-otters-in-a-canoe",
    ],
)
def test_a_sentence_one_can_remember_will_do(password):
    passwords.check(password, context=["wangfang", "王芳", "示例乡"])


@pytest.mark.parametrize("length", [0, 1, 11, 129, 5000])
def test_a_password_has_12_to_128_characters(length):
    with pytest.raises(passwords.PasswordLength) as refusal:
        passwords.check("牦" * length)
    assert refusal.value.facts == {"length": length, "shortest": 12, "longest": 128}


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password!2024",
        "P@ssw0rd2026!",
        "passwordpassword",
        "woaini1314520",
        "woaizhongguo123",
        "wangfang19900101",
        "zhaxi13812345678",
        "adminadmin123",
        "123456789012",
        "138123456789",
        "2024-01-01-2024",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
        "qwertyuiop123",
        "1qaz2wsx3edc4rfv",
        "poiuytrewq0987",
        "我的密码123456789",
        "ｐａｓｓｗｏｒｄ１２３４",
    ],
)
def test_what_everybody_would_try_first_is_refused(password):
    with pytest.raises(passwords.PasswordCommon):
        passwords.check(password)


@pytest.mark.parametrize(
    "password",
    [
        "xX-chenlin88-42-otter",
        "陈琳的牦牛在山上慢慢地走",
        "在示例乡山上慢慢走的牦牛",
        "my xinbao at the river",
        "CHENLIN88 and an otter",
    ],
)
def test_names_a_stranger_knows_are_refused(password):
    with pytest.raises(passwords.PasswordTellsName):
        passwords.check(password, context=["chenlin88", "陈琳", "示例乡"])


@pytest.mark.parametrize("word", ["li", "abc", "牛"])
def test_words_too_short_to_tell_anything_are_allowed(word):
    passwords.check(f"quiet lantern {word} otter", context=[word])


def test_one_time_passwords_are_long_readable_and_never_alike():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    assert {len(one) for one in made} == {19}
    assert not set("".join(made)) & set("01ilo")


async def test_a_password_fits_its_own_hash_only_however_it_was_typed():
    async with passwords.turn():
        kept = await passwords.hashed("ｑｕｉｅｔ lantern")
        assert kept.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
        assert await passwords.fits("quiet lantern", kept)
        assert not await passwords.fits("quiet Lantern", kept)
        assert not await passwords.fits("quiet lantern", "no hash")
        assert not await passwords.fits("quiet lantern", None)


async def test_at_most_four_hash_at_once():
    inside, most = 0, 0

    async def one():
        nonlocal inside, most
        async with passwords.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(20)))
    assert most == 4
