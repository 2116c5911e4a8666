-- A copy of production collects nothing by itself.
UPDATE ir_cron SET active = false WHERE id IN (
    SELECT res_id FROM ir_model_data
     WHERE module = 'payment_collection' AND model = 'ir.cron');
