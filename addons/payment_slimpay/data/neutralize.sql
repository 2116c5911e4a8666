-- a copy of the database must not collect: without a secret no token, and nothing leaves
UPDATE payment_provider SET slimpay_app_secret = NULL;
