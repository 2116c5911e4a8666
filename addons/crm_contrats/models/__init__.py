from . import (
    account_move,
    crm_contract,
    crm_contract_lifecycle,
    crm_contract_line,
    crm_contract_planning,
    payment_installment,
    res_partner,
)
