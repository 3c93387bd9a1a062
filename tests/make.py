"""An invented county for tests, made through the product's own actions. Names are marked 示例."""

from datetime import date
from itertools import count

from domain.items import actions as items
from domain.items.models import Item
from domain.kit import clock
from domain.kit.actor import SYSTEM, Actor, Duty, Scope
from domain.kit.clock import Month
from domain.outlets.models import MediaOutlet, OutletLevel
from domain.people import actions as people
from domain.people import queries as people_queries
from domain.people.models import Account, Appointment, DeputyGrant, Person
from domain.quotas import actions as quotas
from domain.quotas.models import Quota
from domain.units import actions as units
from domain.units.models import County, ReceivingOffice, Topic, Unit, UnitKind

PASSWORD = "雪山下 quiet lantern 47"
BEGINNING = date(2018, 1, 1)
_number = count(1)


async def county(**given) -> County:
    facts = {"name": "示例县", "document_word": "示委办", "is_example": True}
    return await units.set_county(SYSTEM, **facts | given)


async def unit(name: str | None = None, **given) -> Unit:
    """A unit that has existed for years; a township unless told otherwise."""
    facts = {"kind": UnitKind.TOWNSHIP, "valid_from": BEGINNING}
    return await units.create(SYSTEM, name=name or f"示例乡{next(_number)}", **facts | given)


async def office(name: str | None = None, **given) -> ReceivingOffice:
    number = next(_number)
    facts = {"mailbox": f"office{number}@example.org", "position": number}
    return await units.set_office(SYSTEM, name=name or f"示例办{number}", **facts | given)


async def topic(name: str | None = None, **given) -> Topic:
    number = next(_number)
    facts = {"valid_from": BEGINNING, "position": number}
    return await units.add_topic(SYSTEM, name=name or f"示例重点{number}", **facts | given)


async def outlet(name: str | None = None, **given) -> MediaOutlet:
    number = next(_number)
    facts = {"level": OutletLevel.COUNTY, "valid_from": BEGINNING, "position": number}
    return await MediaOutlet.create(name=name or f"示例报{number}", **facts | given)


async def person(name: str | None = None, **given) -> Person:
    return await people.create_person(SYSTEM, name=name or f"示例人{next(_number)}", **given)


_new_person, _new_unit, _new_office = person, unit, office


async def appointment(
    duty: Duty,
    *,
    person: Person | None = None,
    unit: Unit | None = None,
    office: ReceivingOffice | None = None,
    post: str = "示例职务",
    starts_on: date = BEGINNING,
) -> Appointment:
    """A duty of a person in a unit, each new unless given; editors get an office."""
    if duty is Duty.OFFICE_EDITOR:
        office = office or await _new_office()
    person, unit = person or await _new_person(), unit or await _new_unit()
    return await people.appoint(
        SYSTEM,
        person.id,
        unit_id=unit.id,
        duty=duty,
        post=post,
        office_id=office.id if office else None,
        starts_on=starts_on,
    )


async def actor(
    *duties: Duty,
    person: Person | None = None,
    unit: Unit | None = None,
    office: ReceivingOffice | None = None,
    post: str = "示例职务",
) -> Actor:
    """Somebody with these duties in one unit, as a request would see him."""
    person, unit = person or await _new_person(), unit or await _new_unit()
    for duty in duties:
        await appointment(
            duty,
            person=person,
            unit=unit,
            office=office if duty is Duty.OFFICE_EDITOR else None,
            post=post,
        )
    return await people_queries.actor_of(person)


async def again(actor: Actor) -> Actor:
    """The same person as his next request would see him."""
    return await people_queries.actor_of(await Person.get(id=actor.person_id))


async def deputy(appointment: Appointment, deputy: Person, **given) -> DeputyGrant:
    """A grant from today for today, unless told otherwise."""
    today = clock.today()
    facts = {"deputy_post": "示例代理", "starts_on": today, "ends_on": today, "reason": "示例出差"}
    return await people.grant_deputy(SYSTEM, appointment.id, deputy_id=deputy.id, **facts | given)


async def account(person: Person, login: str | None = None, password: str = PASSWORD) -> Account:
    """An account whose owner has chosen a password already."""
    login = login or f"shili{next(_number)}"
    once = await people.open_account(SYSTEM, person.id, login=login)
    await people.change_password(await people_queries.actor_of(person), old=once, new=password)
    return await Account.get(login=login).select_related("person")


async def session(person: Person, password: str = PASSWORD) -> tuple[str, Actor]:
    """A session's token and its actor; the account is opened when there is none."""
    account_ = await Account.get_or_none(person_id=person.id) or await account(person)
    token, _ = await people.sign_in(account_.login, password)
    return token, await people_queries.actor_by_session(token)


async def token(*scopes: Scope, unit: Unit | None = None, days: int = 30) -> tuple[str, Actor]:
    """An integration's key and its actor."""
    secret, _ = await people.new_token(
        SYSTEM,
        name=f"示例接口{next(_number)}",
        scopes=scopes,
        unit_id=unit.id if unit else None,
        days=days,
    )
    return secret, await people_queries.actor_by_token(secret, address="127.0.0.1")


async def quota(unit: Unit, count: int = 3, *, month: str = "2018-01", **given) -> Quota:
    return await quotas.set_quota(
        SYSTEM, unit.id, from_month=Month.parse(month), count=count, **given
    )


async def item(author: Actor | None = None, **given) -> Item:
    """A draft of today, complete enough to be laid for sign-off; a correspondent's unless told."""
    facts = {
        "title": f"示例信息{next(_number)}",
        "body": "<p>示例乡今天开通了通村公路。</p>",
        "occurred_on": clock.today(),
        "declared_unclassified": True,
    }
    author = author or await actor(Duty.CORRESPONDENT)
    return await items.create(author, **facts | given)
