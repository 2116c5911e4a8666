-- The demo bank moves no money, but a copy of a database shall not go on playing by itself either.
UPDATE payment_provider SET state = 'disabled' WHERE code = 'demo_debit';
