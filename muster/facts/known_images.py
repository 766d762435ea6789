"""Which images are known, and whether they have ended: the rules and the catalogue asked, as tests of names need it."""

from collections.abc import Iterable, Iterator
from datetime import date

from muster.facts.document import FactSources
from muster.facts.image_facts import image_facts
from muster.facts.image_identity import identify
from muster.facts.image_reference import read_image_text
from muster.facts.image_rules import Examples
from muster.facts.lifecycle import phase
from muster.facts.release import Release

ENDED = "ended"


class KnownImages:
    """Answers for a day, each name once."""

    def __init__(self, sources: FactSources, day: date) -> None:
        self.sources = sources
        self.day = day
        self._answers: dict[tuple[str, str, str], tuple[Release | None, bool]] = {}

    def known(self) -> Iterator[tuple[str, Release | None]]:
        """The Marketplace images that the rules' authors give as examples, with the row of those that have ended."""
        for text in image_examples(self.sources.rules.examples):
            parts = text.split(":")
            if len(parts) in (3, 4) and "/" not in text:
                row = self.row_of(text)
                yield text, row if row is not None and phase(row, self.day) == ENDED else None

    def row_of(self, text: str) -> Release | None:
        reference = read_image_text(text)
        image = image_facts(identify(reference, self.sources.rules), reference)
        return self.sources.catalogue.release(*map(image.get, ("product", "cycle", "release", "channel", "variant")))

    def ask(self, publisher: str, offer: str, sku: str) -> tuple[Release | None, bool]:
        """The row of an image if it has ended; and whether it is one that is known and has not ended. Of names that
        contradict each other nothing is said."""
        key = (publisher, offer, sku)
        if key not in self._answers:
            reference = read_image_text(":".join(key))
            identity = identify(reference, self.sources.rules)
            image = image_facts(identity, reference)
            members = ("product", "cycle", "release", "channel", "variant")
            row = None if identity.conflicts else self.sources.catalogue.release(*map(image.get, members))
            ended = row is not None and phase(row, self.day) == ENDED
            self._answers[key] = (row if ended else None, row is not None and not ended)
        return self._answers[key]


def image_examples(examples: Iterable[Examples]) -> Iterator[str]:
    """The images that authors of rules give, as texts."""
    for one in examples:
        for item in one.value if isinstance(one.value, list) else []:
            image = item.get("image") if isinstance(item, dict) else None
            if isinstance(image, str):
                yield image
