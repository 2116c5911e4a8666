"""Day by day: the bank's day, the notifications, the planning, the run."""

from datetime import datetime, time, timedelta

# Notifications get lost for some days of the third month; the poller has to make up for them.
SILENCE = {67: True, 71: False}

# How often an answer may get lost again, on the last day, until it is known.
UNLUCKY = 4


def play(env, sandboxes, start, end):
    """Play every day from `start` to `end`.

    :param env: Odoo's environment, superuser.
    :param dict sandboxes: {provider's code: its stand-in}.
    """
    day = start
    silence = {start + timedelta(days=after): off for after, off in SILENCE.items()}
    while day <= end:
        for sandbox in sandboxes.values():
            if day in silence:
                sandbox.control("webhooks/modes", off=silence[day])
            sandbox.advance(day)
        if day.day == 1:
            progress(env, day)
        one_day(env, day)
        day += timedelta(days=1)
    for sandbox in sandboxes.values():
        sandbox.control("webhooks/flush")
    last_look(env, end)


def one_day(env, day):
    """What the crons do on one day, with the day as an argument."""
    env.cr.commit()  # notifications arrive through another process: a new transaction sees them
    let_an_hour_pass(env)
    apply_events(env, day)
    if day.weekday() == 0:
        env["payment.event"]._cron_poll(datetime.combine(day, time(6)))
        apply_events(env, day)
        env["payment.payout"]._cron_fetch(day)
    if day.day == 1:
        env["crm.contract"]._cron_plan(day)
        env["payment.payer.score"]._cron_scores(day)
    env["payment.dunning"]._cron_dunning(day)
    env["payment.notice"]._cron_notices(day)
    env["mail.mail"].process_email_queue()
    env["payment.run"]._cron_run(day)
    env["payment.transaction"]._cron_poll_debits(day)
    env["payment.transaction"]._debit_resolve_unknown(day, everything=True)
    env.cr.commit()  # the day is over


def let_an_hour_pass(env):
    """Age what waits for another try: the clock stands still while the days go by.

    A provider without idempotency is asked again only when nothing of ours can be on its way any
    more; an event about something that we did not know yet is looked at again a little later.
    """
    for debit in env["payment.transaction"].search([("debit_status", "=", "unknown")]):
        debit._state_write({"debit_last_sent_at": debit.debit_last_sent_at - timedelta(hours=1)})
    waiting = env["payment.event"].search([("state", "=", "received"), ("next_try", "!=", False)])
    waiting._state_write({"next_try": False})


def apply_events(env, day):
    """Empty the inbox."""
    while env["payment.event"]._apply_received(day, commit=env.cr.commit):
        env.cr.commit()  # each share is applied for good


def last_look(env, day):
    """Read once more what is still open: the holes that notifications left."""
    env.cr.commit()  # the last notifications came through another process
    for _try in range(UNLUCKY):
        let_an_hour_pass(env)
        env["payment.transaction"]._debit_resolve_unknown(day, everything=True)
    env["payment.event"]._cron_poll(datetime.combine(day, time(6)))
    apply_events(env, day)
    still_open = env["payment.transaction"].search([("debit_status", "=", "submitted")])
    still_open._debit_refresh(day)
    env["payment.transaction"]._cron_compare(day)
    env["payment.installment"]._cron_forecast_holds(day)
    env.cr.commit()  # the play is over


def progress(env, day):
    """Show where the play is."""
    counts = dict(
        env["payment.transaction"]._read_group(
            [("debit_status", "!=", False)], ["debit_status"], ["__count"]
        )
    )
    shown = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    print(f"  {day:%d/%m/%Y}  {shown or 'nothing collected yet'}", flush=True)
