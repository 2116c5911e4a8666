-- a copy of the database must not collect: without a token nothing leaves
UPDATE payment_provider SET gocardless_access_token = NULL;
