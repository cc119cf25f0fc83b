"""Whose a document is, as a condition of queries: written down once, for documents and for their jobs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, true

from ocrchat.accounts.principal import Principal
from ocrchat.documents.model import Document


def is_visible(principal: Principal) -> ColumnElement[bool]:
    if principal.is_operator:
        return true()
    owned: ColumnElement[bool] = Document.account_id.is_(None)
    if principal.account_id is not None:
        owned = or_(owned, Document.account_id == principal.account_id)
    return and_(owned, Document.deleted_at.is_(None))
