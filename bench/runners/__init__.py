"""One small program a reader: loads it once, then reads page after page. Nothing here measures; `bench.measure` looks
on from outside, so that every reader is measured in the same way."""
