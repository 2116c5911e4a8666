from . import (
    payment_notice,
    payment_notice_line,
    payment_installment_notices,
    payment_mandate_notices,
    payment_notice_making,
    payment_notice_sending,
)
