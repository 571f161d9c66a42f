"""The errors of the API, in Stripe's shape; raised anywhere, answered by ``sandbox.api``."""

from typing import Any

DOCS = "https://docs.stripe.com/error-codes#"


class StripeError(Exception):
    """A refusal as the API words it.

    ``keep`` says that what the handler wrote stays (a declined card leaves a failed charge), and
    that an idempotency key remembers the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        param: str = "",
        status: int = 400,
        kind: str = "invalid_request_error",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.keep = kind == "card_error"
        self.body: dict[str, Any] = {"message": message, "type": kind}
        if code:
            self.body |= {"code": code, "doc_url": DOCS + code.replace("_", "-")}
        if param:
            self.body["param"] = param
        self.body |= more


def missing(param: str) -> StripeError:
    return StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unknown(param: str) -> StripeError:
    return StripeError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def exclusive(*params: str) -> StripeError:
    return StripeError(
        f"You may only specify one of these parameters: {', '.join(params)}.",
        code="parameters_exclusive",
        param=params[0],
    )


def not_found(kind: str, key: str, param: str, status: int = 404) -> StripeError:
    """404 for an id in the address, 400 for one in a parameter."""
    return StripeError(f"No such {kind}: '{key}'", code="resource_missing", param=param, status=status)


def unrecognized(method: str, path: str) -> StripeError:
    return StripeError(
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we "
        "can help at https://support.stripe.com/.",
        status=404,
    )
