from . import (
    account_move,
    crm_contract,
    crm_contract_changes,
    crm_contract_lifecycle,
    crm_contract_line,
    crm_contract_links,
    crm_contract_planning,
    payment_installment,
    payment_mandate,
    payment_transaction,
    res_partner,
)
