-- a copy of the database must not collect: without a token nothing leaves, without a secret nothing comes in
UPDATE payment_provider
   SET gocardless_access_token = NULL,
       gocardless_webhook_secret = NULL,
       gocardless_webhook_secret_previous = NULL;
