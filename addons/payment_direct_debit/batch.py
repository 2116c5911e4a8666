"""One bad record stops nobody: work on many records, narrowed down only when it fails."""

import logging

import psycopg2

_logger = logging.getLogger(__name__)

# Another transaction was quicker, or the connection is gone: the caller's own retry is the cure.
_PASS_ON = (psycopg2.OperationalError,)

# Context for documents made by the thousand: no message and no follower for each. Their story is
# told by the history of the debit and of the installment.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


def in_savepoints(records, work, on_error):
    """Run `work(records)`; where it fails, on both halves, down to the single bad record.

    The good records of a batch cost a few savepoints more when one is bad, and nothing else.

    :param records: a recordset.
    :param work: function of a recordset; all or nothing for the records it gets.
    :param on_error: function of (record, exception), called for each single failing record,
        outside the savepoint that failed.
    :raise psycopg2.OperationalError: passed on.
    """
    if not records:
        return
    try:
        with records.env.cr.savepoint():
            work(records)
        return
    except _PASS_ON:
        raise
    except Exception as error:  # noqa: BLE001 - sorted out record by record below
        records.env.invalidate_all(flush=False)
        if len(records) == 1:
            _logger.info("%s failed: %s", records, type(error).__name__)
            on_error(records, error)
            return
    middle = len(records) // 2
    in_savepoints(records[:middle], work, on_error)
    in_savepoints(records[middle:], work, on_error)
