"""What a provider's client may raise, named by what the caller does next.

Anything else that leaves a client is a bug of that client; the engine then treats the outcome
as unknown, because money may have moved.
"""

from odoo.exceptions import UserError


class DebitError(Exception):
    """Base of the taxonomy; never raised itself.

    :param str message: for a person; holds neither secret nor full IBAN.
    :param str code: the provider's own code, or the ISO reason code, where there is one.
    """

    def __init__(self, message, *, code=""):
        super().__init__(message)
        self.code = code

    def as_user_error(self, env, debit):
        """Return what to show a person who asked for something that this error prevented.

        :param env: for the language.
        :param debit: the payment.transaction that it was about.
        """
        return UserError(
            env._(
                "%(provider)s did not take this for debit %(reference)s: %(error)s",
                provider=debit.provider_id.name,
                reference=debit.reference,
                error=self,
            )
        )


class DebitRefused(DebitError):
    """The provider said no and nothing was executed: final for this attempt."""


class DebitRetryable(DebitError):
    """Surely not executed (rate limit, maintenance): the same attempt may be sent again.

    :param int after: seconds to wait before the next try.
    """

    def __init__(self, message, *, code="", after=60):
        super().__init__(message, code=code)
        self.after = after


class DebitOutcomeUnknown(DebitError):
    """Nobody knows whether it was executed: ask the provider, never replace the attempt."""


class ProviderMisconfigured(DebitError):
    """Credentials, rights or environment are wrong: stop sending, tell an administrator."""


class EventRejected(Exception):
    """A notification that must not be stored.

    :param str message: for the log; no part of the body.
    :param int status: the HTTP status to answer.
    """

    def __init__(self, message, *, status=403):
        super().__init__(message)
        self.status = status
