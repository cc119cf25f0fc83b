"""Questions about documents: retrieval, answers that rest on the page, citations checked word for word, conversations."""
