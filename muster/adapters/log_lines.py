"""Log lines as they leave the process: with their fields, and without what must not be kept.

The Functions host takes a line's text and nothing else of it, so a line's fields stand at its end as JSON. Whoever logs
gives them as `extra={FIELDS: {...}}`.
"""

import json
import logging
import traceback

from muster.report.log_text import log_text

FIELDS = "muster"


class LogLines(logging.Filter):
    """A filter of handlers that lets every line through, rewritten."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See logging.Filter.filter."""
        text = record.getMessage()
        fields = getattr(record, FIELDS, None)
        if fields:
            text = f"{text} {json.dumps(fields, sort_keys=True)}"
            delattr(record, FIELDS)
        record.msg, record.args = log_text(text), ()
        if record.exc_info:
            # A formatter takes this text in place of its own; another handler's may have left it here already.
            raised = record.exc_text or "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_text = log_text(raised)
        return True


def withhold_from_logs() -> None:
    """Have all that the process logs rewritten so, once."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(each, LogLines) for each in handler.filters):
            handler.addFilter(LogLines())
