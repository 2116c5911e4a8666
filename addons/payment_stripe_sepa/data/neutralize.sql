-- a copy of the database must not collect: without a key nothing leaves
UPDATE payment_provider SET stripe_sepa_secret_key = NULL;
