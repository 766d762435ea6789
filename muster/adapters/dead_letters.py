"""What was never handled, where it lies: poison queues, Event Grid's dead-letter container, records of spent attempts.

Replaying puts the request into its queue first and removes what it came from then: interrupted in between, it is asked
for twice, which changes nothing.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue import QueueMessage

from muster.adapters.blob_dead_letters import DEAD_LETTERS
from muster.adapters.blob_findings import UNPROCESSED
from muster.adapters.storage_faults import storage_faults
from muster.adapters.storage_queue import BATCHES, EVALUATIONS, EVENTS, POISON, StorageQueues, message_text
from muster.facts.event import Ignored
from muster.jobs.replay import DeadLetter, Kind, letters_of, made_again, record_of, refused
from muster.language.source import Source, read_json
from muster.values.errors import BadInput
from muster.values.request import EvaluationRequest
from muster.values.sweep import BatchName

SPENT = "attemptsSpent/"
MAX_BYTES = 16 * 1024 * 1024
PEEKED = 32
"""As many messages as a queue shows without taking them."""

HIDDEN_SECONDS = 60

_POISON = {EVENTS: Kind.EVENT, EVALUATIONS: Kind.REQUEST, BATCHES: Kind.BATCH}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one dead letter: how many requests were made, and why some of it could not be."""

    name: str
    requests: int
    refused: tuple[str, ...]


class DeadLetters:
    """All that was never handled, in two accounts that may be one."""

    def __init__(self, blobs: BlobServiceClient, queues: StorageQueues, *, with_caller: bool = True) -> None:
        self._blobs = blobs
        self._queues = queues
        self._with_caller = with_caller

    async def all(self) -> AsyncIterator[DeadLetter]:
        """Each dead letter; of a poison queue those that it shows, at most PEEKED. Raises TransientFault."""
        for queue, kind in _POISON.items():
            name = f"{queue}{POISON}"
            with storage_faults(f"reading the queue {name}"):
                try:
                    messages = await self._queues.client(name).peek_messages(max_messages=PEEKED)
                except ResourceNotFoundError:
                    continue
            for message in messages:
                yield letter_of(name, kind, message)
        for container, prefix in ((DEAD_LETTERS, ""), (UNPROCESSED, SPENT)):
            async for blob in self._names(container, prefix):
                yield await self._blob(f"{container}/{blob}")

    async def one(self, name: str) -> DeadLetter:
        """One dead letter by its name. Raises BadInput where there is none, and TransientFault."""
        if name.partition("/")[0] in (DEAD_LETTERS, UNPROCESSED):
            return await self._blob(name)
        async for letter in self.all():
            if letter.name == name:
                return letter
        raise BadInput(f"there is no dead letter {name}", reason="unknownDeadLetter")

    async def replay(self, name: str) -> Replayed:
        """Ask again for what a dead letter holds, and remove it where all of it could be asked for. Raises as `one`."""
        place, _, identifier = name.partition("/")
        if place in (DEAD_LETTERS, UNPROCESSED):
            letter = await self._blob(name)
            done = await self._ask(letter)
            if not done.refused:
                with storage_faults(f"removing {name}"):
                    await self._blobs.get_blob_client(place, identifier).delete_blob()
            return done
        kind = _POISON.get(place.removesuffix(POISON))
        if kind is None or not place.endswith(POISON):
            raise BadInput(f"there is no dead letter {name}", reason="unknownDeadLetter")
        client = self._queues.client(place)
        with storage_faults(f"reading the queue {place}"):
            async for message in client.receive_messages(messages_per_page=PEEKED, visibility_timeout=HIDDEN_SECONDS):
                if message.id == identifier:
                    done = await self._ask(letter_of(place, kind, message))
                    if not done.refused:
                        await client.delete_message(message)
                    return done
        raise BadInput(f"there is no dead letter {name}", reason="unknownDeadLetter")

    async def _ask(self, letter: DeadLetter) -> Replayed:
        requests, wrong = 0, []
        for text in letter.texts:
            try:
                found = made_again(text, letter.kind, with_caller=self._with_caller)
            except BadInput as fault:
                wrong.append(refused(fault))
                continue
            match found:
                case EvaluationRequest():
                    await self._queues.queue(EVALUATIONS).put(found, timedelta(0))
                    requests += 1
                case BatchName():
                    await self._queues.queue(BATCHES).put_batch(found, timedelta(0))
                    requests += 1
                case Ignored():
                    continue
        return Replayed(letter.name, requests, tuple(wrong))

    async def _names(self, container: str, prefix: str) -> AsyncIterator[str]:
        with storage_faults(f"listing {container}"):
            try:
                async for name in self._blobs.get_container_client(container).list_blob_names(name_starts_with=prefix):
                    yield name
            except ResourceNotFoundError:
                return

    async def _blob(self, name: str) -> DeadLetter:
        container, _, blob = name.partition("/")
        with storage_faults(f"reading {name}"):
            try:
                stream = await self._blobs.get_blob_client(container, blob).download_blob(offset=0, length=MAX_BYTES)
                text = (await stream.readall()).decode("utf-8", "replace")
            except ResourceNotFoundError as error:
                raise BadInput(f"there is no dead letter {name}", reason="unknownDeadLetter") from error
        if container == DEAD_LETTERS:
            return letters_of(name, text)
        record, faults = read_json(Source(name, text))
        if faults or not isinstance(record, dict):
            raise BadInput(f"{name} is not a record of what was kept", reason="damagedRecord")
        return record_of(name, record)


def letter_of(queue: str, kind: Kind, message: QueueMessage) -> DeadLetter:
    """What a message of a poison queue holds."""
    why = f"its function failed {message.dequeue_count or 'too many'} times in the Functions host"
    content = str(message.content)
    text = message_text(content)
    if text is None:
        text, why = content, "the Functions host could not decode it: it is not base64 of UTF-8"
    return DeadLetter(f"{queue}/{message.id}", kind, (text,), why)
