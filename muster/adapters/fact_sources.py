"""What muster knows itself, from the policies folder: the catalogue of releases and the rules for images."""

from pathlib import Path
from typing import TYPE_CHECKING

from muster.adapters.catalogue_files import load_catalogue
from muster.adapters.policy_files import own_policies, read_texts
from muster.facts.document import FactSources
from muster.facts.image_rules import ImageRules
from muster.facts.image_rules_reading import read_image_rules
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BrokenPolicySet

if TYPE_CHECKING:
    from muster.values.json import Json

LIFECYCLE = "lifecycle"
IMAGES = f"{LIFECYCLE}/images"


def load_fact_sources(policies: Path) -> FactSources:
    """Read `lifecycle/` of a policies folder, or muster's own where that folder has none.

    Raises BrokenPolicySet with the faults of all files.
    """
    folder = policies if (policies / LIFECYCLE).is_dir() else own_policies()
    loaded = load_catalogue(folder)
    rules, faults = load_image_rules(folder)
    errors = [fault for fault in (*loaded.faults, *faults) if fault.level is Level.ERROR]
    if errors:
        raise BrokenPolicySet(errors)
    return FactSources(rules=rules, catalogue=loaded.catalogue)


def load_image_rules(policies: Path) -> tuple[ImageRules, list[Diagnostic]]:
    """Read `lifecycle/images/*.json` of a policies folder, and what is wrong with the files."""
    texts, faults = read_texts(policies, (IMAGES,))
    values: dict[str, Json] = {}
    for name, text in texts.items():
        value, found = read_json(Source(name, text))
        faults += found
        if not found:
            values[name] = value
    rules, found = read_image_rules(values)
    return rules, [*faults, *found]
