"""Refusals in SlimPay's shape: {"code", "message"}, or OAuth's {"error", "error_description"}."""

INTERNAL = 100
INCOMPLETE = 101
BAD_QUERY = 205
INVALID = 901
REFUSED = 902
ACCESS_DENIED = 904
UNACCEPTABLE = 906
NOT_FOUND = 404


class ApiError(Exception):
    """A refusal with its HTTP status and its code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> dict:
        """The JSON body."""
        return {"code": self.code, "message": self.message}


class OAuthError(Exception):
    """A refusal of the authorisation server or of a token."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description

    def body(self) -> dict:
        """The JSON body."""
        return {"error": self.error, "error_description": self.description}


def invalid(name: str, reason: str = "invalid value", code: int = INVALID) -> ApiError:
    """A property of the body is wrong."""
    return ApiError(400, code, f"Invalid {name} property: {reason}")


def incomplete(name: str) -> ApiError:
    """A mandatory property is missing."""
    return ApiError(400, INCOMPLETE, f"Incomplete data: {name} is missing")


def refused(message: str, status: int = 400) -> ApiError:
    """Well-formed, but not possible for this account or in this state."""
    return ApiError(status, REFUSED, message)


def bad_query(message: str) -> ApiError:
    """The query string is wrong or incomplete."""
    return ApiError(400, BAD_QUERY, message)


def not_found(message: str = "Not found") -> ApiError:
    """Unknown id, reference or path."""
    return ApiError(404, NOT_FOUND, message)


def rounding() -> ApiError:
    """An amount of more than two decimals, which SlimPay answers with a server error."""
    return ApiError(500, INTERNAL, "Internal error : Rounding necessary")


def access_denied(creditor: object) -> ApiError:
    """The creditor is not one of the app's."""
    return ApiError(403, ACCESS_DENIED, f"Access denied : cannot access creditor {creditor}")
