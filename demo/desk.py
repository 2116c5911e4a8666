"""What is on finance's desk on the last day: forecasts, alerts, exports, rules, archives."""

from datetime import timedelta

from odoo import Command, fields

# Months in the daily view; half a year has nothing to archive otherwise.
DAILY_MONTHS = 3
FINANCE = {"login": "helene", "name": "Hélène Marchand"}


def work(env, day):
    """Leave the desk as a finance person would.

    :param env: Odoo's environment, superuser.
    :param date day: the last day of the play.
    """
    user = finance(env)
    env["payment.alert"]._cron_look(day)
    env["payment.cash.forecast"]._cron_forecast(day)
    alerts(env(user=user))
    exports(env(user=user), day)
    routing(env(user=env.ref("base.user_admin")))
    env.company.archive_after_months = DAILY_MONTHS
    env["payment.transaction"]._cron_archive(day)
    env.cr.commit()  # the web server, another process, shows it


def finance(env):
    """Make the finance manager; the password is the login."""
    return env["res.users"].create(
        {
            **FINANCE,
            "password": FINANCE["login"],
            "email": "helene@example.com",
            "lang": "fr_FR",
            "tz": "Europe/Paris",
            "group_ids": [
                Command.link(env.ref("payment_direct_debit.group_payment_manager").id),
                Command.link(env.ref("base.group_allow_export").id),
                Command.link(env.ref("sales_team.group_sale_salesman_all_leads").id),
            ],
        }
    )


def alerts(env):
    """Take one alert over, put one off, close one."""
    mine, later, looked_at = (
        env["payment.alert"].search([("state", "=", "open")], limit=1, offset=n) for n in range(3)
    )
    mine.action_assign_to_me()
    tomorrow = fields.Datetime.now() + timedelta(days=1)
    if later:
        later.snooze(tomorrow, "Le prestataire doit répondre demain.")
    if looked_at:
        looked_at.close("Vu avec la banque : rien à faire.")


def routing(env):
    """Draft two rules, and try them on last month's debits."""
    provider = env["payment.provider"].search(
        [("state", "=", "test"), ("company_id", "=", env.company.id)], limit=1
    )
    env["payment.route"].create(
        [
            {"name": "Petits montants", "provider_id": provider.id, "amount_max": 50},
            {"name": "Le reste, au moins cher", "strategy": "cheapest"},
        ]
    )
    env["payment.route.simulation"].create({}).action_simulate()


def exports(env, day):
    """Export what came back, the last run, and last month's entries."""
    last = day.replace(day=1) - timedelta(days=1)
    run = env["payment.run"].search([("state", "in", ("done", "done_with_errors"))], limit=1)
    wizard = env["payment.export.wizard"]
    asked = (
        {
            "kind": "payments",
            "file_format": "xlsx",
            "domain": '[["payment_status", "in", ["failed", "returned"]]]',
            "filter_text": "Rejetés ou retournés",
        },
        {"kind": "run", "file_format": "csv", "run_id": run.id},
        {"kind": "fec", "date_from": last.replace(day=1), "date_to": last},
    )
    for values in asked:
        wizard.create(values).action_export()
