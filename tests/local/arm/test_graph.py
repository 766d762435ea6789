"""The part of Resource Graph's language that the loopback server knows."""

import pytest

from muster.local.arm.estate import Estate
from muster.local.arm.graph import HELD, HeldAnswers, UnknownQuery, answer
from muster.values.json import JsonObject

ONE, TWO = (f"{digit}1111111-2222-3333-4444-555555555555" for digit in "12")
VM = "Microsoft.Compute/virtualMachines"
DISK = "Microsoft.Compute/disks"


def resource(subscription: str, name: str, kind: str = VM, **properties: object) -> JsonObject:
    return {
        "id": f"/subscriptions/{subscription}/resourceGroups/RG-{name}/providers/{kind}/{name}",
        "name": name,
        "type": kind,
        "location": "westeurope",
        "properties": {**properties},  # type: ignore[dict-item]
    }


ESTATE = Estate(
    [
        resource(ONE, "b", hardwareProfile={"vmSize": "x"}, instanceView={"osName": "y"}),
        resource(ONE, "a"),
        resource(TWO, "c"),
        resource(ONE, "d", DISK, odd="it's \\ here"),
    ],
    {ONE: ("near", "root")},
)


def names(query: str, *subscriptions: str) -> list[object]:
    return [row["name"] for row in answer(query, ESTATE, frozenset(subscriptions))]


@pytest.mark.parametrize(
    ("query", "subscriptions", "expected"),
    [
        ("Resources", (), ["b", "a", "c", "d"]),
        ("resources | order by name asc", (), ["a", "b", "c", "d"]),
        ("resources | order by id asc", (ONE,), ["a", "b", "d"]),
        (f"resources | where type =~ '{VM}'", (), ["b", "a", "c"]),
        (f"resources | where type =~ '{VM.lower()}'", (TWO,), ["c"]),
        (f"resources | where type in~ ('{VM}', '{DISK}') | order by id asc", (ONE,), ["a", "b", "d"]),
        (f"resources | where type in~ ('{DISK}')", (), ["d"]),
        ("resources | where resourceGroup =~ 'rg-a'", (), ["a"]),
        ("resources | where properties.hardwareProfile.vmSize =~ 'X'", (), ["b"]),
        ("resources | where properties.odd =~ 'it\\'s \\\\ here'", (), ["d"]),
        ("resources | where name =~ 'a | b'", (), []),
        ("resourcecontainers | order by id asc", (TWO,), [TWO, "rg-c"]),
        ("recoveryservicesresources", (), []),
    ],
)
def test_rows(query: str, subscriptions: tuple[str, ...], expected: list[object]) -> None:
    assert names(query, *subscriptions) == expected


@pytest.mark.parametrize(
    "query",
    [
        "",
        "tables",
        "resources | take 5",
        "resources | where type == 'x'",
        "resources | where type =~ 'x' or true",
        "resources | where type =~ 'x",
        "resources | order by name desc",
        "resources | project strcat(name, 'x')",
        "resources; resources",
    ],
)
def test_every_other_query_is_refused(query: str) -> None:
    with pytest.raises(UnknownQuery):
        answer(query, ESTATE, frozenset())


def test_columns_are_chosen_and_named() -> None:
    rows = answer(
        "resources | where name =~ 'b' | project id, size = properties.hardwareProfile.vmSize", ESTATE, frozenset()
    )
    assert rows == [{"id": resource(ONE, "b")["id"], "size": "x"}]


def test_a_row_is_not_a_body() -> None:
    [row] = answer("resources | where name =~ 'b'", ESTATE, frozenset())
    assert row["type"] == VM.lower()
    assert (row["subscriptionId"], row["resourceGroup"]) == (ONE, "rg-b")
    assert row["properties"] == {"hardwareProfile": {"vmSize": "x"}}


def test_a_subscription_knows_the_groups_above_it() -> None:
    query = "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'"
    chains = {row["name"]: row["properties"] for row in answer(query, ESTATE, frozenset())}
    assert chains[ONE] == {
        "state": "Enabled",
        "managementGroupAncestorsChain": [{"name": name, "displayName": name} for name in ("near", "root")],
    }
    assert chains[TWO] == {"state": "Enabled", "managementGroupAncestorsChain": []}


def test_rows_are_found_once_for_all_pages() -> None:
    found: list[str] = []
    held = HeldAnswers()

    def page(asked: str, start: int) -> list[object]:
        def find() -> list[JsonObject]:
            found.append(asked)
            return [{"number": number} for number in range(5)]

        return [row["number"] for row in held.rows(asked, find, start=start, end=start + 2)[start : start + 2]]

    assert [page("one", start) for start in (0, 2, 4)] == [[0, 1], [2, 3], [4]]
    assert found == ["one"]
    assert page("one", 4) == [4], "the last page is there even after it was given"
    assert page("one", 0) == [0, 1]
    assert found == ["one"] * 3, "the first page is found anew"
    for other in range(HELD):
        page(str(other), 0)
    page("one", 2)
    assert found[-1] == "one", "no more than a few are held"
