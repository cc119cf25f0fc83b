"""The bench: holds ocrchat against other local readers over a corpus of pages with the truth beside them.

Apart from the tests: what it needs of other projects lives in its own environment (`scripts/bench-setup`), and what it
finds is written to `bench/results/`.
"""
