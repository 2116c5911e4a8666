-- A copy of production must neither send debits nor ask providers. Core disables the providers;
-- what would still run by itself is switched off here.
UPDATE ir_cron SET active = false WHERE id IN (
    SELECT res_id FROM ir_model_data
     WHERE module = 'payment_direct_debit' AND model = 'ir.cron');
UPDATE payment_provider SET debit_paused = true, debit_paused_reason = 'neutralized copy';
-- Without a secret no notification comes in.
UPDATE payment_provider
   SET debit_webhook_secret = NULL,
       debit_webhook_secret_previous = NULL;
