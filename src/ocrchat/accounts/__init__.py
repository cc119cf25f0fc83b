"""Who is asking: accounts, their tokens and sessions, the plans they are on and how often they may ask."""
