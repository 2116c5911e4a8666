-- a copy of the database must not collect: without a secret no token, and nothing leaves
UPDATE payment_provider
   SET slimpay_app_secret = NULL,
       slimpay_webhook_secret = NULL,
       slimpay_webhook_secret_previous = NULL;
