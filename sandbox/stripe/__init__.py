"""Stand-in of the part of the Stripe API that a business collecting by SEPA debit uses."""
