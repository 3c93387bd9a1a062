"""Any change of signed content voids its signatures, whatever the order of edits (B3)."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.approvals import actions, queries
from domain.items import actions as items
from domain.items import queries as item_queries
from domain.items import rules as item_rules
from domain.items.models import Item, ItemState
from domain.kit.actor import Duty
from domain.kit.errors import DomainError
from domain.reception import actions as reception
from tests.domain.items import chain

EDITS = (
    ("title", "示例甲"), ("title", "示例乙"), ("body", "<p>正文甲</p>"), ("body", "<p>正文乙</p>"),
    ("is_major", True), ("stability_related", False), ("counter_measure", "对策"),
    ("counter_measure", ""), ("submit_when_signed", False),
)  # fmt: skip
FIRST = {Duty.LEADER_IN_CHARGE}
BOTH = {Duty.LEADER_IN_CHARGE, Duty.PRINCIPAL_LEADER}
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("save"), st.sampled_from(EDITS)),
        st.tuples(
            st.sampled_from(
                ["lay", "lay", "leader", "leader", "principal", "take-back", "send-back"]
            )
        ),
    ),
    max_size=9,
)


async def act(house, item_id, name, *rest):
    item = await Item.get(id=item_id)
    shown = item.content_sha256
    if name == "save":
        key, value = rest[0]
        await items.save(house.writer, item_id, **{key: value})
    elif name == "lay":
        await items.lay_for_sign_off(house.writer, item_id)
    elif name == "take-back":
        await items.take_back(house.writer, item_id)
    elif name == "send-back":
        await actions.send_back(house.leader, item_id, reason="示例")
    else:
        await actions.sign(getattr(house, name), item_id, content_sha256=shown)


async def submittable(house, item_id) -> bool:
    """Whether the unit could submit now, by trying it in full."""
    try:
        await reception.submit(house.writer, item_id)
    except DomainError:
        return False
    return True


class Oracle:
    """What ought to be so, told from the accepted acts alone, without fingerprints."""

    def __init__(self, item: Item):
        self.text = {"title": item.title, "body": item.body, "counter_measure": ""}
        self.signed: dict[tuple, set] = {}
        self.major = self.laid = self.passed = False

    def hear(self, name, edit=None):
        if name == "save":
            self._save(*edit)
        elif name in ("leader", "principal"):
            self._sign(name)
        else:
            self.laid, self.passed = name == "lay", False

    def _save(self, key, value):
        if key in self.text and self.text[key] != value:
            self.text[key] = value
            self.laid = self.passed = False
        if key == "is_major" and not self.major:
            self.major, self.passed = True, False

    def _sign(self, name):
        signed = self.signed.setdefault(tuple(self.text.values()), set())
        signed |= FIRST if name == "leader" or not self.major else BOTH
        self.passed = signed >= (BOTH if self.major else FIRST)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
async def test_an_item_can_be_submitted_only_with_signatures_on_its_text(db, acts):
    house = await chain.house()
    item = await chain.draft(house, submit_when_signed=False)
    oracle = Oracle(item)
    for name, *rest in acts:
        before = await Item.get(id=item.id)
        try:
            await act(house, item.id, name, *rest)
        except DomainError:
            assert (await Item.get(id=item.id)).version == before.version
            continue
        oracle.hear(name, *rest)
        await holds(await item_queries.get(house.writer, item.id), oracle)
    assert await submittable(house, item.id) == (oracle.laid and oracle.passed)


async def holds(item: Item, oracle: Oracle):
    """The fingerprint is the text's, and `signed_off` means signed under this very text."""
    content = item_rules.content_of(item, await item_queries.attachments(item.id))
    assert item.content_sha256 == item_rules.content_sha256(content)
    is_signed_off = item.state is ItemState.SIGNED_OFF
    assert is_signed_off == (oracle.laid and oracle.passed)
    valid = {signed.step for signed in await queries.valid_sign_offs(item)}
    assert valid == oracle.signed.get(tuple(oracle.text.values()), set())
    if is_signed_off:
        assert all(step.signed for step in await queries.steps_of(item))
