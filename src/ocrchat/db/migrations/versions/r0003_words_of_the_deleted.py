"""What people wrote into the ledger goes with the account it was about."""

from __future__ import annotations

from alembic import op

revision = "r0003"
down_revision = "r0002"

# All but the account and the note, which have rules of their own below.
_ENTRY_COLUMNS = "id, kind, amount, key, job_id, page, attempt, tier, tool, pages, created_at"

# Once: an entry of nobody's stays nobody's.
_MOVES = "NEW.account_id NOT LIKE 'deleted-%' OR OLD.account_id LIKE 'deleted-%'"
# A note is never changed, only taken away, and only where its account is gone.
_NOTES = "NEW.note <> '' OR NEW.account_id NOT LIKE 'deleted-%'"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    where = "" if is_sqlite else " ON entries"
    op.execute(f"DROP TRIGGER entries_no_update{where}")
    op.execute(f"DROP TRIGGER entries_no_move{where}")
    _forget_words_of_accounts_deleted_before()
    if is_sqlite:
        refuse = "BEGIN SELECT RAISE(ABORT, 'ledger rows are only ever added'); END"
        for_each, when, then = "", "WHEN {}", refuse
    else:
        for_each, when, then = "FOR EACH ROW ", "WHEN ({})", "EXECUTE FUNCTION refuse_change()"
    op.execute(f"CREATE TRIGGER entries_no_update BEFORE UPDATE OF {_ENTRY_COLUMNS} ON entries {for_each}{then}")
    for name, column, condition in (("move", "account_id", _MOVES), ("rewording", "note", _NOTES)):
        op.execute(
            f"CREATE TRIGGER entries_no_{name} BEFORE UPDATE OF {column} ON entries"
            f" {for_each}{when.format(condition)} {then}"
        )


def _forget_words_of_accounts_deleted_before() -> None:
    op.execute("UPDATE entries SET note = '' WHERE account_id LIKE 'deleted-%' AND note <> ''")
    op.execute(
        "UPDATE vouchers SET note = '' WHERE max_uses = 1 AND note <> '' AND id IN"
        " (SELECT substr(period, 9) FROM buckets WHERE account_id LIKE 'deleted-%' AND period LIKE 'voucher:%')"
    )
    op.execute("UPDATE buckets SET period = NULL WHERE account_id LIKE 'deleted-%'")
