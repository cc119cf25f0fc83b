"""Durable reading: a job is a file and how it is to be read; its pages are read one by one, and paid one by one."""
