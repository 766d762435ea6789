"""No template reads a key, and no output gives a secret away: outputs stay in the history of deployments."""

import re

import pytest

from tests.infra.bicep import Sources, edited, functions, names, sources, templates

TELLING = re.compile(r"key|secret|password|token|connection_?string|sas", re.IGNORECASE)
READS_KEYS = re.compile(r"\blist\w*\s*\(|AccountKey=|SharedAccessSignature", re.IGNORECASE)


def leaks(given: Sources) -> list[str]:
    """What gives a secret away, each as `file: what`."""
    found = [f"{name}: {hit.group()}" for name, text in given.items() for hit in READS_KEYS.finditer(text)]
    for name, template in templates(given).items():
        secure = {
            parameter
            for parameter, declared in template.part("parameters").items()
            if any(decorator["type"] == "secure" for decorator in declared["decorators"])
        }
        for output, declared in template.part("outputs").items():
            value = declared["value"]
            referred = secure.intersection(names(value))
            if referred or TELLING.search(output) or TELLING.search(str(value)) or any(functions_that_list(value)):
                found.append(f"{name}: output {output}")
    return found


def functions_that_list(value: object) -> list[str]:
    return [function for function in functions(value) if function.startswith("list")]


def test_no_output_and_no_setting_holds_a_secret() -> None:
    assert leaks(sources()) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "modules/storage-account.bicep",
            "output name string = account.name",
            "output name string = account.listKeys().keys[0].value",
        ),
        (
            "modules/monitoring.bicep",
            "output insightsName string = insights.name",
            "output insightsName string = insights.properties.ConnectionString",
        ),
        (
            "modules/function-app.bicep",
            "AzureWebJobsStorage__accountName: hostStorageName",
            "AzureWebJobsStorage: 'AccountKey=${hostStorageName}'",
        ),
        (
            "modules/page-authentication.bicep",
            "resource app",
            "@secure()\nparam given string\noutput said string = given\n\nresource app",
        ),
    ],
)
def test_a_secret_is_noticed(name: str, old: str, new: str) -> None:
    assert leaks(edited(name, old, new))
