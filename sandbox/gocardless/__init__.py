"""Stand-in of the GoCardless API, version 2015-07-06, for SEPA direct debits in euros."""
