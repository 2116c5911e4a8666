-- a copy of the database must not collect: without a key nothing leaves, without a secret nothing comes in
UPDATE payment_provider
   SET stripe_sepa_secret_key = NULL,
       stripe_sepa_webhook_secret = NULL;
