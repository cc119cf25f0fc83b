"""How the service is asked: two HTTP APIs over the same jobs, accounts and credits."""
