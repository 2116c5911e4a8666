"""Make the company of a new database a French one. Runs inside Odoo (`env` is given)."""

company = env.ref("base.main_company")
company.country_id = env.ref("base.fr")
company.partner_id.lang = "fr_FR"
# The installation gave it the generic chart, for want of a country.
env["account.chart.template"].try_loading("fr", company=company, install_demo=False)
env.ref("base.user_admin").write({"lang": "fr_FR", "tz": "Europe/Paris"})
env["ir.default"].set("res.partner", "lang", "fr_FR")
