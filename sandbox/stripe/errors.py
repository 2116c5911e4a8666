"""The error envelope of the API and the refusals that it carries."""

from .const import ACCOUNT

DOCUMENTATION = "https://docs.stripe.com/error-codes/"
LOGS = f"https://dashboard.stripe.com/{ACCOUNT}/test/workbench/logs?object="


class ApiError(Exception):
    """A refusal.

    ``validation``: found before anything was executed, so that an idempotency key is not bound
    to it; ``more``: other keys of the envelope, such as the payment intent.
    """

    def __init__(self, status: int, kind: str, message: str, **more) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.validation = more.pop("validation", False)
        self.more = {name: value for name, value in more.items() if value is not None}

    def body(self, request_id: str) -> dict:
        """The JSON envelope."""
        error = {"type": self.kind, "message": self.message, **self.more}
        if code := self.more.get("code"):
            error["doc_url"] = DOCUMENTATION + code.replace("_", "-")
        error["request_log_url"] = LOGS + request_id
        return {"error": error}


def refused(message: str, code: str | None = None, param: str | None = None, **more) -> ApiError:
    """400: the state of things does not allow the request."""
    return ApiError(400, "invalid_request_error", message, code=code, param=param, **more)


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """400: a parameter is wrong in itself."""
    return refused(message, code, param, validation=True)


def missing(param: str) -> ApiError:
    """400: a parameter is needed."""
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def unknown(param: str) -> ApiError:
    """400: a parameter that the API does not have."""
    return invalid(f"Received unknown parameter: {param}", param, "parameter_unknown")


def not_offered(what: str, param: str | None = None) -> ApiError:
    """400: Stripe knows this, the stand-in does not, and silence would hide it."""
    return invalid(f"The sandbox does not offer {what}.", param, "sandbox_not_offered")


def no_such(kind: str, identity: str, param: str | None = None) -> ApiError:
    """404 for an unknown id in the path, 400 for one in the parameters."""
    message = f"No such {kind}: '{identity}'"
    status = 400 if param else 404
    return ApiError(
        status,
        "invalid_request_error",
        message,
        code="resource_missing",
        param=param or "id",
        validation=True,
    )


def unauthorized(message: str) -> ApiError:
    """401."""
    return ApiError(401, "invalid_request_error", message, validation=True)


def forbidden(message: str) -> ApiError:
    """403: a restricted key without the permission."""
    return ApiError(403, "invalid_request_error", message, validation=True)


def unrecognized_url(method: str, path: str) -> ApiError:
    """404 for a path that the API does not have."""
    message = f"Unrecognized request URL ({method}: {path})."
    return ApiError(404, "invalid_request_error", message, validation=True)


def rate_limited() -> ApiError:
    """429."""
    message = "Request rate limit exceeded."
    return ApiError(429, "invalid_request_error", message, code="rate_limit", validation=True)


def internal_error() -> ApiError:
    """500."""
    return ApiError(500, "api_error", "An unknown error occurred.")


def key_in_use(key: str) -> ApiError:
    """409: the first request with this key is still being executed."""
    message = f"There is currently another in-progress request using this idempotency key: {key}"
    return ApiError(
        409, "invalid_request_error", message, code="idempotency_key_in_use", validation=True
    )


def key_reused(key: str) -> ApiError:
    """400: the key belongs to a request with other parameters."""
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{key}' if you meant to execute a different "
        "request."
    )
    return ApiError(400, "idempotency_error", message, validation=True)
