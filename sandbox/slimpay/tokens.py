"""OAuth2 client credentials: bearer tokens that live 998 seconds."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.core.world import World

from .const import APP_NAME, APP_SECRET
from .errors import OAuthError
from .ids import new_uuid
from .settings import Settings

FORM = "application/x-www-form-urlencoded"


def encoded(data: bytes) -> str:
    """Base64 as in a JWT."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Tokens:
    """The tokens in force; they outlive neither their seconds nor a reset."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self._expiry: dict[str, tuple] = {}

    def expire(self) -> None:
        """Every token ends now."""
        self._expiry.clear()

    async def endpoint(self, request: Request) -> Response:
        """POST /oauth/token."""
        try:
            self._check_client(request)
            self._check_grant(request, await request.body())
        except OAuthError as error:
            return JSONResponse(error.body(), error.status)
        return JSONResponse(
            self._issue(), headers={"Cache-Control": "no-store", "Pragma": "no-cache"}
        )

    @staticmethod
    def _check_client(request: Request) -> None:
        expected = base64.b64encode(f"{APP_NAME}:{APP_SECRET}".encode()).decode()
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Basic {expected}".encode()):
            raise OAuthError(401, "unauthorized", "Bad credentials")
        accept = request.headers.get("accept", "*/*")
        if not any(kind in accept for kind in ("application/json", "application/*", "*/*")):
            raise OAuthError(406, "not_acceptable", "Could not find acceptable representation")

    @staticmethod
    def _check_grant(request: Request, body: bytes) -> None:
        if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
            raise OAuthError(415, "invalid_request", "Content type not supported")
        form = parse_qs(body.decode("utf-8", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            raise OAuthError(400, "unsupported_grant_type", "Unsupported grant type")
        if form.get("scope", ["api"]) != ["api"]:
            raise OAuthError(400, "invalid_scope", "Invalid scope")

    def _issue(self) -> dict:
        seconds, jti = self.settings.token_seconds, new_uuid(self.world.ids)
        ends = self.world.clock.moment + timedelta(seconds=seconds)
        claims = {"scope": ["api"], "exp": ends.isoformat(), "jti": jti, "client_id": APP_NAME}
        parts = [{"alg": "HS256", "typ": "JWT"}, claims]
        head = ".".join(encoded(json.dumps(part).encode()) for part in parts)
        signature = hmac.new(APP_SECRET.encode(), head.encode(), hashlib.sha256).digest()
        token = f"{head}.{encoded(signature)}"
        self._expiry[token] = (ends, time.monotonic() + seconds)
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": seconds,
            "scope": "api",
            "jti": jti,
        }

    def check(self, request: Request) -> None:
        """OAuthError 401 unless the request bears a token in force."""
        scheme, _blank, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise OAuthError(401, "unauthorized", "Full authentication is required")
        simulated, real = self._expiry.get(token, (None, None))
        if self.settings.token_clock == "real":
            alive = real is not None and time.monotonic() < real
        else:
            alive = simulated is not None and self.world.clock.moment < simulated
        if not alive:
            raise OAuthError(401, "invalid_token", f"Invalid access token: {token}")
