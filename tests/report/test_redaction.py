"""Secrets and claims do not stay; everything else does."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.report.redaction import REDACTED, reads_a_secret, without_claims, without_secrets
from muster.values.json import Json


def test_secrets_of_a_resource_are_replaced_wherever_they_stand() -> None:
    body: dict[str, Json] = {
        "properties": {
            "userData": "QUJD",
            "osProfile": {"adminUsername": "ann", "AdminPassword": "p", "customData": None},
            "extensionProfile": {
                "extensions": [{"properties": {"protectedSettings": {"key": "k"}, "settings": {"fileUris": ["u"]}}}]
            },
        }
    }
    assert without_secrets(body) == {
        "properties": {
            "userData": REDACTED,
            "osProfile": {"adminUsername": "ann", "AdminPassword": REDACTED, "customData": None},
            "extensionProfile": {
                "extensions": [{"properties": {"protectedSettings": REDACTED, "settings": {"fileUris": ["u"]}}}]
            },
        }
    }


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("properties.userData", True),
        ("properties.extensions[0].properties.protectedSettings.key", True),
        ("properties.osProfile.adminUsername", False),
        ("properties.USERDATA", True),
        ("", False),
    ],
)
def test_paths_that_lead_to_secrets(path: str, secret: bool) -> None:
    assert reads_a_secret(path) is secret


@pytest.mark.parametrize(
    "event",
    [
        {"data": {"claims": {"upn": "ann@example.org"}}},
        {"data": {"Claims": "ann@example.org"}},
        {"data": {"authorization": {"evidence": {"principalId": "ann@example.org"}}}},
        {"data": {"httpRequest": {"clientIpAddress": "ann@example.org"}}},
        {"data": '{"claims": {"upn": "ann@example.org"}}'},
        '{"data": {"claims": {"upn": "ann@example.org',
        [[{"claims": "ann@example.org"}]],
        r'{"a": 1, "a": 2, "cl\u0061ims": {"upn": "ann@example.org"}}',
        r'{"a": 1, "a": 2, "data": "{\"CL\\u0041IMS\": {\"upn\": \"ann@example.org\"}}"}',
        r'{"a": 1, "a": 2, "data": "{\u0022claims\u0022: {\u0022upn\u0022: \u0022ann@example.org"}',
        {"data": r'{"a": 1, "a": 2, "claims": {"upn": "ann@example.org"}}'},
        {"data": {"more": '["{\\"claims\\": \\"ann@example.org\\"}"]'}},
        # Lower-cased, each of these is two characters.
        '{"' + "\u0130" * 40 + '": {"claims": {"upn": "ann@example.org',
        '{"authorization": {"evidence": {"principalId": "ann@example.org',
        "{claims: {upn: 'ann@example.org'",
        '{"properties": {"customData": "ann@example.org',
    ],
)
def test_claims_do_not_stay_in_whatever_form(event: Any) -> None:
    assert "ann@" not in json.dumps(without_claims(event))


@pytest.mark.parametrize(
    "text",
    [
        "/subscriptions/x/resourceGroups/rg-claims/providers/Microsoft.Compute/virtualMachines/claims",
        "claims",
        "an address of claims, and evidence",
        '{"note": "about claims"}',
        '{"note":   "not written as muster writes",  "b": [1]}',
    ],
)
def test_a_text_that_speaks_of_claims_stays(text: str) -> None:
    assert without_claims({"text": text}) == {"text": text}


def test_data_that_is_a_text_stays_json_without_claims() -> None:
    kept = without_claims({"data": '{"claims": {"upn": "ann"}, "resourceUri": "/subscriptions/x"}'})
    assert kept == {"data": '{"claims": "(redacted)", "resourceUri": "/subscriptions/x"}'}


def test_the_rest_of_an_event_stays() -> None:
    event: Json = {"id": "1", "data": {"resourceUri": "/subscriptions/x", "claims": {}, "n": [1, True, None, 0.5]}}
    kept: Json = {"id": "1", "data": {"resourceUri": "/subscriptions/x", "claims": REDACTED, "n": [1, True, None, 0.5]}}
    assert without_claims(event) == kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_a_body_without_secrets_stays_as_it_is(body: dict[str, Json]) -> None:
    assert without_secrets(body) == body


def test_what_is_no_json_becomes_text() -> None:
    assert json.dumps(without_claims([float("nan"), float("inf")]), allow_nan=False) == '["nan", "inf"]'
