"""How a handler gets its address: with and without the slash at the end, neither redirected, since many clients drop
their body or their token on a redirect. The documentation names one of the two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter

Handler = TypeVar("Handler", bound=Callable[..., Any])


def route(
    router: APIRouter, method: str, path: str, *, head: bool = False, **documentation: Any
) -> Callable[[Handler], Handler]:
    """`path` as it is documented. `head`: asked by monitors and download programs without the body, which the server
    leaves out by itself."""
    is_public = documentation.pop("include_in_schema", True)

    def register(handler: Handler) -> Handler:
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        for address, is_documented in ((path, True), (other, False)):
            router.add_api_route(
                address,
                handler,
                methods=[method],
                include_in_schema=is_public and is_documented,
                response_model=None,
                **documentation,
            )
            if head:
                router.add_api_route(address, handler, methods=["HEAD"], include_in_schema=False, response_model=None)
        return handler

    return register
