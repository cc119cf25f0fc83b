"""Files by key, in a local folder or a bucket."""
