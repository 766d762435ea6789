"""Alias tables that authors bring along."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.alias_file import AliasFile, PrefixAliases, RawPaths
from muster.values.errors import BadInput
from muster.values.json import Json

if TYPE_CHECKING:
    from muster.language.aliases import AliasTable

EXPORT: Json = [
    {
        "namespace": "Contoso.Things",
        "resourceTypes": [
            {
                "resourceType": "gadgets",
                "aliases": [
                    {
                        "name": "Contoso.Things/gadgets/tier",
                        "defaultPath": "sku.tier",
                        "defaultMetadata": {"type": "String", "attributes": "Modifiable"},
                        "paths": [{"path": "properties.tier", "apiVersions": ["2020-01-01", "2019-01-01-Preview"]}],
                    },
                    {
                        "name": "Contoso.Things/gadgets/parts[*].screws[*].size",
                        "defaultPath": "properties.parts[*].properties.screws[*].size",
                    },
                    {"name": "Contoso.Things/gadgets/locks/open", "defaultPath": "properties.open", "paths": None},
                    {
                        "name": "Contoso.Things/colour",
                        "defaultPath": "properties.colour",
                        "defaultMetadata": {"type": "String", "attributes": "None"},
                    },
                ],
            },
            {
                "resourceType": "widgets",
                "aliases": [{"name": "Contoso.Things/colour", "defaultPath": "properties.paint.colour"}],
            },
            {"resourceType": "plain"},
        ],
    }
]
GADGET = "contoso.things/gadgets"


@pytest.mark.parametrize(
    ("alias", "resource_type", "api_version", "path"),
    [
        ("Contoso.Things/gadgets/tier", GADGET, None, "sku.tier"),
        ("CONTOSO.THINGS/GADGETS/TIER", GADGET, "2020-01-01", "properties.tier"),
        ("Contoso.Things/gadgets/tier", GADGET, "2019-01-01-preview", "properties.tier"),
        ("Contoso.Things/gadgets/tier", GADGET, "2024-01-01", "sku.tier"),
        ("Contoso.Things/gadgets/parts", GADGET, None, "properties.parts"),
        ("Contoso.Things/gadgets/parts[*]", GADGET, None, "properties.parts[*]"),
        ("Contoso.Things/gadgets/parts[*].screws", GADGET, None, "properties.parts[*].properties.screws"),
        ("Contoso.Things/gadgets/locks/open", f"{GADGET}/locks", None, "properties.open"),
        ("Contoso.Things/gadgets/tier", f"{GADGET}/locks", None, None),
        ("Contoso.Things/colour", GADGET, None, "properties.colour"),
        ("Contoso.Things/colour", "contoso.things/widgets", None, "properties.paint.colour"),
        ("Contoso.Things/colour", "contoso.things/plain", None, None),
    ],
)
def test_an_exported_alias_leads_to_its_path(
    alias: str, resource_type: str, api_version: str | None, path: str | None
) -> None:
    table: AliasTable = AliasFile.from_json(EXPORT, api_version)
    assert table.known(alias)
    assert table.path(alias, resource_type) == path


def test_an_export_says_what_may_be_modified_and_what_was_meant() -> None:
    table = AliasFile.from_json(EXPORT)
    assert table.modifiable("Contoso.Things/gadgets/TIER") is True
    assert table.modifiable("Contoso.Things/COLOUR") is False
    assert table.modifiable("Contoso.Things/gadgets/parts") is None
    assert not table.known("Contoso.Things/gadgets/teir")
    assert table.suggestions("Contoso.Things/gadgets/teir") == ("Contoso.Things/gadgets/tier",)


def test_one_provider_alone_is_an_export_too() -> None:
    assert isinstance(EXPORT, list)
    assert AliasFile.from_json(EXPORT[0]).known("Contoso.Things/colour")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {},
        [1],
        {"namespace": ""},
        {"namespace": "A.B", "resourceTypes": {}},
        {"namespace": "A.B", "resourceTypes": ["x"]},
        {"namespace": "A.B", "resourceTypes": [{"resourceType": 1}]},
        {"namespace": "A.B", "resourceTypes": [{"resourceType": "c", "aliases": [{"name": "A.B/c/d"}]}]},
    ],
)
def test_what_is_no_export_is_refused(value: Json) -> None:
    with pytest.raises(BadInput, match="not an export of aliases"):
        AliasFile.from_json(value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["namespace", "resourceTypes", "resourceType", "aliases", "name", "defaultPath", "paths"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_is_read_or_refused(value: Json) -> None:
    try:
        table = AliasFile.from_json(value, "2020-01-01")
    except BadInput:
        return
    assert not table.known("A.B/c/unheardOf")


@pytest.mark.parametrize("name", ["test_aliases.json", "versioned_aliases.json"])
def test_shared_exports_lead_every_alias_somewhere(shared: Path, name: str) -> None:
    export = json.loads((shared / "azure-policy" / name).read_text())
    table = AliasFile.from_json(export)
    total = 0
    for provider in export:
        for kind in provider["resourceTypes"]:
            for alias in kind["aliases"]:
                total += 1
                assert table.path(alias["name"], f"{provider['namespace']}/{kind['resourceType']}".lower())
    assert total > 10


def test_the_rule_alone_strips_the_type() -> None:
    table: AliasTable = PrefixAliases()
    assert table.path("A.B/c/d.e[*]", "a.b/c") == "properties.d.e[*]"
    assert table.path("A.B/c/d", "a.b/x") is None
    assert table.known("A.B/c/d")
    assert not table.known("A.B/c")
    assert table.modifiable("A.B/c") is False
    assert table.suggestions("A.B/c") == ()


def test_raw_paths_are_what_they_are() -> None:
    table: AliasTable = RawPaths()
    assert table.path("properties.a['b']", "") == "properties.a['b']"
    assert table.known("anything")
    assert not table.known("")
    assert table.suggestions("anything") == ()
