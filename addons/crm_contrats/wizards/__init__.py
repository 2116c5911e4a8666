from . import crm_contract_import, crm_contract_import_row, crm_contract_terminate
