"""What pages cost and who paid: an append-only ledger for accounts, a daily counter for everybody else."""
