"""The error envelope of the API and the refusals that it carries."""

DOCUMENTATION = "https://developer.gocardless.com/api-reference/"


class ApiError(Exception):
    """A refusal: HTTP status, type, message and the list of single errors."""

    def __init__(self, status: int, kind: str, message: str, errors: list) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.errors = errors

    def body(self, request_id: str) -> dict:
        """The JSON envelope."""
        anchor = self.errors[0].get("reason", self.kind) if self.errors else self.kind
        return {
            "error": {
                "message": self.message,
                "documentation_url": f"{DOCUMENTATION}#{anchor}",
                "type": self.kind,
                "request_id": request_id,
                "code": self.status,
                "errors": self.errors,
            }
        }


def invalid_usage(status: int, reason: str, message: str) -> ApiError:
    """The caller uses the API wrongly (400, 401, 403, 404, 410, 429)."""
    return ApiError(status, "invalid_api_usage", message, [{"reason": reason, "message": message}])


def not_found(reason: str = "resource_not_found") -> ApiError:
    """404 for an unknown id or path."""
    return invalid_usage(404, reason, "Resource not found")


def forbidden(message: str) -> ApiError:
    """403: a feature that the account does not have."""
    return invalid_usage(403, "insufficient_permissions", message)


def validation_failed(errors: list[tuple[str, str]], root: str) -> ApiError:
    """422 with one entry per (field, message); nested fields are written a.b."""
    return ApiError(
        422,
        "validation_failed",
        "Validation failed",
        [
            {
                "field": field.rpartition(".")[2],
                "message": message,
                "request_pointer": "/" + "/".join([root, *field.split(".")]),
            }
            for field, message in errors
        ],
    )


def invalid_state(reason: str, message: str, links: dict | None = None, status=422) -> ApiError:
    """The resource is not in a state that allows the request."""
    entry = {"reason": reason, "message": message}
    if links:
        entry["links"] = links
    return ApiError(status, "invalid_state", message, [entry])


def idempotency_conflict(identity: str) -> ApiError:
    """409: the key created ``identity`` before, whatever the body says now."""
    return invalid_state(
        "idempotent_creation_conflict",
        "A resource has already been created with this idempotency key",
        {"conflicting_resource_id": identity},
        status=409,
    )
